"""What the terminal shows, cell by cell, so that only the cells that differ are written to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, get_character_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from aigw_tui.tui.pen import PLAIN, Pen

Cell = tuple[str, Style]
"""A letter with what combines with it; the second cell of a wide letter is empty."""
UNKNOWN: Cell = ("unknown", PLAIN)
NEAR = 5
"""So many equal cells between two that differ are written once more, for a jump costs as much."""


class Written(CompositorUpdate):
    """An update that was made into sequences already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:  # noqa: ARG002
        return self._text


class Glass:
    """Remembers what was written. Sequences of a terminal that somebody else writes to spoil it: then `forget`."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell]] = {}

    def forget(self) -> None:
        """Nothing is known of what the terminal shows."""
        self._rows.clear()

    def write(self, update: CompositorUpdate, pen: Pen) -> None:
        """Have the pen write what differs in that part of the screen."""
        for row, column, strips in parts(update):
            for strip in strips:
                cells = cells_of(strip)
                self._write(row, column, cells, pen)
                column += len(cells)

    def _write(self, row: int, column: int, cells: Sequence[Cell], pen: Pen) -> None:
        shown = self._rows.setdefault(row, [])
        end = column + len(cells)
        shown.extend([UNKNOWN] * (end - len(shown)))
        before = shown[column:end]
        if before == cells:
            return
        for first, last in differences(before, cells):
            pen.go(row, column + first)
            for text, style in cells[first:last]:
                pen.put(text, style)
        if before[0][0] == "" and column:  # half of a wide letter takes the other half with it
            shown[column - 1] = UNKNOWN
        if end < len(shown) and shown[end][0] == "":
            shown[end] = UNKNOWN
        shown[column:end] = cells


def parts(update: CompositorUpdate) -> Iterator[tuple[int, int, Iterable[Strip]]]:
    """Row, column and what stands from there on, of either kind of Textual's updates."""
    if isinstance(update, LayoutUpdate):
        for row, strips in enumerate(update.strips, update.region.y):
            yield row, update.region.x, strips
    elif isinstance(update, ChopsUpdate):
        for row, left, right in update.spans:
            for end, (start, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
                first, last = max(start, left), min(end, right)
                if strip is not None and first < last:
                    yield row, first, (strip.crop(first - start, last - start),)


def cells_of(segments: Iterable[Segment]) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        look = style or PLAIN
        if text.isascii():
            cells += [(letter, look) for letter in text]
            continue
        for letter in letters(text):
            width = get_character_cell_size(letter) if len(letter) == 1 else cell_len(letter)
            if width == 0:
                if cells:
                    head = -2 if cells[-1][0] == "" and len(cells) > 1 else -1
                    cells[head] = (cells[head][0] + letter, cells[head][1])
                continue
            cells.append((letter, look))
            if width > 1:
                cells.append(("", look))
    return cells


def letters(text: str) -> list[str]:
    """Each with what takes no cell of its own and belongs to it; some of that makes a letter wider."""
    found: list[str] = []
    for one in text:
        if found and get_character_cell_size(one) == 0:
            found[-1] += one
        else:
            found.append(one)
    return found


def differences(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) of the cells to write: no half letters, and no jumps that cost more than they save."""
    start = end = -1
    for place, cell in enumerate(after):
        if before[place] == cell:
            continue
        if start >= 0 and place - end > NEAR:
            yield _whole(after, start, end)
            start = -1
        if start < 0:
            start = place
        end = place + 1
    if start >= 0:
        yield _whole(after, start, end)


def _whole(cells: Sequence[Cell], start: int, end: int) -> tuple[int, int]:
    """With both halves of the letters at its ends."""
    while start and cells[start][0] == "":
        start -= 1
    while end < len(cells) and cells[end][0] == "":
        end += 1
    return start, end
