"""What history does not keep is asked for while somebody looks at it: with the round, for the scope, and no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.errors import ForbiddenError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.feed.live import closed
from aigw_tui.history import open_history
from aigw_tui.model import DAY, HOUR, PERIODS, WEEK, Freshness, Gateway, Interval, Logged, Scope, Window, day_of

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
MIDNIGHT = day_of(NOW)


class Desk:
    """A feed on a made-up account with one gateway's requests, and somebody in front of it."""

    def __init__(self, *accounts: str) -> None:
        self.clock = StillClock(NOW)
        self.account = MadeUpAccount(self.clock, names={name: name.upper() for name in accounts or ("a",)})
        self.account.rows["requests"] = [
            (int((MIDNIGHT + HOUR * n).timestamp()), gateway, "openai", model, 5, 0, 0, 10, 5, 10, 5, 0.5, None, None)
            for n in range(14)
            for gateway, model in (("prod", "m"), ("batch", "n"))
        ]
        history = open_history(None, "https://x", NOW).history
        self.feed = Feed(self.account, history, self.clock, FeedSettings(interval=timedelta(seconds=60)))
        self.steps: AsyncIterator[Freshness] = self.feed.watch()

    async def pass_(self, seconds: float) -> None:
        end = self.clock.slept + seconds
        await anext(self.steps)
        while self.clock.slept < end:
            await anext(self.steps)

    async def look(self, scope: Scope, *names: str, argument: str = "") -> None:
        self.feed.need(scope, names, argument)
        await anext(self.steps)
        await anext(self.steps)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Everything of the past has been read."""
    found = Desk()
    await found.pass_(900)
    yield found
    await found.feed.close()


async def test_nobody_looks(desk: Desk) -> None:
    """Then nothing of it is ever asked."""
    desk.feed.need(Scope(), ())
    await desk.pass_(600)
    assert desk.account.live_asked == []
    assert desk.account.looked_up == []


async def test_it_comes_with_the_round(desk: Desk) -> None:
    """At once with the present in one request, then with each round; when nobody looks any more, no more."""
    desk.account.live["latency"] = ((int(MIDNIGHT.timestamp()), 5, 840.0, 2100.0, 4000.0),)
    asked = len(desk.account.asked)
    await desk.look(Scope(), "latency")
    assert len(desk.account.asked) == asked + 1
    assert {"requests", "latency"} <= {name for name, _ in desk.account.asked[-1]}
    assert [question.by for question in desk.account.live_asked] == [("hour",), (), ("provider", "model")]
    (answer,) = desk.feed.look(Scope()).answers("latency", "hour")
    assert (answer.rows, answer.window.since) == (((MIDNIGHT, 5, 840.0, 2100.0, 4000.0),), MIDNIGHT)
    await desk.pass_(300)
    often = len(desk.account.live_asked)
    assert 12 <= often <= 21
    desk.feed.need(Scope(), ())
    await desk.pass_(300)
    assert len(desk.account.live_asked) == often


async def test_the_same_answer_paints_nothing(desk: Desk) -> None:
    """Its window moves with the clock; rows that stay the same are the same snapshot within the hour."""
    desk.account.live["metadata"] = (("search", 5, 0, 0, 10, 5, 0.5),)
    scope = Scope(WEEK)
    await desk.look(scope, "metadata", argument="team")
    before = desk.feed.look(scope)
    await desk.pass_(61)
    assert desk.feed.look(scope) == before
    assert desk.feed.look(scope).answers("metadata", "value")[0].rows == desk.account.live["metadata"]


async def test_a_narrower_scope_is_another_question(desk: Desk) -> None:
    """The old answer is none for the new scope; filters hold what the scope lets through."""
    await desk.look(Scope(), "latency")
    narrower = Scope().narrow(gateway="prod", model="m")
    desk.feed.need(narrower, ["latency"])
    assert desk.feed.look(narrower).live == ()
    await desk.look(narrower, "latency")
    assert desk.account.live_asked[-1].where == (("gateway", ("prod",)), ("model", ("m",)))
    assert len(desk.feed.look(narrower).live) == 3
    asked = len(desk.account.asked)
    await desk.look(Scope(), "latency")
    assert (len(desk.feed.look(Scope()).live), len(desk.account.asked)) == (3, asked)  # going back costs nothing


async def test_fast_fingers_ask_seldom(desk: Desk) -> None:
    """However many windows somebody goes through, three seconds lie between two questions; the last is the last's."""
    asked, began = len(desk.account.asked), desk.clock.slept
    for n in range(20):
        desk.feed.need(Scope(PERIODS[n % 4]), ["latency"])
        await anext(desk.steps)
        desk.clock.pass_(0.5)
    await desk.pass_(3)
    assert len(desk.account.asked) - asked <= 2 + (desk.clock.slept - began) / 3
    assert desk.feed.look(Scope(PERIODS[3])).answers("latency")


async def test_long_windows_are_asked_by_the_day(desk: Desk) -> None:
    """And as far back as Cloudflare answers at once: whole days."""
    await desk.look(Scope(PERIODS[-1]), "latency")
    question = desk.account.live_asked[0]
    assert question.by == ("day",)
    assert question.window.since == MIDNIGHT  # this account answers for one day


