"""The daily audit: what is settled, compared with Cloudflare's hourly totals of the last days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aigw_tui.datasets import Dataset
from aigw_tui.feed import plan
from aigw_tui.history.protocol import NOT_SAMPLED, Intervals, Totals
from aigw_tui.history.settle import agrees
from aigw_tui.model import DAY, Interval, Window, hour_of
from aigw_tui.source import Bounds, Question

SPAN = 7 * DAY
MOVED = 0.01
"""An hour of which a total moved by more than this share is read again."""


def since(now: datetime) -> datetime:
    """The first hour that an audit looks at."""
    return hour_of(now) - SPAN


def questions(dataset: Dataset, bounds: Bounds, now: datetime) -> list[Question]:
    """Totals of every hour that may have settled, in windows as long as allowed."""
    past = plan.past_window(dataset, bounds, now, SPAN)
    window = Window(past.since, hour_of(now - dataset.settle))
    return [
        Question(dataset, part, only_totals=True)
        for part in plan.stretches(window.hours, window.until, bounds.max_window)
    ]


def moved(stored: Totals, totals: Totals, intervals: Intervals = NOT_SAMPLED) -> tuple[int, ...]:
    """The hours (epoch seconds) in which what is stored is off the total; an hour without rows or total has 0."""
    return tuple(
        hour
        for hour in sorted({*stored, *totals})
        if _is_off(stored.get(hour, ()), totals.get(hour, ()), intervals.get(hour))
    )


def _is_off(mine: Sequence[float | None], total: Sequence[float | None], interval: Interval | None) -> bool:
    width = max(len(mine), len(total))
    one, other = ([value or 0 for value in side or [0] * width] for side in (mine, total))
    return not agrees(one, other, interval, MOVED)
