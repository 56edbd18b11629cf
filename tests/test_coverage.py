"""A day is as good as its hours."""

from __future__ import annotations

from datetime import UTC, datetime

from aigw_tui.insight.coverage import trust_of
from aigw_tui.model import HOUR, Trust

HOURS = [datetime(2026, 11, 23, tzinfo=UTC) + HOUR * n for n in range(24)]


def test_a_day_is_final_when_all_its_hours_are() -> None:
    """One young hour makes it fill."""
    known = dict.fromkeys(HOURS, Trust.SETTLED)
    assert trust_of(HOURS, known) is Trust.SETTLED
    assert trust_of(HOURS, known | {HOURS[5]: Trust.FILLING}) is Trust.FILLING


def test_a_day_of_which_a_part_was_read_still_fills() -> None:
    """Its sum is not the day's; a day that was never read is unknown."""
    assert trust_of(HOURS, dict.fromkeys(HOURS[:6], Trust.SETTLED)) is Trust.FILLING
    assert trust_of(HOURS, {}) is None
    assert trust_of([], {}) is None
