"""A window against earlier ones: like with like, parts that add up, and – where nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.feed.replay import ViewsUntil
from aigw_tui.history import open_history
from aigw_tui.insight.against import UNKNOWN, Against, Difference, against
from aigw_tui.insight.asked import SOURCES
from aigw_tui.insight.bases import WEEK, Basis, bases, chosen, following
from aigw_tui.model import DAY, HOUR, PERIODS, TODAY, Scope, Views, Window, day_of, hour_of, period_of
from aigw_tui.tui.againstlines import column, signed, told
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.hours import HoursPanel
from aigw_tui.tui.panels.models import ModelsPanel
from aigw_tui.tui.panels.traffic import TrafficPanel
from settled import Counts, settled_history
from world import ACCOUNT, GPT, LLAMA, NOW, REQUESTS, SERVER, check_any_size, scene, shown, world

DAYS = 10
FIRST_HOUR = day_of(NOW) - DAY * DAYS
LAST = hour_of(NOW)
ADDING = tuple(name for name in SOURCES if name != "cache")
TODAYS = bases(TODAY, TODAY.at(NOW))
YESTERDAY, LAST_WEEK, USUAL = TODAYS
ALL = {(n, n % 3): 30 + n % 11 * 7 for n in range((LAST - FIRST_HOUR) // HOUR)}

hours = st.integers(0, (LAST - FIRST_HOUR) // HOUR - 1)
counts = st.dictionaries(st.tuples(hours, st.integers(0, 2)), st.integers(1, 300), max_size=60)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def settled(found: Counts, first: datetime = FIRST_HOUR) -> Views:
    return settled_history(found, first, LAST, NOW + DAY)


@cache
def everything() -> Views:
    return settled(ALL)


def requests_of(day: datetime, until: int, place: int | None = None) -> int:
    """Of all that there is: those of a day up to that hour."""
    first = (day - FIRST_HOUR) // HOUR
    return sum(count for (n, m), count in ALL.items() if first <= n < first + until and place in (None, m))


# bases


@given(moments, st.sampled_from(PERIODS))
def test_earlier_windows_line_up(now: datetime, period: object) -> None:
    """Across the ends of months and years: as long, at the same hours of the day; weeks at the same weekday."""
    window = period.at(now)  # type: ignore[attr-defined]
    for basis in bases(period, window):  # type: ignore[arg-type]
        for shift in basis.shifts:
            then = Window(window.since - shift, window.until - shift)
            assert shift % DAY == timedelta(0)
            assert then.length == window.length
            assert then.until <= window.since + DAY
            assert (then.since.hour, then.until.time()) == (window.since.hour, window.until.time())
            assert basis.id != "week" or then.since.weekday() == window.since.weekday()
        assert window.length > DAY or window.length == timedelta(0) or basis.shifts[0] in (DAY, WEEK)


def test_what_there_is_to_choose_from() -> None:
    """A day: three; a week: the one before and the median of seven; a month: the one before; all of it: nothing."""
    words = {one.name: [basis.words for basis in bases(one, one.at(NOW))] for one in PERIODS}
    assert words == {
        "today": ["yesterday", "last week", "the median of 7 days"],
        "24 h": ["a day before", "a week before", "the median of 7 days"],
        "7 d": ["the 7 days before", "the median of 7 weeks"],
        "30 d": ["the 30 days before"],
        "90 d": ["the 90 days before"],
        "all": [],
    }
    hour = period_of(Window(LAST - HOUR, LAST))
    assert bases(hour, hour.at(NOW))[0].words == "a day before"
    assert USUAL.shifts == tuple(DAY * n for n in range(1, 8))


@pytest.mark.parametrize("period", PERIODS)
def test_it_goes_round(period: object) -> None:
    """Through all that the window has, and then to nothing; what it does not have becomes its first."""
    window, seen, basis = period.at(NOW), [], ""  # type: ignore[attr-defined]
    while basis := following(period, window, basis):  # type: ignore[arg-type]
        seen.append(basis)
    assert seen == [one.id for one in bases(period, window)]  # type: ignore[arg-type]
    assert chosen(period, window, "") is None  # type: ignore[arg-type]
    found = chosen(period, window, "week")  # type: ignore[arg-type]
    assert (found.id if found else None) == next((one for one in ("week", "before") if one in seen), None)


# figures


@settings(max_examples=40)
@given(counts, st.sampled_from(ADDING), st.sampled_from([YESTERDAY, LAST_WEEK]), st.sampled_from([TODAY, PERIODS[1]]))
def test_parts_add_up(found: Counts, measure: str, basis: Basis, period: object) -> None:
    """Models and hours, now and then: the sum of their differences is the difference of all."""
    result = against(settled({**found, (0, 0): 9, (0, 1): 9}), Scope(period), basis, measure, NOW)  # type: ignore[arg-type]
    assert result.closed
    closed = [one for at, one in result.times.items() if at < result.closed.until]
    for parts in (result.models.values(), closed):
        assert sum(one.now or 0 for one in parts) == pytest.approx(result.total.now)
        assert sum(one.base or 0 for one in parts) == pytest.approx(result.total.base)
    assert all(one.now is None for at, one in result.times.items() if at >= result.closed.until)


def test_today_so_far_against_yesterday_to_the_same_hour() -> None:
    """Hours that still fill are left out on both sides: 12:00 and later now, and of yesterday too."""
    found = against(world(), Scope(), YESTERDAY, "requests", NOW)
    shape = (*REQUESTS[:14],)
    assert found.closed == Window(day_of(NOW), day_of(NOW) + HOUR * 12)
    assert found.total.now == sum(REQUESTS[:12])
    assert found.total.base == sum(round(count * 0.8) for count in shape[:12])
    assert found.total.change == pytest.approx(0.25, abs=0.01)
    assert told(found)[0] == "requests against yesterday to 12:00: +25 %"
    neurons = against(world(), Scope(), YESTERDAY, "neurons", NOW)
    assert told(neurons)[0].startswith("neurons against yesterday to 11:00: ")


def test_each_basis() -> None:
    """The same hours of yesterday, of a week ago, and the median of seven days; of each model its own."""
    day, until = day_of(NOW), 14
    for basis, days in ((YESTERDAY, [1]), (LAST_WEEK, [7]), (USUAL, [*range(1, 8)])):
        found = against(everything(), Scope(), basis, "requests", NOW)
        assert found.total == Difference(
            requests_of(day, until), median(requests_of(day - DAY * n, until) for n in days), is_large=True
        )
        one = found.model("openai", GPT)
        assert (one.now, one.base) == (
            requests_of(day, until, 1),
            median(requests_of(day - DAY * n, until, 1) for n in days),
        )
    assert found.model("openai", "never seen") == UNKNOWN


def test_what_was_then_is_seen_up_to_midnight() -> None:
    """Of today: also of the hours to come; as far as it is known."""
    found = against(everything(), Scope(), YESTERDAY, "requests", NOW)
    assert [*found.times] == [day_of(NOW) + HOUR * n for n in range(24)]
    assert all(one.base is not None for one in found.times.values())
    evening = day_of(NOW) + HOUR * 20
    assert found.base(evening, evening + HOUR) == requests_of(evening - DAY, 1)


def test_a_longer_window_by_the_day() -> None:
    """Its last day to the same hour; days add up from hours where it is short enough for hours."""
    week = Scope(PERIODS[2])
    (before, _) = bases(PERIODS[2], PERIODS[2].at(NOW))
    views = settled_history({(n, 0): 40 for n in range(24 * 60)}, day_of(NOW) - DAY * 59, LAST, NOW + DAY)
    found = against(views, week, before, "requests", NOW)
    assert found.total.base == 40 * (6 * 24 + 14)
    assert found.base(day_of(NOW), day_of(NOW) + DAY) == 40 * 14
    assert found.base(day_of(NOW) - DAY * 7, day_of(NOW)) is None
    month = Scope(PERIODS[3])
    found = against(views, month, bases(PERIODS[3], month.window(NOW))[0], "requests", NOW)
    assert (found.step, found.total.base, len(found.times)) == ("day", 40 * (29 * 24 + 14), 30)
    assert found.time(day_of(NOW)) == Difference(40 * 14, 40 * 14, is_large=True)


# what cannot be said


def unknown(found: Against) -> bool:
    return signed(found.total, found.is_rate) == "–"


def test_an_unknown_base() -> None:
    """A day that was not read, one with a hole, a median of two days: –, and never 0 %."""
    yesterday_only = settled({(n, 0): 50 for n in range(60)}, day_of(NOW) - DAY * 2)
    assert not unknown(against(yesterday_only, Scope(), YESTERDAY, "requests", NOW))
    assert unknown(against(yesterday_only, Scope(), LAST_WEEK, "requests", NOW))
    assert unknown(against(yesterday_only, Scope(), USUAL, "requests", NOW))
    three = settled({(n, 0): 50 for n in range(90)}, day_of(NOW) - DAY * 3)
    assert signed(against(three, Scope(), USUAL, "requests", NOW).total, is_rate=False) == "0 %"
    late = settled({(n, 0): 50 for n in range(60)}, day_of(NOW) - DAY + HOUR)
    found = against(late, Scope(), YESTERDAY, "requests", NOW)
    assert unknown(found)
    assert found.time(day_of(NOW)).base is None
    assert found.time(day_of(NOW) + HOUR).base == 50


def test_a_base_that_is_too_small() -> None:
    """20 requests are enough, 19 are not; nothing then is no base."""
    for count, text in ((19, "–"), (20, "+50 %"), (0, "–")):
        yesterday = {(9, 0): count} if count else {}
        views = settled({**yesterday, (24, 0): 30}, day_of(NOW) - DAY)
        assert signed(against(views, Scope(), YESTERDAY, "requests", NOW).total, is_rate=False) == text
    assert signed(Difference(25, 20, is_large=True), is_rate=False) == "+25 %"
    assert signed(Difference(25, 19, is_large=False), is_rate=False) == "–"
    assert signed(Difference(25, 0.0, is_large=True), is_rate=False) == "–"


def test_nothing_is_closed_yet() -> None:
    """Before the first hour has settled, and of a history that knows nothing."""
    midnight = day_of(NOW)
    for views in (ViewsUntil(everything(), midnight), open_history(None, SERVER, NOW).history):
        found = against(views, Scope(), YESTERDAY, "requests", midnight)
        assert found.closed is None
        assert told(found)[0] == "requests against yesterday: –"


def test_neurons_know_no_gateway() -> None:
    """An estimate is not compared with a measured figure."""
    narrowed = Scope().narrow(gateway="prod")
    assert unknown(against(everything(), narrowed, YESTERDAY, "neurons", NOW))
    assert not unknown(against(everything(), narrowed, YESTERDAY, "requests", NOW))
    found = against(everything(), Scope(), YESTERDAY, "neurons", NOW)
    assert found.model("workers-ai", LLAMA).base == found.model("", LLAMA).base == found.total.base
    assert found.model("openai", GPT) == UNKNOWN


def test_a_rate_in_points() -> None:
    """The difference of two shares is points; it does not add up."""
    day = day_of(NOW)
    found = against(everything(), Scope(), YESTERDAY, "cache", NOW)
    assert found.total.now == pytest.approx(1 / 3, abs=0.02)
    assert signed(replace(found.total, now=0.35, base=0.31), is_rate=True) == "+4 pt"
    assert found.base(day, day + DAY) is None
    assert found.base(day, day + HOUR) is not None


def test_a_replay_compares_as_it_would_have_then() -> None:
    """With what was settled by then: all hours up to the moment."""
    at = day_of(NOW) - DAY + HOUR * 9
    found = against(ViewsUntil(everything(), at), Scope(), YESTERDAY, "requests", at)
    assert found.closed == Window(day_of(at), at)
    assert found.total.base == requests_of(day_of(at) - DAY, 9)


# on the screen


def compared(basis: Basis = YESTERDAY, measure: str = "requests", scope: Scope | None = None) -> object:
    views = world()
    seen = scene(scope, views, measure=measure)
    return replace(seen, against=against(views, scope or Scope(), basis, measure, NOW))


@pytest.mark.parametrize("panel", [ModelsPanel, HoursPanel])
def test_a_column_of_differences(panel: type) -> None:
    """Under a head that names the basis; the sum in words below."""
    text = shown(panel(), compared(), 120, 14)  # type: ignore[arg-type]
    assert "vs yest" in text
    assert text.count("%") > 4
    assert "requests against yesterday to 12:00: +25 %" in text
    assert "vs yest" not in shown(panel(), scene(), 120, 14)


@pytest.mark.parametrize("width", range(60, 110, 5))
def test_hours_name_what_is_hidden(width: int) -> None:
    """Beside the difference, which becomes shorter for it."""
    *rows, foot = shown(HoursPanel(), compared(), width, 14).splitlines()  # type: ignore[arg-type]
    assert "yest" in foot
    assert ("tokens in" in rows[1] or " in " in rows[1]) or "hidden" in foot


def test_hours_that_fill_have_no_difference() -> None:
    """14:00, 13:00 and 12:00 are not compared; 11:00 is."""
    rows = {row[9:14].strip(): row for row in shown(HoursPanel(), compared(), 120, 20).splitlines()}  # type: ignore[arg-type]
    assert all("%" not in rows[hour] for hour in ("14:00", "13:00", "12:00"))
    assert "+25 %" in rows["11:00"]


@pytest.mark.parametrize("is_zoomed", [False, True])
def test_marks_in_the_chart(is_zoomed: bool) -> None:
    """Dashes where each hour ended yesterday, also in hours to come; named in the legend; no lines when zoomed."""
    text = shown(TrafficPanel(), compared(), 80, 16, is_zoomed=is_zoomed)  # type: ignore[arg-type]
    assert "╌╌ yesterday" in text
    assert text.count("╌") > 24
    assert "requests against yesterday to 12:00: +25 %" in text
    assert "╌" not in shown(TrafficPanel(), scene(), 80, 16)


@settings(max_examples=60)
@given(
    st.integers(12, 130),
    st.integers(3, 40),
    st.sampled_from(("box", "rule", "bare")),
    st.booleans(),
    st.sampled_from(TODAYS),
    st.sampled_from([*SOURCES]),
    st.sampled_from([ModelsPanel, HoursPanel, TrafficPanel]),
)
def test_any_size(
    width: int, height: int, form: Form, is_zoomed: bool, basis: Basis, measure: str, panel: type
) -> None:
    """Nothing is cut."""
    check_any_size(panel(), compared(basis, measure), width, height, form, is_zoomed)  # type: ignore[arg-type]


@given(st.floats(0.01, 1e9), st.floats(0, 1e9))
def test_a_column_is_never_cut(base: float, now: float) -> None:
    """Short is short, and the same figure."""
    found = Against(YESTERDAY, "requests")
    (figure,) = column(found, [Difference(now, base, is_large=True)]).figures
    assert figure.short == figure.full.replace(" ", "")
    assert figure.full == "0 %" or figure.full[0] in "+-"


def test_words_as_full_as_they_fit() -> None:
    """Fullest first; a longer window names the day."""
    found = against(world(), Scope(), USUAL, "requests", NOW)
    assert [*told(found)][1:] == ["vs the median of 7 days to 12:00: +25 %", "vs usual to 12:00: +25 %"]
    closed = Window(day_of(NOW) - DAY * 6, day_of(NOW))
    assert "to 22 Nov:" in told(replace(found, closed=closed))[0]
    assert "to 23 Nov 12:00:" in told(replace(found, closed=replace(closed, until=day_of(NOW) + HOUR * 12)))[0]
    assert ACCOUNT not in told(found)[0]
