"""How alerts are drawn: a line each, columns that give way, and how many of each kind there are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

from rich.cells import cell_len

from aigw_tui.format import clean, whole
from aigw_tui.tui.lines import Line, Span, fit, gap, in_words, left, right, strong, told_apart
from aigw_tui.tui.scene import Area
from aigw_tui.tui.tiles import ends

MARKS = {"firing": "▲", "pending": "◌", "over": "·", "watched": "✓", "unknown": "–"}
LOUD = ("firing", "pending")
ENOUGH_NAME, MOST_NAME = 16, 24
NAME_PART = 3
"""A third of a wide panel may be names."""
LEAST_NAME = 8
LEAST_WORDS = 20
"""Cells below which the condition says nothing."""
GAP = 2


class Row(Protocol):
    """One alert or episode."""

    @property
    def id(self) -> Hashable: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def is_critical(self) -> bool: ...
    @property
    def figure(self) -> str: ...
    @property
    def when(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def owner(self) -> str: ...


def head(firing: int, critical: int, pending: int, watched: int | None, width: int) -> Line:
    """`▲ 2 fire, 1 critical   1 pending   5 rules`, the last to go first. `watched` None: what was is not known."""
    if firing:
        role = "bad" if critical else "warn"
        worst = f", {whole(critical)} critical" if critical else ""
        fires = f"▲ {whole(firing)} {'fires' if firing == 1 else 'fire'}"
        lefts: list[Line] = [(strong(f"{fires}{worst}", role),), (strong(fires, role),), (strong("▲", role),)]
    elif watched is None:
        lefts = [(strong("– nothing is known to have fired", "muted"),), (strong("–", "muted"),)]
    else:
        lefts = [(strong("✓ nothing fires", "good"),), (strong("✓", "good"),)]
    if watched is None:
        return ends(width, lefts, [(Span("figures of then are not kept", "muted"),)])
    waits = f"{whole(pending)} pending, " if pending else ""
    rules = f"{whole(watched)} {'is' if watched == 1 else 'are'} watched"
    return ends(width, lefts, [(Span(f"{waits}{rules}", "muted"),), (Span(rules, "muted"),)])


def drawn(rows: Sequence[Row], area: Area) -> list[Line]:
    """A line each: mark, rule, figure, when, account, condition; what has no room goes from the end."""
    width = area.width
    figures = max((cell_len(row.figure) for row in rows), default=0)
    times = max((cell_len(row.when) for row in rows), default=0)
    owners = max((cell_len(clean(row.owner)) for row in rows), default=0)
    names = min(max((cell_len(clean(row.title)) for row in rows), default=0), max(MOST_NAME, width // NAME_PART))
    room = width - 2 - names
    sizes = []
    for size in (figures, times, owners):
        fits = bool(size) and room >= size + GAP
        sizes.append(size if fits else 0)
        room -= size + GAP if fits else 0
    names += min(room, 0)
    loud = max((cell_len(clean(row.words)) for row in rows if row.kind in LOUD), default=0)
    wanted = max(loud - (room - GAP), 0)
    if names - wanted >= ENOUGH_NAME:  # a condition that is cut in its figure reads as another
        names, room = names - wanted, room + wanted
    titles = told_apart([clean(row.title) for row in rows], max(names, 0))
    return [
        _row(row, left(title, max(names, 0)), area, sizes, room - GAP) for row, title in zip(rows, titles, strict=True)
    ]


def _row(row: Row, title: str, area: Area, sizes: Sequence[int], words: int) -> Line:
    is_here = area.is_focused and area.cursor == row.id
    on = "cursor" if is_here else ""
    role = "bad" if row.is_critical else "warn"
    role = role if row.kind == "firing" else {"pending": "text", "watched": "good"}.get(row.kind, "muted")
    is_loud = row.kind in LOUD
    text = "strong" if is_here or row.kind == "firing" else "text" if is_loud else "muted"
    spans = [
        Span(f"{MARKS[row.kind]} ", role, on, bold=row.kind == "firing"),
        Span(title, text, on),
    ]
    cells = ((row.figure, right, role if is_loud else text), (row.when, left, "muted"), (clean(row.owner), left, text))
    own = clean(row.words)
    if cell_len(own) > words >= LEAST_WORDS and not any(said for said, *_ in cells):  # nothing stands before them
        words, sizes = words + sum(size + GAP for size in sizes if size), (0, 0, 0)
    for (said, align, tone), size in zip(cells, sizes, strict=True):
        if size:
            spans += [gap(GAP, on), Span(align(said, size), tone, on)]
    if words >= LEAST_WORDS:
        spans += [gap(GAP, on), Span(in_words(own, words), "muted", on)]
    return fit(tuple(spans), area.width, on)