async def test_what_cannot_be_asked_says_why(desk: Desk) -> None:
    """Of a part of the failures there is no latency; nothing is sent."""
    scope = Scope().narrow(status="500")
    await desk.look(scope, "latency")
    assert desk.account.live_asked == []
    assert {one.why for one in desk.feed.look(scope).live} == {"this cannot be told for a part of the failures"}


async def test_a_filter_that_nothing_matches(desk: Desk) -> None:
    """It has an empty answer, without a question."""
    scope = Scope(pattern="no such model")
    await desk.look(scope, "latency")
    assert desk.account.live_asked == []
    assert [(one.rows, one.why) for one in desk.feed.look(scope).live] == [((), "")] * 3
    narrower = Scope(pattern="^m")
    await desk.look(narrower, "latency")
    assert {question.where for question in desk.account.live_asked} == {(("model", ("m",)),)}


async def test_a_refusal_stands_in_the_answer(desk: Desk) -> None:
    """The round goes on, and no fault is raised about what nobody keeps."""
    desk.account.refused["latency"] = ForbiddenError("no access to quantiles")
    await desk.look(Scope(), "latency")
    answers = desk.feed.look(Scope()).answers("latency")
    assert [(one.rows, one.why) for one in answers] == [((), "no access to quantiles")]
    assert desk.feed.look(Scope()).faults == ()


async def test_metadata_needs_a_key(desk: Desk) -> None:
    """Without one there is no question."""
    await desk.look(Scope(), "metadata")
    assert desk.account.live_asked == []
    await desk.look(Scope(), "metadata", argument="team")
    assert [question.argument for question in desk.account.live_asked] == ["team"]


async def test_sampled_hours_make_the_total_a_question() -> None:
    """Intervals of hours do not add up, so the scope's total is asked with its own; never where all is counted."""
    desk = Desk()
    desk.feed.need(Scope())
    await desk.pass_(60)
    assert desk.account.live_asked == []
    hour = MIDNIGHT + 13 * HOUR
    desk.account.intervals = {int(hour.timestamp()): Interval(8, 12)}
    desk.account.live["whole"], desk.account.interval = ((140, None, None),), Interval(120, 160)
    await desk.pass_(130)
    assert dict(desk.feed.look(Scope()).views.sampled("requests", Window(MIDNIGHT, NOW))) == {hour: Interval(8, 12)}
    (total,) = desk.feed.look(Scope()).answers("whole")
    assert (total.rows, total.interval) == (((140, None, None),), Interval(120, 160))
    await desk.feed.close()


async def test_every_account_of_the_scope_is_asked() -> None:
    """Each by itself, in its own request; the others not."""
    desk = Desk("a", "b", "c")
    await desk.pass_(300)
    await desk.look(Scope().narrow(account=("a", "b")), "storage")
    answers = desk.feed.look(Scope().narrow(account=("a", "b"))).answers("storage", "gateway")
    assert [one.account for one in answers] == ["a", "b"]
    assert len(desk.account.live_asked) == 2
    await desk.feed.close()


async def test_gateways_and_logs_are_looked_up_seldom(desk: Desk) -> None:
    """Every ten minutes while they are needed, over REST, for the gateways of the scope."""
    desk.account.gateways_said = (Gateway("prod"), Gateway("batch"))
    scope = Scope().narrow(gateway="prod")
    await desk.look(scope, "gateways", "logged")
    await desk.pass_(300)
    assert desk.account.looked_up == ["gateways of a", "logs of prod"]
    snapshot = desk.feed.look(scope)
    assert snapshot.gateways == (("a", desk.account.gateways_said),)
    assert snapshot.logged == (("a", Window(MIDNIGHT, MIDNIGHT + 12 * HOUR), (Logged("prod", 7),)),)
    await desk.pass_(400)
    assert desk.account.looked_up == ["gateways of a", "logs of prod"] * 2


async def test_logs_of_a_wider_scope(desk: Desk) -> None:
    """Those of the gateways that were not looked at before are counted in the next round, not in ten minutes."""
    desk.account.gateways_said = (Gateway("prod"), Gateway("batch"))
    await desk.look(Scope().narrow(gateway="prod"), "gateways", "logged")
    desk.feed.need(Scope(), ["gateways", "logged"])
    await desk.pass_(70)
    assert desk.account.looked_up == ["gateways of a", "logs of prod", "logs of prod", "logs of batch"]
    ((_, _, found),) = desk.feed.look(Scope()).logged
    assert [one.gateway for one in found] == ["prod", "batch"]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(MIDNIGHT, NOW), Window(MIDNIGHT, MIDNIGHT + 12 * HOUR)),
        (Window(NOW - 90 * DAY, NOW), Window(MIDNIGHT + 12 * HOUR - 7 * DAY, MIDNIGHT + 12 * HOUR)),
        (Window(MIDNIGHT + 13 * HOUR, NOW), Window(MIDNIGHT - 12 * HOUR, MIDNIGHT + 12 * HOUR)),
    ],
)
def test_a_closed_window(window: Window, expected: Window) -> None:
    """Without the hours that still get logs, at most a week; where nothing is left, the day before."""
    assert closed(window, NOW) == expected
