"""Hand-made accounts: rows of several accounts in one history, and the snapshot that watches them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import History, StoredRow
from aigw_tui.model import Account, Quota, Scope, Views, Window
from aigw_tui.tui.scene import Scene
from world import NEURON_QUOTA, NOW, SERVER, TODAY, scene


def account_id(number: int) -> str:
    """Ids whose beginnings differ."""
    return f"{number * 0x1234567 % 2**32:08x}" + "0" * 24


def histories(**rows: Sequence[tuple[str, StoredRow]]) -> Views:
    """A history of (account, row) pairs by dataset, the hours of today read up to `NOW`."""
    history = open_history(None, SERVER, NOW).history
    for name, pairs in rows.items():
        for account in dict.fromkeys(account for account, _ in pairs):
            record(history, account, name, [row for owner, row in pairs if owner == account])
    return history


def record(history: History, account: str, name: str, rows: list[StoredRow]) -> None:
    history.record(account, dataset(name), Window(TODAY, NOW), rows, {}, NOW)


def burned(account: str, used: float | None, limit: float = 10_000.0, **more: object) -> Quota:
    """A quota of neurons that lasts, unless told otherwise."""
    pace = replace(NEURON_QUOTA.pace, runs_out=None, low=used or 0.0, high=(used or 0.0) * 1.1)  # type: ignore[type-var]
    quota = replace(NEURON_QUOTA, account=account, used=used, limit=limit, pace=pace)
    return replace(quota, **more)  # type: ignore[arg-type]


def watching(
    accounts: Sequence[Account], quotas: Sequence[Quota] = (), views: Views | None = None, scope: Scope | None = None
) -> Scene:
    """What a panel looks at while these are watched."""
    before = scene(scope, views or histories(), tuple(quotas))
    return replace(before, snapshot=replace(before.snapshot, accounts=tuple(accounts)))
