"""Which windows are asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.feed import plan
from aigw_tui.model import DAY, HOUR, Window
from aigw_tui.source import Bounds, Question

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
REQUESTS = dataset("requests")
HOURS = st.sets(st.integers(0, 200)).map(
    lambda numbers: [NOW.replace(minute=0) - HOUR * n for n in sorted(numbers)[::-1]]
)


def test_the_open_window_holds_today_and_what_may_still_change() -> None:
    """In the afternoon it begins at midnight; just after midnight it reaches back over the settling time."""
    assert plan.open_window(REQUESTS, NOW).since == NOW.replace(hour=0, minute=0)
    assert plan.open_window(REQUESTS, NOW.replace(hour=0)).since == NOW.replace(hour=21, minute=0) - DAY


def test_the_past_ends_where_the_open_window_begins() -> None:
    """Nothing is asked twice, and never older than allowed."""
    past = plan.past_window(REQUESTS, Bounds(oldest=10 * DAY), NOW)
    assert past.until == plan.open_window(REQUESTS, NOW).since
    assert NOW - 10 * DAY <= past.since < NOW - 10 * DAY + HOUR


@given(HOURS, st.integers(1, 48))
def test_stretches_cover_exactly_the_hours(hours: list[datetime], longest: int) -> None:
    """Every hour once, no other, none longer than allowed."""
    found = plan.stretches(hours, NOW, longest * HOUR)
    assert [hour for window in found for hour in window.hours] == hours
    assert all(window.length <= longest * HOUR for window in found)


@given(HOURS, st.integers(1, 48))
def test_the_newest_stretch_comes_first(hours: list[datetime], longest: int) -> None:
    """It ends with the newest hour that is lacking, has no gap, and is no longer than allowed."""
    found = plan.newest(hours, longest * HOUR)
    if not hours:
        assert found is None
        return
    assert found
    assert found.hours[-1] == hours[-1]
    assert set(found.hours) <= set(hours)
    assert found.length <= longest * HOUR


@given(st.integers(1, 5000))
def test_halves_meet_without_a_gap(minutes: int) -> None:
    """Cut at an hour where there is one, else at a minute; one minute cannot be cut."""
    whole = Window(NOW.replace(minute=0), NOW.replace(minute=0) + timedelta(minutes=minutes))
    parts = plan.halves(Question(dataset("pulse"), whole))
    if minutes == 1:
        assert parts == ()
        return
    assert [part.window.since for part in parts] == [whole.since, parts[0].window.until]
    assert parts[1].window.until == whole.until
