"""Several accounts: each has its turn, its budget and its state; what one cannot do is nothing to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.cloudflare.budget import Meters
from aigw_tui.cloudflare.client import Client
from aigw_tui.errors import BudgetError, ForbiddenError, TransientError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import HOUR, Freshness, Query, Scope, State, Window, day_of
from wire import BentClock, Script, said, settings

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
TODAY = Window(day_of(NOW), NOW + HOUR)


def row(n: int) -> StoredRow:
    return (int((day_of(NOW) + HOUR * n).timestamp()), "g", "openai", "m", 5, 0, 0, 10, 5, 10, 5, 0.5, None, None)


class Watch:
    """A feed on made-up accounts that all have the same traffic."""

    def __init__(self, *names: str, interval: float = 60) -> None:
        self.clock = StillClock(NOW)
        self.account = MadeUpAccount(self.clock, names={name: name.upper() for name in names})
        self.account.rows["requests"] = [row(n) for n in range(14)]
        self.account.reach = timedelta(hours=1)
        history = open_history(None, "https://x", NOW).history
        self.feed = Feed(self.account, history, self.clock, FeedSettings(interval=timedelta(seconds=interval)))
        self.steps: AsyncIterator[Freshness] = self.feed.watch()

    async def pass_(self, seconds: float) -> list[str]:
        """Go on for so long; the accounts that were asked meanwhile."""
        before, end = len(self.account.asked_of), self.clock.slept + seconds
        await anext(self.steps)
        while self.clock.slept < end:
            await anext(self.steps)
        return self.account.asked_of[before:]

    def states(self) -> dict[str, State]:
        return {one.id: one.state for one in self.feed.look(Scope()).accounts}


@pytest.fixture
async def three() -> AsyncIterator[Watch]:
    """Three accounts, read and at rest."""
    found = Watch("a", "b", "c")
    await found.pass_(300)
    yield found
    await found.feed.close()


async def test_at_rest_one_request_for_each(three: Watch) -> None:
    """Ten minutes are ten rounds, and each asks each of them once; their figures add up."""
    asked = Counter(await three.pass_(600))
    assert all(9 <= count <= 11 for count in asked.values())
    view = three.feed.look(Scope()).views.view(Query("requests", TODAY, ("account",), ("requests",)))
    assert [(one.key, one.values) for one in view.rows] == [(("a",), (70,)), (("b",), (70,)), (("c",), (70,))]
    assert view.total.values == (210,)


async def test_a_budget_that_is_used_up_silences_one(three: Watch) -> None:
    """For as long as was said; the others are asked as ever, and the screen says whose it is and until when."""
    until = three.feed.now() + timedelta(seconds=300)
    three.account.down["b"] = BudgetError("limit reached", until)
    asked = Counter(await three.pass_(240))
    assert asked["b"] == 1
    assert min(asked["a"], asked["c"]) >= 3
    snapshot = three.feed.look(Scope())
    assert [(fault.account, fault.until) for fault in snapshot.faults] == [("b", until)]
    assert {one.id: one.until for one in snapshot.accounts} == {"a": None, "b": until, "c": None}
    del three.account.down["b"]
    await three.pass_(150)
    assert three.feed.look(Scope()).faults == ()


async def test_one_that_is_gone_holds_up_nobodys_past() -> None:
    """What happens between two rounds: the past of the next account is read all the same."""
    watch = Watch("a", "b", "c", interval=3600)
    watch.account.reach = timedelta(days=2)
    for _ in range(2):
        await anext(watch.steps)
    watch.account.down["b"] = ForbiddenError("not authorized for that account")
    asked = Counter(await watch.pass_(300))
    assert asked["a"] > 0
    assert asked["c"] > 0
    await watch.feed.close()


async def test_each_has_a_state_of_its_own(three: Watch) -> None:
    """One out of reach for long is offline, and all together are as stale as their worst; the others alone are live."""
    three.account.down["b"] = TransientError("HTTP 503")
    await three.pass_(600)
    assert three.states() == {"a": State.LIVE, "b": State.OFFLINE, "c": State.LIVE}
    whole = three.feed.freshness
    assert (whole.state, whole.is_stale) == (State.OFFLINE, True)
    three.feed.need(Scope().narrow(account="a"))
    alone = three.feed.freshness
    assert (alone.state, alone.is_stale) == (State.LIVE, False)
    (b,) = [one for one in three.feed.look(Scope()).accounts if one.id == "b"]
    assert b.as_of == whole.good_at
    assert (b.label, len(three.feed.look(Scope()).faults)) == ("B", 1)


async def test_one_that_never_answered_leaves_the_others_live(three: Watch) -> None:
    """It says so itself, in a fault."""
    three.account.names["d"] = "D"
    fresh = Watch("a", "d")
    fresh.account.down["d"] = ForbiddenError("not authorized for that account")
    await fresh.pass_(600)
    assert fresh.states() == {"a": State.LIVE, "d": State.STALE}
    assert fresh.feed.freshness.state is State.LIVE
    assert [fault.account for fault in fresh.feed.look(Scope()).faults] == ["d"]
    await fresh.feed.close()


async def test_three_hundred_accounts_take_turns() -> None:
    """Thirty in a minute: never more than half of what Cloudflare allows, and in ten minutes everyone had a turn."""
    names = [f"{n:03}" for n in range(300)]
    watch = Watch(*names)
    for _ in range(2):
        asked: list[str] = []
        while len(asked) < 300:
            asked += await watch.pass_(60)
        assert len(asked) <= 330
        assert max(Counter(asked).values()) <= 2
    assert {*watch.account.asked_of} == {*names}
    assert len(await watch.pass_(300)) <= 180  # six rounds, when they come a tenth early
    await watch.pass_(600)
    assert set(watch.states().values()) == {State.LIVE}
    assert not watch.feed.freshness.is_stale
    await watch.feed.close()


async def test_without_a_network_not_all_are_tried() -> None:
    """After three in a row that cannot be reached the others wait for the next round."""
    names = [f"{n:02}" for n in range(20)]
    watch = Watch(*names)
    await watch.pass_(300)
    watch.account.down = dict.fromkeys(names, TransientError("no network"))
    asked = Counter(await watch.pass_(300))
    assert sum(asked.values()) <= 18
    assert max(asked.values()) == 1
    watch.account.down.clear()
    assert len({*(await watch.pass_(130))}) == 20
    await watch.feed.close()


async def test_short_intervals_ask_fewer_at_a_time() -> None:
    """Every 10 seconds five of them: the same number in five minutes."""
    watch = Watch(*[f"{n:02}" for n in range(40)], interval=10)
    await watch.pass_(300)
    assert len(await watch.pass_(300)) <= 165
    await watch.feed.close()


class Headed(Script):
    """Remembers the header that asks for budgets by account."""

    kinds: list[str | None]

    async def send(self, *args: object, headers: dict[str, str] | None = None, **more: object):  # type: ignore[no-untyped-def, override]
        self.kinds = [*getattr(self, "kinds", []), (headers or {}).get("X-Rate-Limit-Type")]
        return await super().send(*args, headers=headers, **more)  # type: ignore[arg-type]


async def test_a_second_account_makes_budgets_its_own() -> None:
    """From then on each question asks for it, and a refusal concerns the account it was about."""
    clock = BentClock()
    script = Headed(said(settings([])))
    client = Client(script, clock, meters=Meters(clock))
    await client.bounds("a")
    assert {*script.kinds} == {None}
    script.kinds = []
    await client.bounds("b")
    assert {*script.kinds} == {"account-based"}
    script.replies = [said({"data": None, "errors": [{"message": "limit reached", "extensions": {"code": "budget"}}]})]
    with pytest.raises(BudgetError):
        await client.bounds("c")
    script.replies = [said(settings([]))]
    asked = len(script.asked)
    with pytest.raises(BudgetError):
        await client.bounds("c")
    assert len(script.asked) == asked
    await client.bounds("d")
    assert client.budget.used == 2


async def test_new_accounts_are_found_after_a_day() -> None:
    """Of a token that sees several: one that came is watched, one that is gone is not, and names are those of now."""
    watch = Watch("a", "b")
    await watch.pass_(120)
    watch.account.names = {"b": "Bee", "c": "C"}
    await watch.pass_(3600)
    assert {*watch.states()} == {"a", "b"}
    watch.clock.pass_(24 * 3600)
    await watch.pass_(120)
    assert [(one.id, one.label) for one in watch.feed.look(Scope()).accounts] == [("b", "Bee"), ("c", "C")]
    assert "c" in watch.account.asked_of
    await watch.feed.close()
