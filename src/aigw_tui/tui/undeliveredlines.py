"""How messages that have not arrived are drawn: a sentence a line at a panel's foot, shorter where room is short."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.insight.undelivered import Sentence
from aigw_tui.tui.lines import Line, Span, sides, width_of
from aigw_tui.tui.tiles import first_fit

MARKS = {"waits": "◌", "lost": "▲", "dropped": "▲"}
ROLES = {"waits": "warn", "lost": "bad", "dropped": "bad"}
MOST = 4
ROWS_A_LINE = 4
"""Of a panel's height: so many more for each further line."""


def room_for(count: int, height: int) -> int:
    """How many lines of that many sentences a panel of that height gives away; its first line it keeps."""
    return min(count, MOST, max(height // ROWS_A_LINE, 1)) if height > 1 else 0


def undelivered_lines(found: Sequence[Sentence], more: int, width: int) -> list[Line]:
    """A line each; how many `more` there are stands at the end of the last."""
    lines = [_line(sentence, width) for sentence in found]
    if found and more:
        aside = (Span(f"+{more} more", "muted"),)
        last = _line(found[-1], width - width_of(aside) - 2)
        lines[-1] = sides(last, aside, width) if last else lines[-1]
    return lines


def _line(sentence: Sentence, width: int) -> Line:
    """The fullest version that fits whole; nothing when none does."""
    mark = Span(f"{MARKS[sentence.kind]} ", ROLES[sentence.kind], bold=True)
    return first_fit(width, *((mark, Span(text, "text")) for text in sentence.versions(width - 2)))
