"""How a usual week is drawn: a row a weekday, a cell an hour, shaded by glyph and colour, in any room."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from rich.cells import cell_len

from aigw_tui.format import UNKNOWN, percent, usd, whole
from aigw_tui.insight.heat import Days
from aigw_tui.tui.bars import joined
from aigw_tui.tui.figures import mark
from aigw_tui.tui.foot import BESIDE
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, gap, line, strong
from aigw_tui.tui.scene import Area
from aigw_tui.tui.stack import steps
from aigw_tui.tui.tiles import ends, first_fit
from aigw_tui.tui.trafficlines import LEAST, UNITS, figures

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FOLDS: tuple[tuple[tuple[str, Days], ...], ...] = (
    tuple((name, (n,)) for n, name in enumerate(NAMES)),
    (("Mon–Fri", (0, 1, 2, 3, 4)), ("Sat", (5,)), ("Sun", (6,))),
    (("Mon–Fri", (0, 1, 2, 3, 4)), ("Sat–Sun", (5, 6))),
    (("week", tuple(range(7))),),
)
"""Rows from the fullest: the first that fits is taken, else the last."""
EACH = (1, 2, 3, 4, 6, 8, 12, 24)
"""Hours that may share a column."""
WIDEST, TALLEST = 6, 3
"""Columns and lines of a cell."""
SHADES = (("░", "neuron2"), ("▒", "neuron2"), ("▓", "neuron1"), ("█", "neuron1"))
"""From little to much."""
NOTHING, MISSING = ("▁", "edge"), ("·", "faint")
"""Known to be 0, and unknown."""
HERE = ("●", "strong")
"""The hour of now, where there is no room for brackets."""
APART = 3
"""Between two entries of the legend."""


class Shape(NamedTuple):
    """How the room is shared out."""

    rows: tuple[tuple[str, Days], ...]
    label: int
    each: int
    """Hours a column."""
    cell: int
    """Columns of a cell, its gap included."""
    tall: int
    """Lines of a cell."""
    has_legend: bool

    @property
    def days(self) -> tuple[Days, ...]:
        return tuple(days for _, days in self.rows)


@dataclass(frozen=True, slots=True)
class Seen:
    """The cells, and what holds for all."""

    cells: tuple[tuple[float | None, ...], ...] = ()
    """By row and column of the shape."""
    measure: str = "requests"
    now: tuple[int, int] = (0, 0)
    """Weekday and hour of the clock."""
    usual: float | None = None
    """Of that hour."""
    most: tuple[int, int, float] | None = None
    """Weekday, hour and median of the fullest hour."""
    span: str = ""
    """How much history this is of."""
    is_estimate: bool = False
    is_listed: bool = False
    is_partial: bool = False
    is_sampled: bool = False
    empty: str = ""
    """Why there is nothing to show."""


def shape(area: Area) -> Shape:
    """Seven rows where they fit below headline and axis; fewer that each stand for more days, else."""
    has_legend = area.height >= 5 and area.height != len(NAMES) + 2  # there it would cost the single weekdays
    room = max(area.height - 2 - has_legend, 1)
    rows = next((one for one in FOLDS if len(one) <= room), FOLDS[-1])
    label = max(cell_len(name) for name, _ in rows) + 1
    each = next((one for one in EACH if 24 // one <= area.width - label), EACH[-1])
    cell = max(min((area.width - label) // (24 // each), WIDEST), 1)
    return Shape(rows, label, each, cell, max(min(cell // 2, room // len(rows), TALLEST), 1), has_legend)


def drawing(seen: Seen, area: Area) -> Drawing:
    """Headline, axis, rows and legend; in the border what is folded."""
    form = shape(area)
    if area.width < form.label + 24 // form.each:
        return Drawing((headline(seen, area.width),)[: area.height])
    step = scale(seen)
    lines = [headline(seen, area.width), _axis(seen, form)]
    for (name, days), cells in zip(form.rows, seen.cells, strict=True):
        is_here = seen.now[0] in days
        for n in range(form.tall):
            called = Span(f"{name if not n else '':<{form.label}}", "strong" if is_here else "muted", bold=is_here)
            lines.append(_row(called, cells, step, form, seen.now[1] // form.each if is_here else None))
    if form.has_legend:
        lines.append(_legend(seen, step, form, area.width))
    return Drawing(tuple(lines[: max(area.height, 0)]), _aside(seen, area.width), _foot(seen, form, area.width))


def scale(seen: Seen) -> float:
    """What one of the four shades stands for: a round figure."""
    top = max((value for value in chain.from_iterable(seen.cells) if value is not None), default=0.0)
    least = LEAST.get(seen.measure, 1.0)
    return next(steps(max(top * _unit(seen) / len(SHADES), least))) / _unit(seen)


def headline(seen: Seen, width: int) -> Line:
    """`176 requests usual on Mon at 14:00`, and where the most is."""
    value = strong(_figure(seen, seen.usual))
    name = {"cost": "", "cache": "from cache"}.get(seen.measure, UNITS.get(seen.measure, seen.measure))
    at = _moment(*seen.now)
    texts = dict.fromkeys((" ".join(filter(None, (name, "usual on", at))), f"usual on {at}", f"on {at}"))
    lefts: list[Line] = [*((value, Span(f" {text}", "muted")) for text in texts), (value,)]
    if seen.most is None:
        return ends(width, lefts)
    day, hour, most = seen.most
    figure = _figure(seen, most)
    rights = (f"most: {figure} on {_moment(day, hour)}", f"most {figure}, {NAMES[day]} {hour:02}:00", f"most {figure}")
    return ends(width, lefts, [line(gap(2), text) for text in rights])


def _aside(seen: Seen, width: int) -> Line:
    unit = "list price" if seen.is_listed else UNITS.get(seen.measure, seen.measure)
    by = f"{unit} by hour" if seen.measure == "cache" else f"{unit} an hour"
    texts = (f"{by}, UTC: median of {seen.span}", f"{by}, {seen.span}", f"{unit}, {seen.span}", seen.span)
    return first_fit(width - 8, *(line(text) for text in texts))


def _foot(seen: Seen, form: Shape, width: int) -> Line:
    """What is drawn together, and what no figure holds."""
    is_folded = len(form.rows) < len(NAMES)
    said = ["hidden: single weekdays"] if is_folded else []
    said += [f"{form.each} hours a column"] if form.each > 1 else []
    said += ["without unpriced models"] if seen.is_partial else []
    texts = [" · ".join(said[:n]) for n in range(len(said), 0, -1)] + ["hidden: weekdays"] * is_folded
    return first_fit(width - BESIDE, *map(line, texts))


def _axis(seen: Seen, form: Shape) -> Line:
    """Hours above their columns; the one of now always, others where they do not touch it or one another."""
    width, here = form.cell * (24 // form.each), seen.now[1] // form.each
    step = next((n for n in EACH if n % form.each == 0 and n // form.each * form.cell >= 3), 24)
    spans: list[tuple[str, str]] = [(" ", "muted")] * (width + 2)
    taken: set[int] = set()
    for n in (here, *range(0, 24 // form.each, max(step // form.each, 1))):
        at = n * form.cell
        if taken.isdisjoint(range(at - 1, at + 3)):
            taken |= {at, at + 1}
            for offset, character in enumerate(f"{n * form.each:02}"):
                spans[at + offset] = (character, "strong" if n == here else "muted")
    return (gap(form.label), *joined(spans[:width]))


def _row(label: Span, cells: tuple[float | None, ...], step: float, form: Shape, here: int | None) -> Line:
    """One line of a row; brackets stand around the hour of now, where there is a gap for them."""
    glyphs = max(form.cell - 1, 1)
    drawn = [
        pair for value in cells for pair in [_shade(value, step)] * glyphs + [(" ", "text")] * (form.cell - glyphs)
    ]
    if here is None:
        return (label, *joined(drawn))
    start = here * form.cell
    if form.cell == 1:
        return (label, *joined([*drawn[:start], HERE, *drawn[start + 1 :]]))
    row = [*((character, label.role) for character in label.text), *drawn]
    row[form.label + start - 1] = ("[", "strong")
    row[form.label + start + glyphs] = ("]", "strong")
    return (label._replace(text=label.text[:-1]), *joined(row[form.label - 1 :]))


def _shade(value: float | None, step: float) -> tuple[str, str]:
    if value is None:
        return MISSING
    level = min(math.ceil(value / step - 1e-9), len(SHADES))
    return SHADES[level - 1] if level > 0 else NOTHING


def _legend(seen: Seen, step: float, form: Shape, width: int) -> Line:
    """The scale, then what else a cell may be; the last go first."""
    figure = _ticks(seen, step)
    tops = [(glyph, role, f"to {figure(step * (n + 1))}") for n, (glyph, role) in enumerate(SHADES)]
    entries = [(Span(glyph * 2, role), Span(f" {text}", "muted")) for glyph, role, text in tops]
    brief = [(Span(glyph, role), Span(f" {text.removeprefix('to ')}", "muted")) for glyph, role, text in tops]
    now = Span("[ ]", "strong") if form.cell > 1 else Span(*HERE)
    others: list[Line] = [(now, Span(" now", "muted"))]
    values = tuple(chain.from_iterable(seen.cells))
    others += [(Span(*MISSING), Span(" unknown", "muted"))] if None in values else []
    others += [(Span(*NOTHING), Span(" 0", "muted"))] if 0 in values else []
    rows = [_spaced([*entries, *others[:n]], APART) for n in range(len(others), -1, -1)]
    rows += [_spaced([*brief, *others[:n]], 1) for n in range(len(others), -1, -1)]
    return first_fit(width, *rows)


def _spaced(entries: list[Line], apart: int) -> Line:
    return tuple(span for n, entry in enumerate(entries) for span in ((gap(apart), *entry) if n else entry))


def _ticks(seen: Seen, step: float) -> Callable[[float], str]:
    if seen.measure == "cache":
        return percent
    return figures(seen.measure, step, step * len(SHADES))


def _unit(seen: Seen) -> float:
    """Shares are scaled in per cent."""
    return 100.0 if seen.measure == "cache" else 1.0


def _figure(seen: Seen, value: float | None) -> str:
    if value is None:
        return UNKNOWN
    if seen.measure == "cache":
        return percent(value)
    about = mark(seen.is_estimate, seen.is_sampled)
    if seen.measure == "cost":
        text = f"${usd(value, 4)}"
        return f"({about}{text})" if seen.is_listed else f"{about}{text}"
    return f"{about}{whole(value)}"


def _moment(day: int, hour: int) -> str:
    return f"{NAMES[day]} at {hour:02}:00"
