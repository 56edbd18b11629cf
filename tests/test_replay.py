"""Looking back: a moment that has passed looks as it would have looked then, to whoever had read all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from account import MadeUpAccount, StillClock
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.feed.alarms import shown_at
from aigw_tui.feed.replay import ViewsUntil, as_it_was, firing
from aigw_tui.history import open_history
from aigw_tui.history.episodes import Verdicts
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.scoped import where
from aigw_tui.model import (
    DAY,
    HOUR,
    PERIODS,
    TODAY,
    Episode,
    Phase,
    Query,
    Scope,
    Snapshot,
    Trust,
    Window,
    day_of,
    period_of,
)  # fmt: skip
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.replay import FIRST, Moment, back_words, date_words, heads, scrubber, step
from aigw_tui.tui.scene import Scene
from settled import Counts, settled_history
from world import ACCOUNT, LLAMA, NOW, SERVER, area

FIRST_HOUR = day_of(NOW) - DAY * 6
LATER = NOW + DAY * 2
"""By then everything has settled."""
LAST = day_of(NOW) + HOUR * 14
hours = st.integers(0, (LAST - FIRST_HOUR) // HOUR - 1)
counts = st.dictionaries(st.tuples(hours, st.integers(0, 2)), st.integers(1, 200), max_size=40)
EVERYWHERE: Counts = {(n, n % 3): 20 + n % 7 * 9 for n in range(1, (LAST - FIRST_HOUR) // HOUR)}
OF_NOW = ("accounts", "alerts", "latency")
"""They also say what is known of now alone: see their own tests."""
PANELS = [(name, kind) for name, kind in all_panels() if not kind.NOT_KEPT and name not in OF_NOW]


def settled(found: Counts, until: datetime) -> SqliteHistory:
    """A history of them from the first hour on; no name comes up later."""
    return settled_history({**found, (0, 0): 9, (0, 1): 9, (0, 2): 9}, FIRST_HOUR, until, LATER)


def feed_at(now: datetime, history: SqliteHistory) -> Feed:
    clock = StillClock(now)
    return Feed(MadeUpAccount(clock), history, clock, FeedSettings((ACCOUNT,), labels={ACCOUNT: "acme"}))


def drawn(snapshot: Snapshot, kind: type, measure: str, width: int, height: int) -> object:
    panel, room = kind(), area(width, height)
    return panel.draw(panel.look(Scene(snapshot, measure), room), room)


scopes = st.builds(
    lambda period, narrow: Scope(period).narrow(**narrow),
    st.sampled_from(PERIODS),
    st.sampled_from([{}, {"model": LLAMA}, {"provider": "openai"}, {"gateway": "prod"}]),
)


@settings(max_examples=20)
@given(counts, hours.map(lambda n: FIRST_HOUR + HOUR * (n + 1)), scopes, st.sampled_from(["requests", "cost"]))
@example(EVERYWHERE, day_of(NOW), Scope(), "requests")
@example(EVERYWHERE, day_of(NOW) + HOUR * 13, Scope(), "neurons")
@example(EVERYWHERE, day_of(NOW) - HOUR, Scope(PERIODS[1]), "tokens")
@example(EVERYWHERE, day_of(NOW), Scope(PERIODS[2]), "errors")
def test_a_replay_is_a_look_of_then(found: Counts, at: datetime, scope: Scope, measure: str) -> None:
    """Of whoever had a history that ends there and is settled: the same quotas, and every panel draws the same."""
    replayed = feed_at(LATER, settled(found, LAST)).look_back(scope, at)
    then = feed_at(at, settled(found, at)).look(scope)
    assert (replayed.quotas, replayed.labels, replayed.window) == (then.quotas, then.labels, then.window)
    query = Query("requests", then.window, (), ("requests",), where(then.views, scope, "requests"))
    if not then.views.view(query).total.values[0]:
        return  # what stands in an empty panel tells a replay apart
    for name, kind in PANELS:
        if name == "neurons" and not then.quotas[0].used:
            continue  # a 0 of now is explained by the delay, which is long over in a replay
        for width, height in ((56, 7), (110, 24)):
            assert drawn(replayed, kind, measure, width, height) == drawn(then, kind, measure, width, height), name


@pytest.mark.parametrize("at", [FIRST_HOUR + HOUR, day_of(NOW), day_of(NOW) + HOUR, LAST])
@pytest.mark.parametrize("period", PERIODS)
def test_every_panel_bears_any_moment(at: datetime, period: object) -> None:
    """Midnight, too, when today has no hour yet; and nothing is asked for, now or later."""
    snapshot = feed_at(LATER, settled(EVERYWHERE, LAST)).look_back(Scope(period), at)  # type: ignore[arg-type]
    for _, kind in all_panels():
        for width, height in ((30, 2), (56, 7), (110, 24)):
            text = plain(drawn(snapshot, kind, "requests", width, height).lines)  # type: ignore[attr-defined]
            assert "next answer" not in text or kind.NOT_KEPT


def test_the_views_end_there() -> None:
    """By hour, by day and in all, with and without a page; hours that are known; names are those of all time."""
    history = settled(EVERYWHERE, LAST)
    for at in (day_of(NOW) + HOUR * 5, day_of(NOW)):
        views, shorter = ViewsUntil(history, at), settled(EVERYWHERE, at)
        for since in (FIRST_HOUR - DAY * 60, FIRST_HOUR, day_of(at), at - HOUR * 3, at, at + HOUR * 2):
            window = Window(since, LAST + DAY)
            for query in (
                Query("requests", window, ("hour",), ("requests", "duration_p50")),
                Query("requests", window, ("hour", "model"), ("requests",), order=("hour", "-requests", "model")),
                Query("requests", window, ("day", "model"), ("requests", "cost_usd")),
                Query("requests", window, ("hour",), ("requests",), limit=2),
                Query("requests", window, (), ("requests", "errors")),
                Query("requests", window, ("hour",), ("requests",), (("provider", ("openai",)),)),
                Query("requests", Window(since + timedelta(minutes=7), at), ("hour",), ("requests",)),
            ):
                mine, other = views.view(query), shorter.view(query)
                assert (mine.rows, mine.total, mine.count) == (other.rows, other.total, other.count)
            assert views.known("requests", window) == shorter.known("requests", window)
        assert set(views.known("requests", Window(FIRST_HOUR, LAST)).values()) == {Trust.SETTLED}
        assert views.names("requests", "model") == history.names("requests", "model")


def test_the_gauge_says_what_was_used_by_then() -> None:
    """Without an estimate beside it, for all of it is measured; from there on the day is expected."""
    at = day_of(NOW) + HOUR * 10
    (neurons,) = (
        one for one in feed_at(LATER, settled(EVERYWHERE, LAST)).look_back(Scope(), at).quotas if one.name == "neurons"
    )
    used = sum(
        3.5 * count for (n, m), count in EVERYWHERE.items() if m == 0 and day_of(at) <= FIRST_HOUR + HOUR * n < at
    )
    assert neurons.used == pytest.approx(used)
    assert neurons.nowcast is None
    assert neurons.pace
    assert neurons.pace.expected[0][0] == at


def test_a_day_that_begins_has_used_nothing() -> None:
    """At 00:00 that is 0, not unknown; but of an account that was never read nothing is known."""
    found = feed_at(LATER, settled(EVERYWHERE, LAST)).look_back(Scope(), day_of(NOW)).quota("neurons")
    assert found
    assert found.used == 0.0
    nothing = feed_at(LATER, open_history(None, SERVER, LATER).history).look_back(Scope(), day_of(NOW)).quota("neurons")
    assert nothing
    assert nothing.used is None


def test_what_is_of_now_alone_is_left_out() -> None:
    """Answers, counters, faults and the log."""
    snapshot = feed_at(LATER, settled(EVERYWHERE, LAST)).look_back(Scope(), LAST)
    assert snapshot.is_past
    assert (snapshot.live, snapshot.gateways, snapshot.logged, snapshot.counters, snapshot.faults) == ((),) * 5
    assert snapshot.journal.entries == ()


async def test_the_first_hour() -> None:
    """Of the accounts of the scope; None where nothing was read."""
    feed = feed_at(LATER, settled(EVERYWHERE, LAST))
    assert feed.first_hour(Scope()) == FIRST_HOUR
    assert feed.first_hour(Scope().narrow(account="another")) is None
    assert feed_at(LATER, open_history(None, SERVER, LATER).history).first_hour(Scope()) is None


# alerts of then

OVER = Episode("errors", ACCOUNT, LAST - HOUR * 9, LAST - HOUR * 8, LAST - HOUR * 7, "warning", 0.3, "errors above 5 %")
LONG = Episode("spike", ACCOUNT, LAST - HOUR * 6, LAST - HOUR * 6, LAST - HOUR * 2, "warning", 9.0, "tokens")
BAD = Episode("used", ACCOUNT, LAST - HOUR * 4, LAST - HOUR * 4, None, "critical", 0.95, "neurons used above 90 %")


def test_alerts_as_they_were() -> None:
    """What had fired by then and was not over fires; how bad it became, and when it ended, nobody knew yet."""
    history = settled(EVERYWHERE, LAST)
    history.alerts.judge(lambda _: Verdicts(episodes=(OVER, LONG, BAD)))
    feed = feed_at(LATER, history)
    at = feed.look_back(Scope(), LAST - HOUR * 3)
    assert [(one.rule, one.phase, one.since, one.value, one.figure) for one in at.alerts] == [
        ("used", Phase.FIRING, BAD.fired, None, ""),
        ("spike", Phase.FIRING, LONG.fired, None, ""),
    ]
    assert at.episodes == (replace(BAD, peak=None), replace(LONG, resolved=None, peak=None), OVER)
    before = feed.look_back(Scope(), LAST - HOUR * 7 - timedelta(minutes=30))
    assert [one.rule for one in before.alerts] == ["errors"]
    assert feed.look_back(Scope(), LAST - HOUR * 10).alerts == ()
    assert feed.look_back(Scope(), LAST).alerts[0].rule == "used"


def test_old_episodes_are_found_behind_many_newer_ones() -> None:
    """However much has happened since."""
    history = settled({}, LAST)
    newer = [replace(OVER, fired=LAST - timedelta(minutes=n), resolved=LAST) for n in range(150)]
    history.alerts.judge(lambda _: Verdicts(episodes=(LONG, *newer)))
    assert [one.rule for one in feed_at(LATER, history).look_back(Scope(), LAST - HOUR * 5).episodes] == ["spike"]


def test_names_of_a_rule_are_told_apart_in_the_past() -> None:
    """Of a rule for each model, all that fired then, and each narrows to its own."""
    history = settled({}, LAST)
    many = [replace(LONG, name=f"m{n:03}") for n in range(150)]
    history.alerts.judge(lambda _: Verdicts(episodes=(*many, replace(LONG, name="(none)"))))
    at = LAST - HOUR * 5
    found = as_it_was(shown_at(history.alerts, at), at)
    alerts = {one.name: dict(one.narrow)["model"] for one in firing(found, {"spike": "model"})}
    assert len(alerts) == 151
    assert (alerts["m007"], alerts["(none)"]) == (("m007",), ("",))


moments = st.integers(0, 48).map(lambda n: LAST - HOUR * 24 + HOUR * n)


@given(st.lists(st.tuples(moments, st.one_of(st.none(), st.integers(0, 9))), max_size=8), moments)
def test_nothing_of_an_alert_comes_from_later(found: list[tuple[datetime, int | None]], at: datetime) -> None:
    """Neither when it fired, nor when it ended, nor its peak."""
    episodes = tuple(
        replace(OVER, rule=str(n), fired=fired, resolved=None if hours_ is None else fired + HOUR * hours_)
        for n, (fired, hours_) in enumerate(found)
    )
    then = as_it_was(episodes, at)
    assert all(one.fired <= at and (one.resolved is None or one.resolved <= at) for one in then)
    assert {one.rule for one in firing(then)} == {
        one.rule for one in episodes if one.fired <= at and (one.resolved is None or one.resolved > at)
    }
    assert all(one.peak is None for one in then if one.resolved is None)


# steps and lines

steps = st.sampled_from([HOUR * n for n in (-24, -1, 1, 24)])


@given(st.lists(steps, max_size=40), st.integers(0, 400), st.integers(0, 3599))
def test_steps_stay_within_what_is_held(keys: list[timedelta], held: int, seconds: int) -> None:
    """Always at a full hour, with at least one hour that is held before it, and before now."""
    now = LAST + timedelta(seconds=seconds)
    first, moment = LAST - HOUR * held, None
    for by in keys:
        before, moment = moment, step(moment, by, first, now)
        if moment is None:
            assert by > timedelta(0) or before is None
            continue
        assert first + HOUR <= moment.at < now
        assert moment.at.minute == moment.at.second == 0
        if before is not None and not moment.note:
            assert moment.at - before.at == by


def test_the_first_steps() -> None:
    """An hour back from 14:05 hides the hour that runs, a day back is 14:00 of yesterday; forward from now is now."""
    at = LAST + timedelta(minutes=5)
    assert [getattr(step(None, HOUR * n, FIRST_HOUR, at), "at", None) for n in (-1, -24, 1, 24)] == [
        LAST, LAST - DAY, None, None,
    ]  # fmt: skip
    assert getattr(step(None, -HOUR, FIRST_HOUR, LAST), "at", None) == LAST - HOUR
    assert step(None, -HOUR, None, at) is None
    assert step(None, -HOUR, LAST, at) is None


def test_the_ends() -> None:
    """Before the first hour one stops and is told; past now the replay ends."""
    moment = step(Moment(FIRST_HOUR + HOUR * 2, FIRST_HOUR), -DAY, FIRST_HOUR, NOW)
    assert moment == Moment(FIRST_HOUR + HOUR, FIRST_HOUR, FIRST)
    assert step(moment, HOUR, FIRST_HOUR, NOW) == Moment(FIRST_HOUR + HOUR * 2, FIRST_HOUR)
    assert step(Moment(LAST, FIRST_HOUR), HOUR, FIRST_HOUR, NOW) is None
    assert step(Moment(LAST - HOUR, FIRST_HOUR), DAY, FIRST_HOUR, NOW) is None


@given(st.integers(1, 2000), st.integers(1, 210), st.sampled_from(["", "▲ offline", "▲ 12 fire"]), st.booleans())
def test_the_scrubber_at_any_width(held: int, width: int, news: str, has_date: bool) -> None:
    """As wide as the screen, one mark at the most; where there is room, further right the later the moment is."""
    first, places = LAST - HOUR * held, []
    for at in (first + HOUR, first + HOUR * (held // 2 + 1), LAST):
        found = scrubber(Moment(at, first), NOW, width, news, has_date)
        assert width_of(found) == width
        places.append(plain([found]).find("●"))
        assert plain([found]).count("●") == (places[-1] >= 0)
    assert width < 60 or places == sorted(places)


def test_the_scrubber_in_words() -> None:
    """First hour, moment, now, how far back, and what is wrong now."""
    moment = Moment(LAST - DAY, FIRST_HOUR)
    text = plain([scrubber(moment, NOW, 80, "▲ offline")])
    assert text.startswith(" 17 Nov ━")
    assert re.search(r"─ now ▲ offline +24 h back$", text)
    assert "nothing older is held" in plain([scrubber(replace(moment, note=FIRST), NOW, 40)])
    assert "REPLAY  22 Nov 14:00" in plain([scrubber(moment, NOW, 36, has_date=True)])
    assert plain([scrubber(replace(moment, first=LAST - HOUR * 3, at=LAST), NOW, 60)]).startswith(" 11:00 ━")


def test_when_in_words() -> None:
    """The year where it is another one; minutes, hours, days."""
    assert date_words(LAST, NOW) == "Mon 23 Nov 14:00"
    assert date_words(LAST.replace(year=2025), NOW) == "Sun 23 Nov 2025 14:00"
    assert [back_words(NOW - timedelta(minutes=n), NOW) for n in (5, 65, 47 * 60, 72 * 60, 75 * 60)] == [
        "5 min back", "1 h back", "47 h back", "3 d back", "3 d 3 h back",
    ]  # fmt: skip
    assert plain(heads(LAST, NOW)[:1]) == "◂ REPLAY   Mon 23 Nov 14:00 UTC"


def test_narrowed_to_an_hour_that_had_not_come() -> None:
    """Nothing of it is known, and the panel says so."""
    hour = period_of(Window(LAST - HOUR, LAST))
    snapshot = feed_at(LATER, settled(EVERYWHERE, LAST)).look_back(Scope(TODAY).narrow(hour), LAST - HOUR * 5)
    (hours_panel,) = (kind for name, kind in all_panels() if name == "hours")
    assert "history holds nothing of this window" in plain(drawn(snapshot, hours_panel, "requests", 110, 9).lines)  # type: ignore[attr-defined]
