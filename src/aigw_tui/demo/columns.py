"""What the datasets' dimensions and sums are made of: how each is read from a fact, shown, and parsed from a filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aigw_tui.format import from_iso, iso

Fact = Any
"""What a dataset groups: a call, or a reading of a log store."""
Number = Callable[[Fact], float]


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension. `read` gives what is grouped and compared, `show` makes JSON of it."""

    read: Callable[[Fact], Any]
    show: Callable[[Any], Any]
    parse: Callable[[Any], Any]
    """A filter's value; raises ValueError."""
    step: int = 0
    """Seconds of a time column's buckets; 0: not a time."""


def moment(step: int) -> Column:
    """The event's start, cut to `step` seconds; compared as epoch seconds, shown in RFC 3339."""
    return Column(lambda fact: fact.at - fact.at % step, _show_time, _parse_time, step)


def day() -> Column:
    return Column(lambda fact: fact.at - fact.at % 86_400, lambda at: _show_time(at)[:10], _parse_time, 86_400)


def text(read: Callable[[Fact], str]) -> Column:
    return Column(read, _same, _parse_text)


def texts(read: Callable[[Fact], tuple[str, ...]]) -> Column:
    """Several strings, shown as a list; a filter's value is one of them."""
    return Column(read, list, _parse_text)


def number(read: Number) -> Column:
    return Column(read, _same, _parse_number)


def flag(read: Callable[[Fact], bool]) -> Column:
    """0 or 1, as the real API sends them."""
    return Column(lambda fact: int(read(fact)), _same, _parse_number)


def _same(value: Any) -> Any:
    return value


def _show_time(at: int) -> str:
    return iso(datetime.fromtimestamp(at, UTC))


def _parse_time(value: Any) -> float:
    if not isinstance(value, str):
        raise ValueError(f"not a time: {value!r}")  # noqa: TRY004 - one error for all that a filter may hold
    return from_iso(value).timestamp()


def _parse_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"not a string: {value!r}")  # noqa: TRY004 - as above
    return value


def _parse_number(value: Any) -> float:
    if isinstance(value, str | int | float):
        return float(value)
    raise ValueError(f"not a number: {value!r}")
