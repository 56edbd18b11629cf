"""What stands below bars of time: hours and dates at a constant step, as close as there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal

from aigw_tui.model import DAY

HOURS_APART = (3, 6, 12, 24)
"""Steps between the labels of hours."""
PLACES_APART = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 21, 26, 28, 39, 52)
"""Steps between the labels of days or longer, in bars."""

Unit = Literal["hour", "day"]


def dates(starts: Sequence[datetime], unit: Unit, columns: float) -> tuple[str, ...]:
    """What stands below each of these moments, `columns` apart; mostly nothing, as labels keep a constant step.

    Hours count `03 06` and midnights are dates where there are several days; days count `30 Oct  2 Nov  5`, the month
    named where it changes. The step is the smallest at which no label touches the next.
    """
    found: tuple[str, ...] = ()
    for places in _steps(starts, unit):
        found = _named(starts, unit, places)
        labelled = [(n, text) for n, text in enumerate(found) if text]
        if all((later - n) * columns >= len(text) + 1 for (n, text), (later, _) in pairwise(labelled)):
            return found
    return _named(starts, unit, frozenset({0})) if starts else ()


def _steps(starts: Sequence[datetime], unit: Unit) -> Iterator[frozenset[int]]:
    """The places of labels at a constant step, more of them first."""
    if unit == "day":
        for step in PLACES_APART:
            yield frozenset(range(0, len(starts), step))
        return
    for hours in HOURS_APART:
        places = [n for n, start in enumerate(starts) if start.hour % hours == 0]
        if places and len({later - n for n, later in pairwise(places)}) <= 1:
            yield frozenset(places)


def _named(starts: Sequence[datetime], unit: Unit, places: frozenset[int]) -> tuple[str, ...]:
    is_long = bool(starts) and starts[-1] - starts[0] >= DAY
    texts, month = [], 0
    for n, start in enumerate(starts):
        is_date = start.hour == 0 and is_long if unit == "hour" else start.month != month
        plain = f"{start:%H}" if unit == "hour" else f"{start:%-d}"
        texts.append("" if n not in places else f"{start:%-d %b}" if is_date else plain)
        month = start.month if n in places else month
    return tuple(texts)
