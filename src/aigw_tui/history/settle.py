"""When an hour is final: the rules, without any store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.datasets import Dataset
from aigw_tui.model import HOUR, Interval

CONFIRM = timedelta(minutes=10)
"""An empty read counts only when a second one, this much later, agrees: fresh answers were seen empty and wrong."""
AGREES = 1e-3
"""Relative difference up to which a sum equals its total: sampled answers differ in the last digits."""
RETRY, LONGEST_RETRY = timedelta(minutes=15), timedelta(hours=6)
"""How long an old hour that did not settle waits before it is asked for again: a quarter of its age, within these."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What history remembers of one hour of one dataset."""

    read_at: datetime
    is_settled: bool = False
    empty_at: datetime | None = None
    """When the first of the empty reads in a row was made; once the hour is old, of those that were made since."""
    interval: Interval | None = None
    """Where its count lies, when the answer was sampled."""


def agrees(
    sums: Sequence[float | None],
    totals: Sequence[float | None],
    interval: Interval | None = None,
    within: float = AGREES,
) -> bool:
    """Every sum equals its total; an unknown total agrees with nothing but an unknown sum. See `_apart`."""
    share = max(within, _apart(sums[0], totals[0], interval))
    return all(
        (total is None and mine is None)
        or (total is not None and mine is not None and math.isclose(mine, total, rel_tol=share, abs_tol=1e-6))
        for mine, total in zip(sums, totals, strict=True)
    )


def _apart(mine: float | None, total: float | None, interval: Interval | None) -> float:
    """The share of the larger by which two samples of the same may differ: as far as their intervals touch.

    Intervals are as wide as the root of what they are about: also where that is another sample's count than the one
    with this interval, or only some of it, such as errors. Other measures of the same rows are taken to be as uncertain
    as the first.
    """
    larger = max(mine or 0, total or 0)
    if interval is None or not larger:
        return 0
    middle = (interval.lower + interval.upper) / 2
    return (interval.upper - interval.lower) / math.sqrt(middle * larger)


def verdict(
    dataset: Dataset,
    hour: datetime,
    now: datetime,
    before: Mark | None,
    sums: Sequence[float | None] | None,
    totals: Sequence[float | None] | None,
    interval: Interval | None = None,
) -> Mark:
    """The mark after a read at `now`. `sums` are of the rows read, None when there were none; `totals` likewise.

    `interval` is the total count's, where it was sampled; without a total: nothing of the hour was in the sample.
    """
    may_settle = is_old(dataset, hour, now)
    if sums is None and totals is None:
        empty_at = (before and before.empty_at) or now
        if may_settle and not is_old(dataset, hour, empty_at):  # "nothing yet" confirms no "nothing"
            empty_at = now
        return Mark(now, may_settle and now - empty_at >= CONFIRM, empty_at)
    return Mark(now, may_settle and is_complete(sums, totals, interval), None, interval)


def is_old(dataset: Dataset, hour: datetime, now: datetime) -> bool:
    """Whether everything of that hour should have arrived."""
    return now >= hour + HOUR + dataset.settle


def is_complete(
    sums: Sequence[float | None] | None, totals: Sequence[float | None] | None, interval: Interval | None = None
) -> bool:
    """Whether rows and total of an hour tell the same; no rows beside a total of 0 do."""
    mine, total = sums or [0] * len(totals or ()), totals or [0] * len(sums or ())
    return (totals is not None or interval is not None) and agrees(mine, total, interval)


def erases(before: Mark | None, now: datetime, totals: Sequence[float | None] | None) -> bool:
    """Whether a read without rows at `now` may remove rows that were read earlier."""
    if totals is not None:
        return is_complete(None, totals)
    return before is not None and before.empty_at is not None and now - before.empty_at >= CONFIRM


def is_due(dataset: Dataset, hour: datetime, now: datetime, mark: Mark | None) -> bool:
    """Whether an hour should be asked for: at every tick while it is young, then ever more seldom until it settles."""
    if mark is None:
        return True
    if mark.is_settled:
        return False
    age = mark.read_at - (hour + HOUR + dataset.settle)
    again = CONFIRM if mark.empty_at else min(max(RETRY, age / 4), LONGEST_RETRY)
    wait = again if is_old(dataset, hour, now) else timedelta(0)
    if not timedelta(0) <= now - mark.read_at < wait:  # also when the clock went back since
        return True
    return is_old(dataset, hour, now) and not is_old(dataset, hour, mark.read_at)
