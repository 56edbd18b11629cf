"""Columns of figures: right-aligned, never cut; what has no room becomes short, then goes, and is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rich.cells import cell_len

from aigw_tui.tui.lines import Line, Span, right


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: the figure in full, and what stands for it where room is dear."""

    full: str
    short: str
    role: str = "text"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A named column with one figure a row."""

    name: str
    """What it is called when it is hidden; columns of one name go together."""
    head: str
    figures: tuple[Figure, ...]
    worth: int
    """Columns of the least worth go first."""
    least: int = 0
    """Width below which it does not shrink, so that columns stand still while rows come and go."""
    is_short: bool = False
    sort: str = ""
    """The name of the sorting it belongs to; empty: that of its head."""

    act: str = ""
    """What a click on its head does."""

    @property
    def width(self) -> int:
        widest = max((cell_len(self.text(figure)) for figure in self.figures), default=0)
        return max(self.least, cell_len(self.head), widest)

    def text(self, figure: Figure) -> str:
        return figure.short if self.is_short else figure.full


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that fit, side by side."""

    shown: tuple[Column, ...]
    hidden: tuple[str, ...] = ()
    gap: int = 1

    @property
    def width(self) -> int:
        return sum(column.width + self.gap for column in self.shown)

    def heads(self, role: str = "muted") -> Line:
        return tuple(
            Span(" " * self.gap + right(column.head, column.width), role, act=column.act) for column in self.shown
        )

    def row(self, number: int, on: str = "") -> Line:
        """The figures of one row, each behind its gap; `width` cells."""
        return tuple(
            Span(" " * self.gap + right(column.text(figure), column.width), figure.role, on, figure.bold)
            for column in self.shown
            for figure in (column.figures[number],)
        )


def arrange(columns: Iterable[Column], room: int, gap: int = 1) -> Columns:
    """The columns in `room` cells, in their order: all of them in full, else short, else fewer."""
    shown, room = list(columns), max(room, 0)
    hidden: list[str] = []
    while shown and Columns(tuple(_short(column) for column in shown), gap=gap).width > room:
        hidden.append(min(shown, key=lambda column: column.worth).name)
        shown = [column for column in shown if column.name != hidden[-1]]
    while Columns(tuple(shown), gap=gap).width > room:
        gains = [(column.width - _short(column).width, -column.worth, n) for n, column in enumerate(shown)]
        place = max(gains)[2]
        shown[place] = _short(shown[place])
    return Columns(tuple(shown), tuple(hidden), gap)


def _short(column: Column) -> Column:
    return replace(column, is_short=True, least=0)
