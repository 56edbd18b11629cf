"""The pace of a day: what the same hours used before, at today's level."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight.pace import pace, past_of
from aigw_tui.model import DAY, HOUR

DAY_START = datetime(2026, 11, 23, tzinfo=UTC)
SHAPE = [10, 10, 5, 5, 5, 5, 20, 40, 60, 80, 100, 100, 90, 90, 100, 90, 80, 60, 40, 30, 25, 20, 15, 10]


def days(count: int, level: float = 1.0) -> dict[datetime, float]:
    return {DAY_START - DAY * d + HOUR * h: SHAPE[h] * level for d in range(1, count + 1) for h in range(24)}


def today(until: int, level: float = 1.0) -> dict[datetime, float]:
    return {DAY_START + HOUR * h: SHAPE[h] * level for h in range(until)}


def test_an_ordinary_day_ends_like_the_others() -> None:
    """With the same shape and level the projection is the usual total, in a narrow range."""
    found = pace(days(14) | today(12), DAY_START + HOUR * 12)
    assert abs(found.likely - sum(SHAPE)) < 1
    assert found.low <= found.likely <= found.high < sum(SHAPE) * 1.05
    assert found.days == 10  # the weekdays of two weeks


def test_a_day_at_double_level_ends_well_above() -> None:
    """The level of today scales the rest of the day."""
    found = pace(days(14) | today(12, 2.0), DAY_START + HOUR * 12)
    assert 1.6 * sum(SHAPE) < found.likely <= 2 * sum(SHAPE)


def test_when_it_runs_out() -> None:
    """The crossing lies where the usual shape reaches the limit, the earliest before the latest."""
    found = pace(days(14) | today(12), DAY_START + HOUR * 12, limit=sum(SHAPE[:16]))
    assert found.runs_out
    earliest, latest = found.runs_out
    assert latest
    assert earliest <= latest
    assert abs(earliest - (DAY_START + HOUR * 16)) < timedelta(minutes=30)


def test_a_day_within_its_limit_lasts() -> None:
    """Nothing is said of running out when even the pessimistic end stays below."""
    assert pace(days(14) | today(12), DAY_START + HOUR * 12, limit=10 * sum(SHAPE)).runs_out is None


def test_when_it_ran_out() -> None:
    """The moment lies inside the hour in which the total passed the limit."""
    found = pace(days(14) | today(12), DAY_START + HOUR * 12, limit=sum(SHAPE[:9]) + 40)
    assert found.ran_out == DAY_START + HOUR * 9 + timedelta(minutes=30)
    assert found.runs_out is None


def test_without_history_a_straight_line() -> None:
    """The rate so far goes on, and the range is wide."""
    found = pace({DAY_START + HOUR * h: 10.0 for h in range(12)}, DAY_START + HOUR * 12)
    assert found.days == 0
    assert found.likely == 240
    assert found.low < 200 < 280 < found.high


def test_what_is_not_covered_yet_is_expected() -> None:
    """Hours that the figures have not reached do not read as a slump."""
    seen = pace(days(14) | today(10), DAY_START + HOUR * 12, covered_until=DAY_START + HOUR * 10)
    assert abs(seen.likely - sum(SHAPE)) < 1
    assert seen.expected[0][0] == DAY_START + HOUR * 10


@given(
    hours=st.dictionaries(st.integers(-24 * 30, 23), st.floats(0, 1e9), max_size=80),
    minutes=st.integers(0, 24 * 60 - 1),
    limit=st.none() | st.floats(1, 1e9),
)
def test_any_history_gives_an_ordered_range(hours: dict[int, float], minutes: int, limit: float | None) -> None:
    """low ≤ likely ≤ high, never below what is used; a run-out lies between now and midnight."""
    now = DAY_START + timedelta(minutes=minutes)
    series = {DAY_START + HOUR * n: value for n, value in hours.items() if DAY_START + HOUR * n <= now}
    used = sum(value for hour, value in series.items() if hour >= DAY_START)
    found = pace(series, now, limit)
    assert used * (1 - 1e-9) <= found.low <= found.likely <= found.high
    assert all(amount >= 0 for _, amount in found.expected)
    if found.runs_out:
        assert now <= found.runs_out[0] <= DAY_START + DAY + timedelta(seconds=1)


def test_a_job_that_comes_at_another_hour() -> None:
    """What the median of no single hour knows is learned from how the days before went on."""
    job = {DAY_START - DAY * d + HOUR * (20 + d % 3): 500.0 for d in range(1, 29)}
    found = pace(days(28) | job | today(12), DAY_START + HOUR * 12)
    whole = sum(SHAPE) + 500
    assert found.low < whole < found.high
    assert abs(found.likely - whole) < 0.1 * whole


def test_a_new_level() -> None:
    """A day begins at the level of the last days, not at that of the month."""
    risen = {hour: value * (2.0 if hour >= DAY_START - DAY * 6 else 1.0) for hour, value in days(28).items()}
    found = pace(risen | today(2, 2.0), DAY_START + HOUR * 2)
    assert abs(found.likely - 2 * sum(SHAPE)) < 0.1 * sum(SHAPE)


def test_restless_days_have_a_wide_range() -> None:
    """As wide as the days before differed."""
    restless = {hour: value * (1.5 if hour.day % 2 else 0.5) for hour, value in days(28).items()}
    calm, wide = (pace(past | today(3), DAY_START + HOUR * 3) for past in (days(28), restless))
    assert wide.high - wide.low > 5 * (calm.high - calm.low)


@given(st.integers(0, 23), st.floats(0.1, 3.0))
def test_what_the_days_before_say_can_be_known_already(until: int, level: float) -> None:
    """Worked out once a day, it makes the same pace from today's hours alone."""
    now = DAY_START + HOUR * until
    hours = days(14) | today(until, level)
    past = past_of(hours, DAY_START)
    assert pace(today(until, level), now, 900, now - HOUR, past) == pace(hours, now, 900, now - HOUR)
