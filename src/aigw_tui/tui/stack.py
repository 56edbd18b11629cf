"""Stacked bars over time in eighths of a cell, with a y axis in round figures: text that any terminal can show."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, product

from rich.cells import cell_len

from aigw_tui.format import UNKNOWN
from aigw_tui.tui.bars import EIGHTHS, GHOST, GROUND, major
from aigw_tui.tui.layers import EMPTY, cell
from aigw_tui.tui.lines import Line, Span, fit, gap, right

ROUND = (1, 2, 3, 4, 5, 6, 8)
"""First digits of the figures on the y axis."""
ROWS_A_TICK = 2
WIDEST = 6
"""Columns of one bar at the most; wider ones read as areas."""
MARGIN = 5
"""Columns left of the chart, for the figures of the y axis; more where they are longer."""
TIP = 2
"""Eighths of a cell that a word may cover."""


Figures = Callable[[float, float], Callable[[float], str]]
"""(step, top) of a y axis → how all its figures are written."""
Labels = Callable[[int, int], Sequence[tuple[str, str]]]
"""(the newest so many bars, columns of each) → (text, role) below them; a text may run under the next bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time: its parts from the bottom up."""

    parts: tuple[tuple[float, str], ...] = ()
    """(value, role) pairs; `expected` is what has not happened yet, `…:filling` what will still grow."""
    mark: str = ""
    """Written above in bad, such as the number of failed requests."""
    is_known: bool = True
    """False is drawn as `–`: not 0."""
    ghost: float = 0.0
    """Marked by a dashed line across the bar, such as what was there yesterday; 0 is not."""

    @property
    def height(self) -> float:
        return sum(value for value, _ in self.parts)

    @property
    def headroom(self) -> float:
        """Rows that must stay free above it; the word `filling` may cover the tip of a bar."""
        return 1.0 if self.mark else 1.0 - TIP / 8 if _has(self, ":filling") else 0.0


@dataclass(frozen=True, slots=True)
class Axis:
    """Round figures: `step` lies between two ticks, which are `rows` apart."""

    step: float
    rows: int = ROWS_A_TICK

    @property
    def row(self) -> float:
        """What one row of cells stands for."""
        return self.step / self.rows


def steps(least: float) -> Iterator[float]:
    """Round figures from `least` on, rising for ever."""
    power = 0
    while 10.0**power > least:
        power -= 1
    while True:
        for digit in ROUND:
            if (found := digit * 10.0**power) >= least:
                yield found
        power += 1


def axis(bars: Sequence[Bar], height: int, least: float = 1.0) -> Axis:
    """The finest axis on which every bar fits into `height` rows, with what is written above it.

    `least` is the smallest step.
    """
    top = max((max(bar.height, bar.ghost) for bar in bars), default=0.0)
    needed = top * ROWS_A_TICK / max(height, 1)
    for step in steps(max(least, needed)):
        found = Axis(step)
        if all(
            bar.height <= found.row * (height - (bar.headroom if height > 1 else 0)) and bar.ghost <= found.row * height
            for bar in bars
        ):
            return found
    raise AssertionError  # steps never end


def columns(bars: int, width: int) -> int:
    """Columns of one bar."""
    return max(1, min(WIDEST, width // bars)) if bars else 1


def stack(
    bars: Sequence[Bar], width: int, height: int, figures: Figures, labels: Labels, least: float = 1.0
) -> tuple[Line, ...]:
    """`height` lines of `width` cells: the chart, and below it the labels. The newest bars stay when not all fit."""
    rows = height - 1
    if rows < 1 or width < 1:
        return tuple((gap(width),) for _ in range(max(height, 0)))
    scale = axis(bars, rows, least)
    count = rows // scale.rows
    figure = figures(scale.step, count * scale.step)
    ticks = {rows - n * scale.rows: figure(n * scale.step) for n in range(1, count + 1)}
    # row from the top → figure at its upper edge
    margin = max(MARGIN, *(cell_len(text) + 1 for text in ("", *ticks.values())))
    margin = margin if width >= margin + len(bars) else 0
    room = width - margin
    shown = bars[-room:] if room < len(bars) else bars
    each = columns(len(shown), room)
    canvas = _Canvas(room, rows, frozenset(ticks))
    for n, bar in enumerate(shown):
        canvas.bar(n * each, each, bar, scale.row)
    for n, bar in enumerate(shown):
        canvas.ghost(n * each, each, bar, scale.row)
    for n, bar in enumerate(shown):
        canvas.mark(n * each, each, bar, scale.row)
    canvas.word("filling", [n * each for n, bar in enumerate(shown) if _has(bar, ":filling")], each, False)
    canvas.word("expected", [n * each for n, bar in enumerate(shown) if _has(bar, "expected")], each, True)
    sides = [right(ticks.get(row, ""), margin - 1) + " " if margin else "" for row in range(rows)]
    drawn = [fit((Span(sides[row], "faint"), *canvas.line(row)), width) for row in range(rows)]
    return (*drawn, fit((gap(margin), *_labels(labels(len(shown), each), each, room)), width))


class _Canvas:
    """The cells of a chart, row 0 on top."""

    def __init__(self, width: int, height: int, grid: frozenset[int]) -> None:
        self.width, self.height, self.grid = width, height, grid
        self.cells: list[list[Span | None]] = [[None] * width for _ in range(height)]

    def bar(self, left: int, each: int, bar: Bar, unit: float) -> None:
        if not bar.is_known:
            self.write(self.height - 1, left, UNKNOWN.center(each)[:each], "faint")
            return
        layers = layers_of(bar, unit, self.height)
        for row in range(self.height):
            found = cell(layers[8 * (self.height - 1 - row) :][:8])
            if found.text != " ":
                self.cells[row][left : left + each] = [found] * each

    def ghost(self, left: int, each: int, bar: Bar, unit: float) -> None:
        """In the cell that holds its height, over whatever stands there: it can be told without colour."""
        if bar.ghost > 0 and unit:
            row = self.height - min(max(math.ceil(bar.ghost / unit), 1), self.height)
            below = self.cells[row][left]
            on = below.role if below and below.text == "█" else ""
            self.cells[row][left : left + each] = [Span(GHOST, "strong", on)] * each

    def mark(self, left: int, each: int, bar: Bar, unit: float) -> None:
        """The mark goes right above its bar, pulled into the chart at its edges; left out where nothing is free."""
        size = cell_len(bar.mark)
        if not bar.mark or size > self.width:
            return
        top = self.height - -(-len([role for role in layers_of(bar, unit, self.height) if role]) // 8)
        start = min(max(left + (each - size) // 2, 0), self.width - size)
        for row in range(top - 1, -1, -1):
            if self.is_free(row, start, size):
                self.write(row, start, bar.mark, "bad", is_bold=True)
                return

    def word(self, text: str, lefts: Sequence[int], each: int, in_middle: bool) -> None:
        """A word close above the bars it speaks of, what is to come also further right; or none at all."""
        if not lefts or len(text) > self.width:
            return
        last = self.width - len(text)
        middle = (lefts[0] + lefts[-1] + each - len(text)) // 2
        wanted = min(max(middle, lefts[0] + each) if in_middle else lefts[0], last)
        starts = range(wanted, last + 1 if in_middle else wanted + 1)
        for start, row in product(starts, range(self.height - 1, -1, -1)):
            span = range(max(start - 1, 0), min(start + len(text) + 1, self.width))
            is_above = any(
                self.has_letter(below, column)
                for below in range(row + 1, self.height)
                for column in (max(span.start - 1, 0), *span)
            )
            if not is_above and all(self.is_open(above, column) for above in range(row + 1) for column in span):
                self.write(row, start, text, "faint" if in_middle else "muted")
                self.clear(row, start - 1)
                self.clear(row, start + len(text))
                return

    def is_open(self, row: int, column: int) -> bool:
        """Nothing stands there but, at the most, the tip of a bar."""
        found = self.cells[row][column]
        return found is None or (found.text in EIGHTHS[1 : TIP + 1] and found.on in ("", GROUND))

    def has_letter(self, row: int, column: int) -> bool:
        """Another word stands there, which one above it would seem to speak of."""
        found = self.cells[row][column]
        return found is not None and found.text.isalpha()

    def is_free(self, row: int, start: int, size: int) -> bool:
        return all(found is None for found in self.cells[row][start : start + size])

    def write(self, row: int, start: int, text: str, role: str, is_bold: bool = False) -> None:
        for n, character in enumerate(text):
            self.cells[row][start + n] = Span(character, role, bold=is_bold)

    def clear(self, row: int, column: int) -> None:
        """No grid line touches a word."""
        if 0 <= column < self.width and self.cells[row][column] is None:
            self.cells[row][column] = Span(" ", "text")

    def line(self, row: int) -> Line:
        empty = Span("▔", "grid") if row in self.grid else Span(" ", "text")
        styled = groupby((found or empty for found in self.cells[row]), key=_look)
        return tuple(_joined(tuple(spans)) for _, spans in styled)


def layers_of(bar: Bar, unit: float, rows: int) -> tuple[str, ...]:
    """The bar's roles, an eighth of a cell each, from the bottom up to the chart's top: `8 × rows` of them.

    Tops are rounded, so that the sum is as high as it should be; what is not 0 is at least one eighth high.
    """
    tops = accumulate(value for value, _ in bar.parts)
    layers: list[str] = []
    for (value, role), top in zip(bar.parts, tops, strict=True):
        until = round(top / unit * 8) if unit else 0
        layers += [role] * (max(until - len(layers), 1) if value > 0 else 0)
    return tuple((layers + [EMPTY] * 8 * rows)[: 8 * rows])


def _look(span: Span) -> tuple[object, ...]:
    """What cells of one span have in common; where there are two layers, also which of them fills more."""
    return (*span[1:], span.on and major(span))


def _joined(spans: Sequence[Span]) -> Span:
    return spans[0]._replace(text="".join(span.text for span in spans))


def _has(bar: Bar, role: str) -> bool:
    return any(value > 0 and (part == role or part.endswith(role)) for value, part in bar.parts)


def _labels(labels: Sequence[tuple[str, str]], each: int, width: int) -> Line:
    """Labels below their bars; one that would touch its neighbour or the edge is left out."""
    spans: list[Span] = []
    used = 0
    for n, (text, role) in enumerate(labels):
        start = n * each
        if not text or (start < used + 1 and used) or start + cell_len(text) > width:
            continue
        spans += [gap(start - used), Span(text, role)]
        used = start + cell_len(text)
    return tuple(spans)
