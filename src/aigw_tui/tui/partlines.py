"""How parts of the usage, such as providers, are drawn: a row each with its trend, figures and share, and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from aigw_tui.format import percent
from aigw_tui.insight.breakdown import Part
from aigw_tui.tui.bars import part_bar
from aigw_tui.tui.columns import Column, Columns, Figure, arrange
from aigw_tui.tui.figures import Look, columns
from aigw_tui.tui.figures import total as with_interval
from aigw_tui.tui.foot import foot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, fit, gap, left, line, told_apart, width_of
from aigw_tui.tui.panels.health import ALARMING, LEAST_REQUESTS
from aigw_tui.tui.panels.models import LIST_PRICE
from aigw_tui.tui.partrows import SORTINGS, Row, Seen
from aigw_tui.tui.scene import Area
from aigw_tui.tui.sorting import headed, name_head
from aigw_tui.tui.tiles import first_fit
from aigw_tui.tui.trends import trend

LEAST_NAME, WIDEST_NAME = 10, 40
LEAST_BAR, WIDEST_BAR = 8, 30
LEAST_MOMENTS = 3
"""Hours or days that make a trend."""
SPACED_FROM = 120
"""Columns from which figures stand further apart."""
INDENT = 2
"""Of the remark below a row."""
PLENTY = 8
"""Lines below the heads from which the sum has a rule above it, and rows their remarks, whatever scrolls away."""
DATA = "neuron1"
"""The role of a row that has no tint of its own."""


class Room(NamedTuple):
    """How the height is shared out."""

    rows: int
    """Rows that are visible."""
    total: int
    """Lines of the sum: with its rule, alone, or none."""
    remarks: int
    """Lines of a row's remark: one or none."""


class Layout(NamedTuple):
    """Cells of the trend, whether shares have bars, and which figures may be hidden for that."""

    trend: int
    has_bar: bool = False
    hidden: frozenset[str] = frozenset()


TOKENS = frozenset({"tokens"})
LAYOUTS = (Layout(48, True), Layout(24, True), Layout(24), Layout(12), Layout(12, hidden=TOKENS), Layout(0))
"""From the fullest; the first that fits is taken, else the last."""


