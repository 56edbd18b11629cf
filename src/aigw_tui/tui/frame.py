"""A panel's border with its title, drawn as lines so that only rows that differ are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import cell_len

from aigw_tui.tui.lines import Line, Span, fit, gap, line, width_of

Form = Literal["box", "rule", "bare"]
"""`box`: a rounded border; `rule`: one rule above with title and column heads; `bare`: the lines alone."""

RULE = 8
"""Cells of a rule besides its title and its heads: ends, key and spaces."""
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a panel drew: its lines, and what stands in its border."""

    lines: tuple[Line, ...]
    aside: Line = ()
    """Behind the title: a unit; in a rule the column heads, which then end at the panel's right edge."""
    foot: Line = ()
    """In the lower border, right: what is hidden, how old."""
    title: str = ""
    """Instead of the panel's own."""
    first: int | None = None
    """The line in which the first target stands, the others below it; None: a click on a line means nothing."""
    tint: str = ""
    """The border's role when it carries a verdict, such as `warn`; empty: plain. With focus it is the accent."""


def inner(form: Form, width: int, height: int) -> tuple[int, int]:
    """The room inside a panel of `width` × `height` cells."""
    if form == "box":
        return max(width - 4, 0), max(height - 2, 0)
    if form == "rule":
        return width, max(height - 1, 0)
    return width, height


def framed(
    drawing: Drawing, form: Form, width: int, height: int, key: str, title: str, is_focused: bool
) -> tuple[Line, ...]:
    """Exactly `height` lines of exactly `width` cells; what does not fit is left out, from the end."""
    inside, rows = inner(form, width, height)
    body = [fit(row, inside) for row in drawing.lines[:rows]]
    body += [(gap(inside),)] * (rows - len(body))
    if form == "bare" or not height:
        return tuple(body)
    edge = "accent" if is_focused else drawing.tint or "edge"
    name = (
        Span(f" {key.translate(SUPERSCRIPTS)}" if key else "", "accent"),
        Span(f" {drawing.title or title} ", "text", bold=is_focused),
    )
    if form == "rule":
        return (_rule((*name,), drawing.aside, width, edge), *body)
    aside = (*drawing.aside, gap(1)) if drawing.aside else ()
    if width_of((*name, *aside)) > inside:
        aside = ()
    top = _between("╭─", (*name, *((gap(1),) if aside else ()), *aside), "╮", width, edge)
    foot = (gap(1), *drawing.foot, gap(1)) if drawing.foot and width_of(drawing.foot) + 4 <= inside else ()
    fill = Span("─" * (width - 3 - width_of(foot)), edge)
    bottom = (Span("╰", edge), fill, *foot, Span("─╯", edge)) if width >= 3 else (Span("╰" * width, edge),)
    walls = Span("│ ", edge), Span(" │", edge)
    return (top, *((walls[0], *row, walls[1]) for row in body), bottom)[:height]


def head_of(form: Form) -> int:
    """Lines that stand above the first one of a panel's own."""
    return 0 if form == "bare" else 1


def dated(drawing: Drawing, as_of: str, form: Form, width: int, title: str) -> Drawing:
    """With `as of 14:05` in the lower border, or behind the title of a rule that has the room beside its heads."""
    if form == "box":
        return replace(drawing, foot=(Span(as_of, "muted"),))
    longer = f"{drawing.title or title} {as_of}"
    has_room = form == "rule" and cell_len(longer) + width_of(drawing.aside) + RULE <= width
    return replace(drawing, title=longer) if has_room else drawing


def _between(start: str, text: Sequence[Span], end: str, width: int, edge: str) -> Line:
    room = width - len(start) - len(end)
    kept = fit(tuple(text), min(width_of(text), max(room, 0)))
    return line(Span(start, edge), *kept, Span("─" * (room - width_of(kept)), edge), Span(end, edge))


def _rule(name: Line, aside: Line, width: int, edge: str) -> Line:
    middle = width - width_of(name) - width_of(aside) - 2
    if middle < 1:
        return fit((Span("──", edge), *name, Span("─" * width, edge)), width)
    return (
        Span("──", edge),
        *name,
        Span("─" * (middle - (1 if aside else 0)), edge),
        *((gap(1),) if aside else ()),
        *aside,
    )
