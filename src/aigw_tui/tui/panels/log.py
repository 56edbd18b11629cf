"""Log: what the program itself did, the newest first."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from rich.cells import cell_len, chop_cells

from aigw_tui.format import clean, whole
from aigw_tui.model import Entry, Sheet
from aigw_tui.tui.canvas import Stage
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, fit, gap, left, line, shorten, strong, width_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target
from aigw_tui.tui.tiles import ends, explained, words

LEVELS = {
    "DEBUG": ("·", "debug", "faint"),
    "INFO": ("·", "info", "muted"),
    "WARNING": ("▲", "warning", "warn"),
    "ERROR": ("×", "error", "bad"),
    "CRITICAL": ("×", "fatal", "bad"),
}
"""Level → glyph, word and role; any other is drawn as INFO."""
WORD = 8
"""Cells of the level's word with the space behind it."""
WIDE = 50
"""Columns from which seconds and the level's word are shown."""
HEAD_FROM = 4
"""Rows from which there is room for the counts."""
IN_FULL_FROM = 12
"""Rows from which the line under the cursor is shown in full below the others, if any is too long."""
IN_FULL = 3
OTHERS = 2
"""Lines that stay above one that is shown whole, and the rule between."""
LONGEST = 2_000
"""Characters, as in the log file."""
EMPTY = "nothing was logged yet; what the program itself does is written here"


@dataclass(frozen=True, slots=True)
class Logged:
    """One line; the id tells equal ones apart."""

    id: tuple[datetime, str, int]
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible lines, newest first, and what was counted since the start."""

    entries: tuple[Logged, ...] = ()
    count: int = 0
    """Lines before scrolling."""
    top: int = 0
    requests: int = 0
    refused: tuple[tuple[str, int], ...] = ()
    has_dates: bool = False
    """Not all visible lines are of today."""
    below: int = 0
    """Rows at the foot for the line under the cursor; 0: no line is too long, or there is no room."""
    is_cut: bool = False
    """More of that line can be seen than stands there."""
    is_whole: bool = False
    """It was asked for in full."""
    has_long: bool = False
    """Some line is too long for the width."""


class Log(Panel):
    """The program's own log."""

    TITLE = "Log"
    NOT_KEPT = "the log is that of now"
    ENTER = "whole"
    HELP = (
        "What the program itself did, the newest first (UTC): the last 200 lines of its log from the level info on, "
        "without secrets. A line that is too long stands at the bottom while the cursor is on it; {row.narrow} shows "
        "all of it, and again as before. Above: how many GraphQL requests this process has made, and how many rows "
        "of answers it could not read and left out. The log file holds more, and with -v details."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        journal = scene.snapshot.journal
        listed = _listed(journal.entries)
        room = area.width - _margin(area.width, has_dates=True)
        here = next((one for one in listed if one.id == area.cursor), listed[0] if listed else None)
        lines = len(_wrapped(here.text, area.width)) if here else 0
        most = max(area.height - _head(area) - OTHERS, 0)
        is_whole = bool(here and here.id in area.unfolded and cell_len(here.text) > room and most)
        has_long = any(cell_len(one.text) > room for one in listed)
        below = IN_FULL if area.height >= IN_FULL_FROM and has_long else 0
        is_cut = bool(here and most and cell_len(here.text) > room and lines > below)
        below = min(max(lines, below), most) if is_whole else below
        rows = max(area.height - _head(area) - (below + 1 if below else 0), 0)
        top = max(0, min(area.top, len(listed) - rows))
        shown = listed[top : top + rows]
        today = scene.snapshot.now.date()
        has_dates = any(one.id[0].date() != today for one in shown)
        counted = journal.requests, journal.refused
        return Seen(shown, len(listed), top, *counted, has_dates, below, is_cut, is_whole, has_long)

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        rows = tuple((one.id[0], one.level.lower(), one.text) for one in _listed(scene.snapshot.journal.entries))
        return Sheet(self.TITLE, ("at", "level", "text"), rows)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(one.id) for one in seen.entries)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        width = area.width
        lines: list[Line] = [_counts(seen, width), ()] if _head(area) else []
        if not seen.count:
            lines += explained(width, area.height - len(lines), EMPTY, EMPTY.partition(";")[0])
        lines += [_drawn(one, seen, area) for one in seen.entries]
        if seen.below:
            lines += [()] * (area.height - seen.below - 1 - len(lines))
            lines.append((Span("─" * width, "edge"),))
            here = next((one for one in seen.entries if one.id == area.cursor), None)
            shown = _wrapped(here.text if here else "", width)
            lines += [(Span(part, "text"),) for part in shown[: seen.below]]
        foot = line(f"{seen.top + 1}–{seen.top + len(seen.entries)} of {seen.count}")
        is_scrolled = len(seen.entries) < seen.count and width_of(foot) + 4 <= width
        first = _head(area) if seen.entries else None
        aside = line("UTC, newest first")
        return Drawing(tuple(lines[: area.height]), aside=aside, foot=foot if is_scrolled else (), first=first)

    @property
    def can_narrow(self) -> bool:
        return bool(self._seen and self._seen.has_long)

    def action_narrow(self) -> None:
        """All of the line under the cursor; again: as before."""
        if self._seen and (self._seen.is_cut or self._seen.is_whole):
            self.action_fold()
        elif self._seen and self._seen.entries:
            cast("Stage", self.app).say("all of this line stands there")

    def action_copy(self) -> None:
        """The whole line under the cursor, with its day; without one, all that stands in the panel."""
        here = next((one for one in self._seen.entries if one.id == self._cursor), None) if self._seen else None
        if here is None:
            super().action_copy()
            return
        stage = cast("Stage", self.app)
        stage.copy_to_clipboard(f"{here.id[0]:%Y-%m-%d %H:%M:%S} {here.level.lower()} {here.text}")
        stage.say(f"copied: {here.text}")


