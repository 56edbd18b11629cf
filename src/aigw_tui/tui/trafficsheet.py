"""Traffic as a table of values: every model of every bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from aigw_tui.insight.joined import Usage, total
from aigw_tui.insight.traffic import PACED, Bucket, frame_of, gathered
from aigw_tui.model import Cell, Sheet, Snapshot
from aigw_tui.tui.usagesheet import COLUMNS, figures, measured

MEASURES: dict[str, tuple[str, ...]] = {
    "requests": ("requests", "errors"),
    "tokens": ("tokens_in", "tokens_out"),
    "neurons": ("neurons", "neurons_estimated"),
    "cost": ("owed_usd", "list_usd"),
    "errors": ("errors",),
    "cache": ("cache_hits", "requests"),
}
"""Measure that `m` chooses → the columns of usage that it is made of."""
QUIET = Usage(requests=0, errors=0, cache_hits=0, tokens_in=0, tokens_out=0, owed_usd=0.0, neurons=0.0)
UNKNOWN = Usage()


def traffic_sheet(panel: str, snapshot: Snapshot, measure: str, buckets: tuple[Bucket, ...]) -> Sheet:
    """A row a model in each hour, day or week, oldest first.

    A stretch without usage has one row without a model: zeros, or None where it was never read. What is still to come
    has a row of its own too.
    """
    names, views, now = MEASURES[measure], snapshot.views, snapshot.now
    frame = frame_of(views, snapshot.scope, snapshot.window)
    uses = gathered(views, snapshot.scope, frame, now, max(len(buckets), 1)) if buckets else {}
    ahead = (f"{measured(measure, is_estimate=False, is_listed=False)}_expected",) if measure in PACED else ()
    rows = (
        (*row, *(expected for _ in ahead), trust)
        for bucket in buckets
        for row, expected, trust in _rows(bucket, uses.get(bucket.since, []), names, now)
    )
    return Sheet(panel, ("since", "provider", "model", *names, *ahead, "trust"), tuple(rows))


def _rows(
    bucket: Bucket, uses: list[Usage], names: tuple[str, ...], now: datetime
) -> Iterator[tuple[tuple[Cell, ...], float | None, Cell]]:
    """What a row holds, what is expected, and trust."""
    by_model: dict[tuple[str, str], list[Usage]] = {}
    for use in uses:
        by_model.setdefault((use.provider, use.model), []).append(use)
    for (provider, model), mine in by_model.items():
        use = total(mine)
        if "neurons" in names:
            use = replace(use, trust=use.neurons_trust)
        yield (bucket.since, provider, model, *_values(use, names)), None, use.trust.name.lower()
    if not uses and bucket.since <= now:
        use, trust = (QUIET, "filling" if bucket.is_filling else "settled") if bucket.is_known else (UNKNOWN, None)
        yield (bucket.since, None, None, *_values(use, names)), bucket.expected or None, trust
    elif bucket.expected:
        yield (bucket.since, None, None, *_values(UNKNOWN, names)), bucket.expected, None


def _values(use: Usage, names: tuple[str, ...]) -> tuple[Cell, ...]:
    found = dict(zip(COLUMNS, figures(use), strict=True))
    return tuple(found[name] for name in names)
