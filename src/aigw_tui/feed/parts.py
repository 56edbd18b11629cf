"""One answer from several: what was cut by a full page is asked in parts and put together again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aigw_tui.datasets import Adds, Dataset
from aigw_tui.errors import LimitError
from aigw_tui.model import Interval
from aigw_tui.source import Question, Reading, Value

CUT = ("window", "rows", "nodes")
"""Kinds of LimitError that smaller questions answer."""


def is_cut(reading: Reading) -> bool:
    return reading.truncated or (isinstance(reading.error, LimitError) and reading.error.kind in CUT)


def is_whole(reading: Reading) -> bool:
    return reading.error is None and not reading.truncated


def together(question: Question, parts: Sequence[Reading]) -> Reading:
    """The reading of the whole question; one part that failed fails it."""
    if error := next((part.error for part in parts if part.error), None):
        return Reading(question, error=error)
    dataset = question.dataset
    rows = _added((row for part in parts for row in part.rows), 1 + len(dataset.keys), _adds(dataset))
    totals = _added(((hour, *values) for part in parts for hour, values in part.totals.items()), 1, [True] * 99)
    return Reading(
        question,
        tuple(rows),
        {int(hour or 0): tuple(v if isinstance(v, int | float) else None for v in values) for hour, *values in totals},
        _wider(part.intervals for part in parts),
        known=parts[0].known,
        refused=sum(part.refused for part in parts),
        truncated=any(part.truncated for part in parts),
    )


def _wider(intervals: Iterable[Mapping[int, Interval]]) -> dict[int, Interval]:
    """An hour in two parts lies within the sum of their bounds, with more confidence than was asked for."""
    found: dict[int, Interval] = {}
    for part in intervals:
        for hour, (lower, upper) in part.items():
            before = found.get(hour, Interval(0, 0))
            found[hour] = Interval(before.lower + lower, before.upper + upper)
    return found


def _adds(dataset: Dataset) -> list[bool]:
    return [measure.adds is Adds.BY_SUM for measure in dataset.measures]


def _added(rows: Iterable[tuple[Value, ...]], keys: int, adds: Sequence[bool]) -> list[tuple[Value, ...]]:
    """Rows with the same key become one; what does not add up becomes unknown."""
    found: dict[tuple[Value, ...], tuple[Value, ...]] = {}
    for row in rows:
        key, values = row[:keys], row[keys:]
        before = found.get(key)
        found[key] = values if before is None else tuple(map(_sum, before, values, adds))
    return [(*key, *values) for key, values in found.items()]


def _sum(one: Value, other: Value, adds: bool) -> Value:
    if not adds or not (isinstance(one, int | float) and isinstance(other, int | float)):
        return None
    return one + other
