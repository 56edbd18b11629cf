"""What stands in the lower border of a table: what is not on the screen, in as many words as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.tui.lines import Line, line
from aigw_tui.tui.tiles import first_fit

BESIDE = 4
"""Columns of the border that are not its words."""


def foot(width: int, top: int, shown: int, count: int, hidden: Sequence[str] = (), *said: str) -> Line:
    """`said`, the columns that are hidden, and which rows of how many are shown; what matters least goes first."""
    rows = f"{top + 1}–{top + shown} of {count}" if 0 < shown < count else ""
    named = f"hidden: {', '.join(hidden)}" if hidden else ""
    counted = f"{len(hidden)} columns hidden" if hidden else ""
    choices = ((*said, named, rows), (*said, counted, rows), (named, rows), (counted, rows), (rows,))
    return first_fit(width - BESIDE, *(line(" · ".join(filter(None, texts))) for texts in choices if any(texts)))
