"""Columns of figures: right-aligned, never cut; what has no room becomes short, then goes, and is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from aigw_tui.format import UNKNOWN, short, usd, whole
from aigw_tui.tui.lines import Line, Span, right


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: the figure in full, and what stands for it where room is dear."""

    full: str
    short: str
    role: str = "text"
    bold: bool = False


NOTHING = Figure("", "")


@dataclass(frozen=True, slots=True)
class Column:
    """A named column with one figure a row."""

    name: str
    """What it is called when it is hidden."""
    head: str
    figures: tuple[Figure, ...]
    worth: int
    """Columns of the least worth go first."""
    least: int = 0
    """Width below which it does not shrink, so that columns stand still while rows come and go."""
    is_short: bool = False

    @property
    def width(self) -> int:
        return max(self.least, cell_len(self.head), *(cell_len(self.text(figure)) for figure in (*self.figures, NOTHING)))

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
        return tuple(Span(" " * self.gap + right(column.head, column.width), role) for column in self.shown)

    def row(self, number: int, on: str = "") -> Line:
        """The figures of one row, each behind its gap; `width` cells."""
        return tuple(
            Span(" " * self.gap + right(column.text(figure), column.width), figure.role, on, figure.bold)
            for column in self.shown
            for figure in (column.figures[number],)
        )


def arrange(columns: Iterable[Column], room: int, gap: int = 1) -> Columns:
    """The columns in `room` cells, in their order."""
    shown = list(columns)
    hidden: list[str] = []
    while shown and Columns(tuple(shown), gap=gap).width > room:
        shorter = [(column.width - _short(column).width, -column.worth, n) for n, column in enumerate(shown)]
        gain, _, place = max(shorter)
        if gain > 0:
            shown[place] = _short(shown[place])
        else:
            hidden.append(shown.pop(min(range(len(shown)), key=lambda n: (shown[n].worth, -n))).name)
    return Columns(tuple(shown), tuple(dict.fromkeys(hidden)), gap)


def _short(column: Column) -> Column:
    return replace(column, is_short=True, least=0)


def count(value: float | None, role: str = "text", bold: bool = False, prefix: str = "") -> Figure:
    """A number of things; zero and unknown are faint. `prefix` is `~` for an estimate."""
    if value is None:
        return Figure(UNKNOWN, UNKNOWN, "faint")
    faint = "faint" if not value and not bold else role
    return Figure(prefix + whole(value), prefix + short(value), faint, bold)


def money(owed: float | None, listed: float | None, digits: int = 2, role: str = "text", bold: bool = False) -> Figure:
    """What is owed, in USD; a list price alone stands in parentheses, whose right half hangs out of the column."""
    if owed is None and listed is not None:
        return Figure(f"({usd(listed, digits)})", f"({_brief(listed, digits)})", "muted", bold)
    if owed is None:
        return Figure(f"{UNKNOWN} ", f"{UNKNOWN} ", "faint")
    return Figure(f"{usd(owed, digits)} ", f"{_brief(owed, digits)} ", role, bold)


def errors(value: int | None, bold: bool = False) -> Figure:
    """Failed requests: bad when there are any."""
    return count(value, "bad" if value else "text", bold)


def hidden(names: Sequence[str]) -> Line:
    """What the panel says in its lower border when columns had to go."""
    return (Span("hidden: " + ", ".join(names), "faint"),) if names else ()


def _brief(value: float, digits: int) -> str:
    return short(value) if value >= 1000 else usd(value, min(digits, 2))