def _listed(entries: Iterable[Entry]) -> tuple[Logged, ...]:
    """Newest first, clean."""
    seen: Counter[tuple[datetime, str]] = Counter()
    found = []
    for entry in entries:
        seen[entry.at, entry.text] += 1
        id_ = (entry.at, entry.text, seen[entry.at, entry.text])
        found.append(Logged(id_, entry.level, clean(entry.text, LONGEST)))
    return tuple(reversed(found))


def _head(area: Area) -> int:
    return 2 if area.height >= HEAD_FROM else 0


def _counts(seen: Seen, width: int) -> Line:
    count = sum(rows for _, rows in seen.refused)
    asked = strong(whole(seen.requests))
    lefts: list[Line] = [
        (asked, Span(f" {text}", "muted")) for text in ("GraphQL requests since the start", "GraphQL requests", "asked")
    ]
    if not count:
        return ends(width, lefts, [words("every row could be read"), ()])
    left_out = f"▲ {whole(count)} {'row' if count == 1 else 'rows'} left out"
    which = ", ".join(f"{clean(name)} {whole(rows)}" for name, rows in seen.refused)
    texts = (f"{left_out}: {which}", left_out, f"▲ {whole(count)}")
    warnings: list[Line] = [(Span(text, "warn", bold=True),) for text in texts]
    pairs = ((at_left, at_right) for at_right in warnings for at_left in lefts)
    for at_left, at_right in pairs:  # what was lost is never given up for longer words
        if width_of(at_left) + 1 + width_of(at_right) <= width:
            return ends(width, [at_left], [at_right])
    return ends(width, [*warnings, ()])


def _margin(width: int, has_dates: bool) -> int:
    """Cells before the text: when, and how bad."""
    clock = len("14:05:10 ") if width >= WIDE else len("14:05 ")
    return clock + (len("23 Nov ") if has_dates else 0) + 2 + (WORD if width >= WIDE else 0)


def _drawn(one: Logged, seen: Seen, area: Area) -> Line:
    is_wide = area.width >= WIDE
    is_here = area.is_focused and area.cursor == one.id
    on = "cursor" if is_here else ""
    at = one.id[0]
    when = f"{at:%H:%M:%S} " if is_wide else f"{at:%H:%M} "
    when = f"{at.day:>2} {at:%b} {when}" if seen.has_dates else when
    glyph, word, role = LEVELS.get(one.level, LEVELS["INFO"])
    how = f"{glyph} {left(word, WORD)}" if is_wide else f"{glyph} "
    room = max(area.width - _margin(area.width, seen.has_dates), 0)
    text = Span(shorten(one.text, room), "strong" if is_here else "text", on)
    whole_line = (Span(when, "muted", on), Span(how, role, on, bold=role in ("warn", "bad")), text)
    return fit((*whole_line, gap(area.width - width_of(whole_line), on)), area.width, on)


def _wrapped(text: str, width: int) -> list[str]:
    """Between words where every character takes one cell, else wherever the line is full."""
    if width < 2:
        return []
    return textwrap.wrap(text, width) if len(text) == cell_len(text) else chop_cells(text, width)
