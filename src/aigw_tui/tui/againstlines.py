"""How differences are written: a signed share, a column of them, and the sum in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigw_tui.format import UNKNOWN
from aigw_tui.model import DAY, HOUR
from aigw_tui.tui.columns import Column, Figure

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against, Difference

GHOST = "╌"
"""Marks in a chart what was there then."""
WORTH, LEAST = 8, 6
NAMES = {"cost": "cost", "cache": "hit rate"}
"""Measure → what it is called in words, where that is not its name."""


def signed(one: Difference, is_rate: bool) -> str:
    """`+12 %`, `-3 %`, `0 %`; of a rate points of a per cent: `+3 pt`; `–` where the base is unknown or too small."""
    change = one.change
    if change is None or one.now is None or one.base is None:
        return UNKNOWN
    value = round(100 * (one.now - one.base if is_rate else change))
    return f"{value:+,} {'pt' if is_rate else '%'}" if value else f"0 {'pt' if is_rate else '%'}"


def column(found: Against, differences: Sequence[Difference]) -> Column:
    """One difference a row."""
    texts = [signed(one, found.is_rate) for one in differences]
    figures = tuple(Figure(text, text.replace(" ", ""), "faint" if text == UNKNOWN else "text") for text in texts)
    return Column("change", found.basis.brief, figures, WORTH, LEAST)


def told(found: Against) -> str:
    """`requests against yesterday to 11:00: +12 %`."""
    name = NAMES.get(found.measure, found.measure)
    return f"{name} against {found.basis.words}{_until(found)}: {signed(found.total, found.is_rate)}"


def _until(found: Against) -> str:
    """Up to when both are closed; nothing where that is the end of a day, or not known."""
    if found.closed is None:
        return ""
    last = found.closed.until
    if found.closed.length > DAY:
        return f" to {last - HOUR:%-d %b} {last:%H:%M}" if last.hour else f" to {last - HOUR:%-d %b}"
    return f" to {last:%H:%M}" if last.hour else ""
