"""Request logs are read beside the rounds while somebody looks: of the scope, seldom, and never twice for one look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import pairwise

import pytest

from aigw_tui.errors import BudgetError, ForbiddenError, TransientError
from aigw_tui.feed.requestlogs import LEAST_PAUSE_S, MOST_GATEWAYS
from aigw_tui.model import DAY, HOUR, PERIODS, Gateway, LogFilter, LogRow, NewestLogs, Scope, Window, period_of
from test_live import MIDNIGHT, NOW, Desk

INTERVAL_S = 60


def row(id_: str, minutes_ago: float = 1, gateway: str = "prod", **more: object) -> LogRow:
    at = NOW - timedelta(minutes=minutes_ago)
    return LogRow(id_, at, "a", gateway, "openai", "m", 200, True, **more)  # type: ignore[arg-type]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Everything of the past has been read; two gateways, of which one has requests of a model `n` alone."""
    found = Desk()
    found.account.gateways_said = (Gateway("prod"), Gateway("batch"))
    found.account.logs = {"prod": (row("p", 1),), "batch": (row("b", 2, "batch"),)}
    await found.pass_(900)
    yield found
    await found.feed.close()


def ids(desk: Desk, scope: Scope) -> list[str]:
    return [row.id for one in desk.feed.look(scope).newest for row in one.rows]


async def test_nobody_looks(desk: Desk) -> None:
    """Then none is ever asked for, whatever else is on the screen."""
    desk.feed.need(Scope(), ["latency", "gateways", "logged"])
    await desk.pass_(300)
    assert desk.account.logs_asked == []


async def test_once_an_interval_while_somebody_looks(desk: Desk) -> None:
    """At once, then once an interval at the most; when nobody looks any more, no more."""
    await desk.look(Scope(), "logs")
    assert len(desk.account.logs_asked) == 1
    assert ids(desk, Scope()) == ["p", "b"]
    desk.feed.need(Scope(), ["logs"])
    await desk.pass_(INTERVAL_S * 10)
    often = len(desk.account.logs_asked)
    assert 9 <= often <= 13
    desk.feed.need(Scope(), ())
    await desk.pass_(INTERVAL_S * 5)
    assert len(desk.account.logs_asked) == often


async def turns() -> None:
    """Whatever can go on without time passing does so."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_it_costs_no_query(desk: Desk) -> None:
    """REST has a budget of its own: looking at logs sends no GraphQL, and does not wait for the next round."""
    asked = len(desk.account.asked)
    desk.feed.need(Scope(), ["logs"])
    await turns()
    assert (len(desk.account.asked), len(desk.account.logs_asked)) == (asked, 1)
    assert ids(desk, Scope()) == ["p", "b"]


async def test_fast_fingers_ask_seldom(desk: Desk) -> None:
    """However many windows somebody goes through, three seconds lie between two readings; the last is the last's."""
    times: list[float] = []
    honest = desk.account.newest

    async def timed(account: str, gateways: Sequence[str], wanted: LogFilter, most: int) -> NewestLogs:
        times.append(desk.clock.monotonic())
        return await honest(account, gateways, wanted, most)

    desk.account.newest = timed  # type: ignore[method-assign]
    for n in range(20):
        desk.feed.need(Scope(PERIODS[n % 4]).narrow(model=str(n)), ["logs"])
        await turns()
        desk.clock.pass_(0.5)
    desk.feed.need(Scope(PERIODS[3]), ["logs"])
    await turns()
    assert len(times) > 2
    assert min(later - one for one, later in pairwise(times)) >= LEAST_PAUSE_S
    assert ids(desk, Scope(PERIODS[3])) == ["p", "b"]


async def test_going_back_has_them_at_once(desk: Desk) -> None:
    """Those of the narrower scope are none of the wider one; those of the wider one are still there."""
    await desk.look(Scope(), "logs")
    narrower = Scope().narrow(gateway="batch")
    desk.feed.need(narrower, ["logs"])
    assert ids(desk, narrower) == []
    await desk.pass_(10)
    assert ids(desk, narrower) == ["b"]
    desk.feed.need(Scope(), ["logs"])
    assert ids(desk, Scope()) == ["p", "b"]


