"""Hours of which a sample saw nothing: they have no total, and yet other samples of them have rows."""

from __future__ import annotations

from collections.abc import Iterable

from aigw_tui.history.protocol import Intervals
from aigw_tui.model import Interval
from aigw_tui.source import Reading

DEVIATIONS = 1.96
"""Of a normal distribution, on either side: 95 %."""
UP_TO = 3
"""Events that may be missing from a sample without a trace, with 95 %: the rule of three."""


class Unseen:
    """Knows how many events one that was sampled stands for, by account and dataset."""

    def __init__(self) -> None:
        self._weights: dict[tuple[str, str], float] = {}

    def intervals(self, account: str, reading: Reading, hours: Iterable[int]) -> Intervals:
        """Those of the reading, and of these `hours` (epoch seconds) that have no total; only its own where all is
        counted."""
        subject = account, reading.question.dataset.name
        if reading.intervals:
            self._weights[subject] = max(map(_weight, reading.intervals.values()))
        if (weight := self._weights.get(subject)) is None:
            return reading.intervals
        unseen = {hour: Interval(0, UP_TO * weight) for hour in hours if hour not in reading.totals}
        return {**unseen, **reading.intervals}


def _weight(interval: Interval) -> float:
    """Half an interval is DEVIATIONS times the root of count times weight."""
    half, middle = (interval.upper - interval.lower) / 2, (interval.upper + interval.lower) / 2
    return (half / DEVIATIONS) ** 2 / middle
