"""A dataset's `filter` argument: the span of time it covers, with a predicate for everything that it says."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aigw_tui.demo.columns import Column, Fact
from aigw_tui.demo.refusal import Refusal

Predicate = Callable[[Fact], bool]
FOREVER = float("inf")
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "geq": operator.ge,
    "lt": operator.lt,
    "leq": operator.le,
    "in": lambda value, wanted: value in wanted,
    "notin": lambda value, wanted: value not in wanted,
    "like": lambda value, pattern: pattern.fullmatch(value) is not None,
    "notlike": lambda value, pattern: pattern.fullmatch(value) is None,
    "has": lambda values, wanted: wanted in values,
    "hasall": lambda values, wanted: wanted.issubset(values),
    "hasany": lambda values, wanted: not wanted.isdisjoint(values),
}
SETS = ("in", "notin", "hasall", "hasany")


@dataclass(frozen=True, slots=True)
class Filter:
    since: float = -FOREVER
    """Epoch seconds; no fact before it passes."""
    until: float = FOREVER
    predicates: tuple[Predicate, ...] = ()

    def passes(self, fact: Fact) -> bool:
        return all(predicate(fact) for predicate in self.predicates)

    def __and__(self, other: Filter) -> Filter:
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Filter(since, until, self.predicates + other.predicates)


def read_filter(columns: Mapping[str, Column], wanted: Mapping[str, Any] | None) -> Filter:
    """Raises Refusal for a value that its dimension cannot have."""
    found = Filter()
    for key, value in (wanted or {}).items():
        if value is None:
            continue
        if key == "AND":
            for part in value:
                found &= read_filter(columns, part)
        elif key == "OR":
            found &= _either([read_filter(columns, part) for part in value])
        else:
            found &= _condition(columns, key, value)
    return found


def _either(parts: list[Filter]) -> Filter:
    """Any of them. Its span reaches from the first to the last, and each part still keeps to its own."""
    if not parts:
        return Filter()
    return Filter(
        min(part.since for part in parts),
        max(part.until for part in parts),
        (lambda fact: any(part.since <= fact.at < part.until and part.passes(fact) for part in parts),),
    )


def _condition(columns: Mapping[str, Column], key: str, value: Any) -> Filter:
    name, _, comparison = key.partition("_")
    column = columns[name]
    try:
        wanted = _wanted(column, comparison, value)
    except (ValueError, OverflowError) as error:
        raise Refusal(f'error parsing args of filter "{key}": {error}') from error
    if column.step and comparison in ("", "geq", "gt", "leq", "lt"):
        return _span(column, comparison, wanted)
    compare, read = COMPARISONS[comparison], column.read
    return Filter(predicates=(lambda fact: compare(read(fact), wanted),))


def _wanted(column: Column, comparison: str, value: Any) -> Any:
    if comparison in SETS:
        return frozenset(column.parse(each) for each in value)
    wanted = column.parse(value)
    if comparison in ("like", "notlike"):
        return re.compile(".*".join(map(re.escape, wanted.split("%"))), re.DOTALL)
    return wanted


def _span(column: Column, comparison: str, wanted: float) -> Filter:
    """A comparison of buckets of time as a span of moments: `datetimeHour_leq` 09:00 still holds all of 09:00–10:00."""
    step = column.step
    floor, ceiling = wanted // step * step, -(-wanted // step) * step
    match comparison:
        case "geq":
            return Filter(since=ceiling)
        case "gt":
            return Filter(since=floor + step)
        case "lt":
            return Filter(until=ceiling)
        case "leq":
            return Filter(until=floor + step)
    return Filter(floor, floor + step if floor == wanted else floor)
