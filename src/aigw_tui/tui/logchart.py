"""Lines on a log scale: our own axes around plotext's dots, and the last value at each line's end."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from rich.cells import cell_len

from aigw_tui.tui.bars import joined
from aigw_tui.tui.chart import Series, dots
from aigw_tui.tui.dates import Unit, dates
from aigw_tui.tui.lines import Line, Span, fit, gap, right

LEAST_WIDTH, LEAST_HEIGHT = 16, 3
"""Of the dots alone."""
AXIS_FROM = 7
"""Rows from which there is one for a rule above the dates."""
APART = 2
"""Rows between two labels of the scale."""
MOST = 1e12
"""What lies beyond is drawn at the end of the scale."""
STEPS = (1, 2, 5)
"""What the ends of a scale are multiples of, in every power of ten."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: a value for each start."""

    name: str
    role: str
    values: tuple[float | None, ...]
    """None breaks the line."""


@dataclass(frozen=True, slots=True)
class Across:
    """What lies below the lines, oldest first."""

    starts: tuple[datetime, ...]
    unit: Unit
    filling: tuple[bool, ...]
    """Which of them still change; from the first of those on lines are paler."""


Figure = Callable[[float | None], str]


def scale(values: Sequence[float | None], least: float = 1.0) -> tuple[float, float] | None:
    """The ends of a scale that holds the values, `1 2 5 10 …`, from `least` on; None where there are no values."""
    known = [min(max(value, least), MOST) for value in values if value is not None and math.isfinite(value)]
    if not known:
        return None
    low, high = _step(min(known), up=False), _step(max(known), up=True)
    return (low, high) if low < high else (low, _step(high * 1.5, up=True))


def place(value: float, ends: tuple[float, float]) -> float:
    """Where a value lies between the ends of a scale: 0 to 1."""
    low, high = (math.log10(end) for end in ends)
    return (math.log10(min(max(value, ends[0]), ends[1])) - low) / (high - low)


def logchart(
    curves: Sequence[Curve], across: Across, width: int, height: int, figure: Figure, round_figure: Figure
) -> tuple[Line, ...] | None:
    """`height` lines of `width` cells; None where there is no room, nothing to draw, or no plotext.

    `figure` writes a value, `round_figure` a label of the scale.
    """
    ends = scale([value for curve in curves for value in curve.values])
    rows = height - 1 - (height >= AXIS_FROM)
    if ends is None or rows < LEAST_HEIGHT:
        return None
    marks = _marks(ends, rows, round_figure)
    margin = max(cell_len(text) for text in marks.values()) + 1
    tails = _tails(curves, ends, rows, figure)
    beside = max((cell_len(span.text) for span in tails.values()), default=0)
    room = width - margin - beside
    if room < LEAST_WIDTH:
        room, beside, tails = width - margin, 0, {}
    if room < LEAST_WIDTH:
        return None
    count = len(across.starts)
    frame = (0.0, count - 1.0) if count > 1 else (-0.5, 0.5)
    drawn = dots(_series(curves, across, ends), room, rows, frame, (0.0, 1.0))
    if drawn is None:
        return None
    lines = [
        (
            Span(right(marks.get(row, ""), margin - 1) + " ", "faint"),
            *(_ruled(dotted) if row in marks else dotted),
            *fit((tails[row],) if row in tails else (), beside),
        )
        for row, dotted in enumerate(drawn)
    ]
    if height >= AXIS_FROM:
        lines.append((gap(margin), Span("─" * room, "edge"), gap(beside)))
    return (*lines, (gap(margin), Span(_below(across, room, room + beside), "muted")))


def _step(value: float, *, up: bool) -> float:
    """The nearest step that is not above (or with `up` not below) the value."""
    power = math.floor(math.log10(value))
    near = [step * 10.0**n for n in (power - 1, power, power + 1) for step in STEPS]
    return min(one for one in near if one >= value) if up else max(one for one in near if one <= value)


def _row(value: float, ends: tuple[float, float], rows: int) -> int:
    return rows - 1 - math.floor(place(value, ends) * (rows - 1) + 0.5)


def _marks(ends: tuple[float, float], rows: int, figure: Figure) -> dict[int, str]:
    """Row → its label: as many steps as have room, at the least the ends."""
    powers = range(math.floor(math.log10(ends[0])), math.ceil(math.log10(ends[1])) + 1)
    for steps, each in ((STEPS, 1), *(((1,), each) for each in (1, 2, 3, 5, 10, 50, 100))):
        values = [step * 10.0**power for power in powers if power % each == 0 for step in steps]
        found = {_row(value, ends, rows): figure(value) for value in values if ends[0] <= value <= ends[1]}
        is_whole = len(found) == sum(ends[0] <= value <= ends[1] for value in values)
        if is_whole and len(found) > 1 and all(one - other >= APART for one, other in pairwise(sorted(found)[::-1])):
            return found
    return {rows - 1: figure(ends[0]), 0: figure(ends[1])}


def _series(curves: Sequence[Curve], across: Across, ends: tuple[float, float]) -> list[Series]:
    """The lines between 0 and 1; what still changes paler, below what does not."""
    first = across.filling.index(True) if True in across.filling else len(across.starts)
    found = []
    for curve in curves:
        points = tuple(
            (float(n), None if value is None or not math.isfinite(value) else place(value, ends))
            for n, value in enumerate(curve.values)
        )
        found.append(Series(f"{curve.role}:filling", points[max(first - 1, 0) :]))
        found.append(Series(curve.role, points[:first]))
    return found


def _tails(curves: Sequence[Curve], ends: tuple[float, float], rows: int, figure: Figure) -> dict[int, Span]:
    """Row → name and last value of the line that ends there; faint where it ended before now."""
    found: dict[int, Span] = {}
    for curve in curves:
        last = next((value for value in reversed(curve.values) if value is not None), None)
        if last is None:
            continue
        wanted = _row(last, ends, rows) if math.isfinite(last) else 0
        free = [row for row in range(rows) if row not in found]
        row = min(free, key=lambda one: abs(one - wanted), default=None)
        if row is not None:
            role = curve.role if curve.values[-1] is not None else "faint"
            found[row] = Span(f" {curve.name} {figure(last)}", role, bold=True)
    return found


def _ruled(dotted: Line) -> Line:
    """A row of dots with a line of the grid where there are none."""
    cells = ((cell, span.role) for span in dotted for cell in span.text)
    return joined(("─", "grid") if cell == " " else (cell, role) for cell, role in cells)


def _below(across: Across, room: int, width: int) -> str:
    """Dates below the starts; one that would pass the edge is left out."""
    each = (room - 1) / max(len(across.starts) - 1, 1)
    text = ""
    for n, label in enumerate(dates(across.starts, across.unit, each)):
        at = round(n * each) if len(across.starts) > 1 else (room - len(label)) // 2
        if label and at + len(label) <= width:
            text = text.ljust(at) + label
    return text.ljust(width)