def share_out(area: Area, rows: int, has_remarks: bool) -> Room:
    """Heads take a line where there are two; the sum is of several rows."""
    body = area.height - 1 if area.height > 1 else max(area.height, 0)
    remarks = int(has_remarks and (body >= PLENTY or body > 2 * rows))
    each = 1 + remarks
    total = 0 if rows < 2 or body < 4 else 2 if body >= PLENTY or body >= rows * each + 2 else 1
    return Room(min(rows, (body - total) // each), total, remarks)


def drawing(seen: Seen, area: Area) -> Drawing:
    """Heads, rows and their sum; in the border what is hidden, and the sum where it has no line."""
    room = share_out(area, seen.count, bool(seen.remarks))
    drawn, hidden = _arranged(seen, area)
    lines: list[Line] = [drawn.heads()] if area.height > 1 else []
    first = None if room.remarks else len(lines)
    for number, row in enumerate(seen.rows):
        lines.append(drawn.row(number, row))
        lines += [drawn.remark(row)] * room.remarks
    if room.total:
        lines += [(Span("─" * area.width, "edge"),)] * (room.total - 1)
        lines.append(drawn.total())
    use = seen.all.use
    has_list_price = any(one.owed_usd is None and one.listed_usd for one in (use, *(row.part.use for row in seen.rows)))
    if has_list_price and len(lines) + 1 < area.height and len(LIST_PRICE) <= area.width:
        lines += [()] * (area.height - len(lines) - 1)
        lines.append((Span(LIST_PRICE, "muted"),))
    hidden += (seen.remarks,) if seen.remarks and not room.remarks else ()
    together = "" if room.total else f"all {with_interval(use.requests, use.is_sampled, use.interval)} requests"
    unpriced = f"+ {use.unpriced} unpriced" if use.unpriced else ""
    said = foot(area.width, seen.top, len(seen.rows), seen.count, hidden, together, unpriced, seen.note)
    return Drawing(tuple(lines[: area.height]), aside=line(f"{seen.period}, UTC"), foot=said, first=first)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Puts lines together: swatch, name, trend, figures, and the bar of the share; widths in cells."""

    seen: Seen
    area: Area
    names: list[str]
    figures: Columns
    swatch: int
    name: int
    trend: int
    bar: int

    def heads(self) -> Line:
        texts = (f"trend, {self.seen.period}", "trend", "")
        over = next(text for text in texts if cell_len(text) <= self.trend)
        title = left(name_head(self.seen.what, self.seen.what, self.area.sort), self.name)
        start = (
            gap(self.swatch),
            Span(title, "muted", act=f"sort {self.seen.what}"),
            Span(f" {over}" if over else "", "muted"),
        )
        return self._line(start, self.figures.heads(), (gap(self.bar),))

    def row(self, number: int, row: Row) -> Line:
        is_here = _is_here(row, self.area)
        on = "cursor" if is_here else ""
        swatch = Span(left("■" if row.tint else "", self.swatch), row.tint or "text", on)
        called = Span(left(self.names[number], self.name), "strong" if is_here else "text", on, is_here)
        drawn = (gap(1, on), *trend(row.trend, row.tint or DATA, self.trend, on)) if self.trend else ()
        bar = tuple(span._replace(on=on) for span in part_bar(row.part.share, self.bar, row.tint or DATA))
        return self._line((swatch, called, *drawn), self.figures.row(number, on), bar, on)

    def remark(self, row: Row) -> Line:
        on = "cursor" if _is_here(row, self.area) else ""
        room = self.area.width - INDENT
        is_brief = any(cell_len(text) > room for one in self.seen.rows for text in one.remarks[:1])  # the same for all
        texts = (is_brief and row.remarks[1:]) or row.remarks
        said = first_fit(room, *(line(text) for text in texts))
        return fit((gap(INDENT, on), *(span._replace(on=on) for span in said)), self.area.width, on)

    def total(self) -> Line:
        start = (gap(self.swatch), Span(left("all", self.name), "muted"))
        return self._line(start, self.figures.row(len(self.seen.rows)), (gap(self.bar),))

    def _line(self, start: Line, figures: Line, bar: Line, on: str = "") -> Line:
        """The figures stand at the right edge, or before their bar."""
        end = (*figures, gap(2, on), *bar) if self.bar else figures
        return fit((*start, gap(self.area.width - width_of((*start, *end)), on), *end), self.area.width, on)


def _arranged(seen: Seen, area: Area) -> tuple[_Drawn, tuple[str, ...]]:
    """The fullest layout that fits, and the names of what it leaves out."""
    swatch = 2 if any(row.tint for row in seen.rows) else 0
    head = name_head(seen.what, seen.what, area.sort)
    longest = max(cell_len(text) for text in (head, "all", *(row.name for row in seen.rows)))
    wanted, found = min(longest, WIDEST_NAME), _columns(seen, area)
    has_trend = any(len(row.trend.moments) >= LEAST_MOMENTS for row in seen.rows)
    for layout in LAYOUTS if has_trend else [one._replace(trend=0) for one in LAYOUTS]:
        beside = swatch + (layout.trend + 1 if layout.trend else 0)
        least = wanted if layout.trend else min(wanted, LEAST_NAME)
        room = area.width - beside - least - (LEAST_BAR + 2 if layout.has_bar else 0)
        figures = arrange(found, room, gap=2 if area.width >= SPACED_FROM else 1)
        if layout.hidden.issuperset(figures.hidden):
            break
    name = max(min(wanted, area.width - beside - figures.width), 0)
    bar = min(area.width - beside - name - figures.width - 2, WIDEST_BAR) if layout.has_bar else 0
    hidden = ("trend", *figures.hidden) if has_trend and not layout.trend else figures.hidden
    names = told_apart([row.name for row in seen.rows], name)
    return _Drawn(seen, area, names, figures, swatch, name, layout.trend, bar), hidden


def _columns(seen: Seen, area: Area) -> tuple[Column, ...]:
    parts = [*(row.part for row in seen.rows), seen.all]
    looks = [Look("strong", True) if _is_here(row, area) else Look() for row in seen.rows] + [Look("strong", True)]
    requests, *others = columns(("requests", "tokens in", "out", "$"), [part.use for part in parts], looks)
    shares = (*(_percent(row.part.share, look) for row, look in zip(seen.rows, looks, strict=False)), Figure("", ""))
    found = (
        requests,
        Column("errors", "errors", tuple(map(_errors, parts, looks)), 8, 6),
        Column(
            "hits", "hits", tuple(_percent(part.hit_rate, look) for part, look in zip(parts, looks, strict=True)), 4, 5
        ),
        *others,
        Column("share", "share", shares, 5, 6),
    )
    return headed(found, area.sort, SORTINGS)


def _errors(part: Part, look: Look) -> Figure:
    is_alarming = (part.use.requests or 0) >= LEAST_REQUESTS and (part.error_rate or 0.0) > ALARMING
    return _percent(part.error_rate, Look("bad", True) if is_alarming else look)


def _percent(share: float | None, look: Look) -> Figure:
    return Figure(percent(share), percent(share), look.role if share or look.is_bold else "faint", look.is_bold)


def _is_here(row: Row, area: Area) -> bool:
    return area.is_focused and area.cursor == row.id
