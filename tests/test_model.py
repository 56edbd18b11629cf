"""The nouns: windows, periods that stay symbolic, scopes that one step undoes, quotas."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import (
    DAY,
    FIELDS,
    HOUR,
    LAUNCH,
    PERIODS,
    TODAY,
    Period,
    Quota,
    Scope,
    Trust,
    Window,
    day_of,
    hour_of,
    period_of,
)

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=zones)  # noqa: DTZ001
names = st.text(min_size=1, max_size=8)


@given(moments)
def test_hours_and_days_are_utc(moment: datetime) -> None:
    """Whatever zone a moment is written in."""
    hour, day = hour_of(moment), day_of(moment)
    assert hour <= moment < hour + HOUR
    assert day <= hour <= moment < day + DAY
    assert (hour.utcoffset(), day.utcoffset(), day.hour) == (timedelta(0), timedelta(0), 0)


@given(moments, st.integers(-3 * 86_400, 3 * 86_400))
def test_the_hours_of_a_window_cover_it(since: datetime, seconds: int) -> None:
    """Every touched hour, each once, oldest first; none where the window is empty."""
    window = Window(since, since + timedelta(seconds=seconds))
    if seconds < 0:
        assert window.length == timedelta(0)
    hours = window.hours
    assert all(later - hour == HOUR for hour, later in pairwise(hours))
    if seconds > 0:
        assert hours[0] <= since < hours[0] + HOUR
        assert hours[-1] < window.until <= hours[-1] + HOUR


@given(moments, st.integers(0, 200))
def test_halves_meet(since: datetime, minutes: int) -> None:
    """Two parts without gap or overlap, cut at a multiple of the step; a window of one step has none."""
    window = Window(since, since + timedelta(minutes=minutes))
    if minutes < 120:
        with pytest.raises(ValueError, match="too short"):
            window.halves(HOUR)
        return
    older, newer = window.halves(HOUR)
    assert (older.since, older.until, newer.until) == (window.since, newer.since, window.until)
    assert older.length % HOUR == timedelta(0) < min(older.length, newer.length)


@given(moments, st.sampled_from(PERIODS))
def test_a_period_ends_now(now: datetime, period: Period) -> None:
    """Every period that can be chosen holds the present, and starts at a full hour."""
    window = period.at(now)
    assert window.until == now
    assert LAUNCH <= window.since == hour_of(window.since) <= now


def test_periods_in_words() -> None:
    """Today turns with the day; hours N is the running hour and the N-1 before it; a week is seven UTC days."""
    assert TODAY.at(NOW + DAY).since == day_of(NOW) + DAY
    assert Period("6 h", hours=6).at(NOW).hours[0] == NOW.replace(hour=9, minute=0)
    assert len({day_of(hour) for hour in Period("7 d", days=7).at(NOW).hours}) == 7
    assert Period("all").at(NOW).since == LAUNCH


def test_a_period_of_a_window() -> None:
    """It stays where it is, and is named for a person."""
    hour = Window(hour_of(NOW), hour_of(NOW) + HOUR)
    assert (period_of(hour).name, period_of(hour).at(NOW + DAY)) == ("23 Nov 14:00", hour)
    assert period_of(Window(hour.since, hour.since + DAY)).name == "23 Nov 14:00–24 Nov 14:00"


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), names, max_size=3), max_size=5))
def test_one_step_back_undoes_one_narrowing(narrowings: list[dict[str, str]]) -> None:
    """However often it was narrowed; of one field the last value counts, and what changes nothing is no step."""
    scope = Scope()
    seen = [scope]
    for values in narrowings:
        scope = scope.narrow(None, **values)
        if scope.where != seen[-1].where:
            seen.append(scope)
    merged = {name: value for values in narrowings for name, value in values.items()}
    assert scope.where == tuple((name, (merged[name],)) for name in FIELDS if name in merged)
    assert all(scope.values(name) == ((merged[name],) if name in merged else ()) for name in FIELDS)
    for before in reversed(seen[:-1]):
        assert scope.parent == before
        scope = before
    assert scope.parent is None


def test_an_hour_narrows_the_window() -> None:
    """Another field after it keeps the hour; stepping back brings the period back."""
    hour = period_of(Window(hour_of(NOW), hour_of(NOW) + HOUR))
    scope = Scope().narrow(hour).narrow(model="m")
    assert scope.window(NOW) == hour.fixed
    assert scope.parent is not None
    assert scope.parent.parent == Scope()


def test_a_field_that_no_scope_has() -> None:
    """A wrong name is the caller's mistake."""
    with pytest.raises(ValueError, match="colour"):
        Scope().narrow(colour="blue")


def test_the_worst_part_decides() -> None:
    """In the order settled, filling, stale."""
    assert max(Trust.SETTLED, Trust.STALE, Trust.FILLING) is Trust.STALE
    assert max(Trust.FILLING, Trust.SETTLED) is Trust.FILLING


@pytest.mark.parametrize(
    ("used", "limit", "nowcast", "share"),
    [(50.0, 100.0, None, 0.5), (50.0, 100.0, 25.0, 0.75), (None, 100.0, 25.0, None), (5.0, None, None, None)],
)
def test_the_share_of_a_quota(used: float | None, limit: float | None, nowcast: float | None, share: object) -> None:
    """What is measured and what is estimated since, over the limit; unknown when either is."""
    assert Quota("neurons", "neurons", used, limit, nowcast).share == share


def test_widening_to_a_field_keeps_what_stands_above_it() -> None:
    """One step may have narrowed a field above and one below; the hour goes with what is below."""
    wide = (
        Scope()
        .narrow(gateway="prod")
        .narrow(provider="openai", model="gpt-5-mini")
        .narrow(period_of(Window(hour_of(NOW), hour_of(NOW) + HOUR)))
    )
    assert wide.widened("provider").where == (("gateway", ("prod",)), ("provider", ("openai",)))
    assert wide.widened("provider").current_period == TODAY
    assert wide.widened("gateway") == Scope().narrow(gateway="prod")
    assert wide.widened("account") == Scope()
    assert Scope().widened("account") == Scope()
