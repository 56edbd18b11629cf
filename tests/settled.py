"""A history of which every hour is settled, made from a few counts: what was, a while later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from account import totals
from aigw_tui.datasets import all_datasets, dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import HOUR, Window
from world import ACCOUNT, GPT, HAIKU, LLAMA, SERVER

MODELS = ((LLAMA, "workers-ai"), (GPT, "openai"), (HAIKU, "anthropic"))
Counts = Mapping[tuple[int, int], int]
"""(hour since the first one, number of the model) → requests."""


def settled_history(found: Counts, first: datetime, until: datetime, now: datetime) -> SqliteHistory:
    """Read twice when all of it was old: also hours without rows are settled. `now`: of the second read."""
    history = open_history(None, SERVER, now).history
    for name, rows in rows_of(found, first, until).items():
        for at in (now - HOUR, now):
            history.record(ACCOUNT, dataset(name), Window(first, until), rows, totals(dataset(name), rows), at)
    return history


def rows_of(found: Counts, first: datetime, until: datetime) -> dict[str, list[StoredRow]]:
    """Rows of every dataset that is kept, of the hours before `until`."""
    rows: dict[str, list[StoredRow]] = {one.name: [] for one in all_datasets()}
    for (n, place), count in sorted(found.items()):
        hour, (model, provider) = first + HOUR * n, MODELS[place]
        if hour >= until:
            continue
        second, failed = int(hour.timestamp()), count // 9
        tokens = (count * 90, count * 30, count * 80, count * 25)
        rows["requests"].append(
            (second, "prod", provider, model, count, failed, count // 3, *tokens, 0.01 * count, 400.0, 900.0)
        )
        if failed:
            rows["failures"].append((second, "prod", provider, model, "500", "0", failed, failed))
        if provider == "workers-ai":
            rows["neurons"].append((second, model, count, 3.5 * count, count * 90, count * 30))
            rows["refusals"].append((second, model, "0", count))
    return rows