async def test_those_with_some_metadata(desk: Desk) -> None:
    """They are asked for by it, and are none of the others; who goes back has the others at once."""
    pairs = (("team", "search"),)
    await desk.look(Scope(), "logs")
    desk.account.logs = {"prod": (row("p", 1), row("q", 2, metadata=pairs)), "batch": ()}
    desk.feed.need(Scope(), ["logs"], "", pairs)
    assert ids(desk, Scope()) == []
    await desk.pass_(10)
    assert desk.account.logs_asked[-1][2].metadata == pairs
    assert ids(desk, Scope()) == ["q"]
    assert desk.feed.look(Scope()).logs_with == pairs
    desk.feed.need(Scope(), ["logs"])
    assert ids(desk, Scope()) == ["p", "b"]
    assert desk.feed.look(Scope()).logs_with == ()


async def test_refresh_reads_again(desk: Desk) -> None:
    """`r` does not wait for the next interval."""
    await desk.look(Scope(), "logs")
    desk.clock.pass_(LEAST_PAUSE_S)
    desk.feed.refresh()
    await desk.pass_(LEAST_PAUSE_S)
    assert len(desk.account.logs_asked) == 2


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope().narrow(model="m", provider="openai"), {"models": ("m",), "providers": ("openai",)}),
        (Scope(pattern="^n"), {"models": ("n",)}),
        (Scope().narrow(status="429"), {"statuses": (range(429, 430),), "only_errors": True}),
        (Scope().narrow(status=("200", "500")), {"statuses": (range(200, 201), range(500, 501))}),
        (Scope().narrow(status=""), {"only_errors": True}),
    ],
)
async def test_what_is_wanted(desk: Desk, scope: Scope, expected: dict[str, object]) -> None:
    """What the scope is narrowed to, and its window; a little more than now, for clocks that differ."""
    await desk.look(scope, "logs")
    ((_, _, wanted),) = desk.account.logs_asked
    assert wanted == LogFilter(wanted.window, **expected)  # type: ignore[arg-type]
    assert wanted.window.since == MIDNIGHT
    assert timedelta(0) < wanted.window.until - desk.clock.now() <= timedelta(minutes=1)


async def test_an_hour_is_asked_as_it_is(desk: Desk) -> None:
    hour = Window(MIDNIGHT + HOUR * 9, MIDNIGHT + HOUR * 10)
    await desk.look(Scope().narrow(period_of(hour)), "logs")
    assert desk.account.logs_asked[0][2].window == hour


async def test_a_filter_that_nothing_matches(desk: Desk) -> None:
    """It has an empty answer, without a question."""
    scope = Scope(pattern="no such model")
    await desk.look(scope, "logs")
    assert desk.account.logs_asked == []
    assert desk.feed.look(scope).newest == (NewestLogs("a"),)


async def test_the_busiest_gateways_first(desk: Desk) -> None:
    """Those that the scope's requests went through; of more than ten the rest is counted."""
    desk.account.gateways_said = (*(Gateway(f"g{n}") for n in range(12)), Gateway("batch"), Gateway("prod"))
    desk.clock.pass_(601)  # the settings are looked up again
    await desk.look(Scope().narrow(model="n"), "logs")
    ((_, gateways, _),) = desk.account.logs_asked
    assert (gateways[0], len(gateways)) == ("batch", MOST_GATEWAYS)
    assert desk.feed.look(Scope().narrow(model="n")).newest[0].left_out == 4


async def test_gateways_that_cannot_be_listed(desk: Desk) -> None:
    """Those that history knows are asked all the same; where it knows none, the refusal is the answer."""

    async def refused(account: str) -> tuple[Gateway, ...]:
        raise ForbiddenError("Authentication error")

    desk.account.gateways = refused  # type: ignore[method-assign]
    await desk.look(Scope(), "logs")
    assert {*desk.account.logs_asked[0][1]} == {"prod", "batch"}
    desk.feed.need(Scope().narrow(model="never heard of"), ["logs"])
    await desk.pass_(10)
    (answer,) = desk.feed.look(Scope().narrow(model="never heard of")).newest
    assert answer.why == "Authentication error"
    assert "AI Gateway: Read" in answer.remedy


async def test_a_failure_keeps_what_was_read(desk: Desk) -> None:
    """With the reason, until it works again."""
    await desk.look(Scope(), "logs")
    desk.account.logs_refused = TransientError("no answer in time")
    await desk.pass_(INTERVAL_S + 10)
    (answer,) = desk.feed.look(Scope()).newest
    assert ([row.id for row in answer.rows], answer.why) == (["p", "b"], "no answer in time")
    assert desk.feed.look(Scope()).faults == ()
    desk.account.logs_refused = None
    await desk.pass_(INTERVAL_S + 10)
    assert desk.feed.look(Scope()).newest[0].why == ""


async def test_a_used_up_budget_is_waited_for(desk: Desk) -> None:
    """Not asked again before the moment that Cloudflare named; the reason stands wherever one looks."""
    desk.account.logs_refused = BudgetError("throttled", desk.clock.now() + timedelta(minutes=10))
    await desk.look(Scope(), "logs")
    desk.account.logs_refused = None
    other = Scope().narrow(gateway="prod")
    desk.feed.need(other, ["logs"])
    await desk.pass_(300)
    assert len(desk.account.logs_asked) == 1
    assert desk.feed.look(other).newest[0].why == "throttled"
    await desk.pass_(400)
    assert ids(desk, other) == ["p"]


async def test_of_many_accounts_none_is_read() -> None:
    """Each would cost a request for each of its gateways."""
    desk = Desk(*"abcdef")
    await desk.pass_(300)
    await desk.look(Scope(), "logs")
    await desk.pass_(120)
    assert desk.account.logs_asked == []
    await desk.look(Scope().narrow(account=("a", "b")), "logs")
    await desk.pass_(10)
    assert [account for account, _, _ in desk.account.logs_asked] == ["a", "b"]
    await desk.feed.close()


async def test_slow_logs_delay_nothing(desk: Desk) -> None:
    """The rounds go on while a reading hangs; another scope does not wait for its end; closing ends it."""
    hung, ended = asyncio.Event(), asyncio.Event()
    honest = desk.account.newest

    async def hanging(account: str, gateways: Sequence[str], wanted: LogFilter, most: int) -> NewestLogs:
        hung.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    desk.account.newest = hanging  # type: ignore[method-assign]
    await desk.look(Scope(), "logs")
    assert hung.is_set()
    asked = len(desk.account.asked)
    await desk.pass_(INTERVAL_S * 3)
    assert len(desk.account.asked) > asked
    desk.account.newest = honest  # type: ignore[method-assign]
    narrower = Scope().narrow(gateway="prod")
    desk.feed.need(narrower, ["logs"])
    await desk.pass_(10)
    assert ended.is_set()
    assert ids(desk, narrower) == ["p"]


async def test_one_request_and_its_bodies_are_asked_by_hand(desk: Desk) -> None:
    """Of its own account and gateway."""
    wanted = row("p")
    assert await desk.feed.logs.one(wanted) == desk.account.logs["prod"][0]
    assert await desk.feed.logs.one(row("gone")) is None
    assert await desk.feed.logs.body(wanted, "request") is None


async def test_the_same_rows_paint_nothing(desk: Desk) -> None:
    """When they were read moves with the clock; the snapshot stays the same within the hour."""
    scope = Scope(PERIODS[2])
    await desk.look(scope, "logs")
    before = desk.feed.look(scope)
    await desk.pass_(INTERVAL_S + 5)
    assert len(desk.account.logs_asked) == 2
    assert desk.feed.look(scope) == before
    assert before.newest[0].rows
    assert desk.clock.now() - NOW < DAY
