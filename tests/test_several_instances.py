"""Several monitors on one history: Cloudflare sees one of them, and each shows what any of them read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.assembly import real_feed
from aigw_tui.config import load
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.server import Server
from aigw_tui.errors import TransientError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import DAY, HOUR, Budget, Freshness, Query, Scope, State, Window, day_of

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
INTERVAL_S = 60.0


def row(hour: datetime, count: int = 1) -> StoredRow:
    return (int(hour.timestamp()), "g", "openai", "m", count, 0, 0, 10, 5, 10, 5, 0.5, None, None)


class Instance:
    """A monitor without a screen: its own connection to the file, and its own count of requests."""

    def __init__(self, path: Path, clock: StillClock) -> None:
        self.clock, self.account = clock, MadeUpAccount(clock)
        self.account.rows["requests"] = [row(NOW.replace(minute=0) - HOUR * n) for n in range(72)]
        history = open_history(path, "https://x", clock.now()).history
        self.feed = Feed(self.account, history, clock, FeedSettings(("a",), timedelta(seconds=INTERVAL_S)))
        self.steps = self.feed.watch()

    async def step(self) -> Freshness:
        return await anext(self.steps)

    @property
    def today(self) -> float | None:
        asked = Query("requests", Window(day_of(NOW), NOW + DAY), (), ("requests",))
        value: float | None = self.feed.look(Scope()).views.view(asked).total.values[0]
        return value


async def together(seconds: float, *instances: Instance) -> None:
    """Side by side for so much of their clock's time."""
    clock = instances[0].clock
    end = clock.slept + seconds
    while clock.slept < end:
        for instance in instances:
            await instance.step()


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[tuple[Instance, Instance]]:
    """The first has asked for everything and holds the lease; the second has just begun."""
    clock, path = StillClock(NOW), tmp_path / "history.sqlite"
    first, second = Instance(path, clock), Instance(path, clock)
    await together(600, first)
    await together(30, first, second)
    yield first, second
    await first.feed.close()
    await second.feed.close()


async def test_they_ask_as_one(two: tuple[Instance, Instance]) -> None:
    """In twenty minutes the second asks nothing; it shows what the first reads, as live as the first."""
    first, second = two
    asked = len(first.account.asked)
    first.account.rows["requests"].append(row(NOW.replace(minute=0), 100))
    await together(1200, first, second)
    assert len(first.account.asked) - asked == pytest.approx(20, abs=4)
    assert second.account.asked == []
    assert second.today == first.today == 114
    for instance in two:
        assert instance.feed.freshness.state is State.LIVE
        good_at = instance.feed.freshness.good_at
        assert good_at
        assert instance.feed.now() - good_at <= timedelta(seconds=INTERVAL_S * 1.5)


async def test_a_third_start_asks_nothing(two: tuple[Instance, Instance], tmp_path: Path) -> None:
    """It has figures at once, and says how old they are."""
    third = Instance(tmp_path / "history.sqlite", two[0].clock)
    await third.step()
    await third.step()
    assert third.today == 15
    assert third.feed.freshness.state is State.LIVE
    assert third.account.asked == []
    await third.feed.close()


async def test_one_that_vanishes_is_replaced(two: tuple[Instance, Instance]) -> None:
    """Without a goodbye, as after kill -9: within two ticks the other asks, and for the open hours alone."""
    first, second = two
    asked = len(first.account.asked)
    gone_at = second.clock.slept
    while not second.account.asked:
        await second.step()
    assert second.clock.slept - gone_at <= 2 * INTERVAL_S
    asked_first = [window for name, window in second.account.asked[0] if name == "requests"]
    assert all(window.since >= NOW - timedelta(hours=5) for window in asked_first)  # empty hours are confirmed, too
    await together(600, first, second)
    assert len(first.account.asked) == asked  # it was only asleep, and now watches


async def test_one_that_quits_is_replaced_at_once(two: tuple[Instance, Instance]) -> None:
    """Before the next nap is over."""
    first, second = two
    await first.feed.close()
    gone_at = second.clock.slept
    while not second.account.asked:
        await second.step()
    assert second.clock.slept - gone_at <= 5


async def test_refresh_on_a_watcher_is_answered_by_the_one_who_asks(two: tuple[Instance, Instance]) -> None:
    """One request, not two, soon; and the watcher shows it."""
    first, second = two
    await together(INTERVAL_S, first, second)
    asked = len(first.account.asked)
    while len(first.account.asked) == asked:  # just after a round there is time before the next
        await together(1, first, second)
    first.account.rows["requests"].append(row(NOW.replace(minute=0), 100))
    for _ in range(3):
        second.feed.refresh()
    await together(30, first, second)
    assert len(first.account.asked) == asked + 2
    assert second.account.asked == []
    assert second.today == 114


async def test_a_watcher_is_as_stale_as_its_figures(two: tuple[Instance, Instance]) -> None:
    """While the one who asks gets no answer the other does not say live, and asks nothing either."""
    first, second = two
    first.account.failures = [TransientError("no network")] * 1000
    await together(900, first, second)
    assert first.feed.freshness.state is State.OFFLINE
    assert second.feed.freshness.state is State.STALE
    assert second.feed.freshness.is_stale
    assert second.account.asked == []


async def test_most_of_the_budget_used_stretches_the_interval(two: tuple[Instance, Instance]) -> None:
    """From 80 % on it asks less often and says how often; below that it is as before."""
    first, second = two
    first.account.budget = Budget(240, 300)
    asked = len(first.account.asked)
    await together(INTERVAL_S * 1.2, first, second)
    (fault,) = first.feed.look(Scope()).faults
    assert f"{fault.what}: {fault.why}" == "asking every 120 s: 240 of 300 API calls used in 5 minutes"
    await together(1200, first, second)
    assert len(first.account.asked) - asked <= 7
    assert second.account.asked == []
    first.account.budget = Budget(239, 300)
    await together(310, first, second)
    assert first.feed.look(Scope()).faults == ()
    asked = len(first.account.asked)
    await together(600, first, second)
    assert len(first.account.asked) - asked >= 8


class CountedBox(Box):
    """Counts the GraphQL queries it is asked."""

    count = 0

    def answer(self, method: str, path: str, *rest: object) -> object:  # type: ignore[override]
        self.count += path.endswith("/graphql")
        return super().answer(method, path, *rest)  # type: ignore[arg-type]


@pytest.fixture
def served() -> Iterator[tuple[CountedBox, Server]]:
    """The built-in account over loopback, with its queries counted."""
    box = CountedBox(StillClock(NOW))
    with Server(box) as server:
        yield box, server


async def test_a_used_up_budget_silences_all(home: Path, served: tuple[CountedBox, Server]) -> None:
    """Both count the same calls; after a refusal neither asks for 300 s ± 10 %, though one quits."""
    box, server = served
    clock = StillClock(NOW)
    environ = {
        "CLOUDFLARE_API_TOKEN": TOKEN,
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID,
        "AIGW_STORE": str(home / "h.sqlite"),
    }
    config = load({"base_url": server.url}, environ)
    first, second = real_feed(config, clock), real_feed(config, clock)
    ours, theirs = first.watch(), second.watch()
    for _ in range(3):
        await anext(ours)
        await anext(theirs)
    assert first.freshness.budget == second.freshness.budget == Budget(box.count, 300)
    box.limits = replace(box.limits, queries=0)
    first.refresh()
    before = box.count
    while box.count == before:
        await anext(ours)
    refused_at, asked = clock.slept, box.count
    assert asked == before + 1
    await first.close()
    box.limits = replace(box.limits, queries=300)
    while box.count == asked:
        second.refresh()
        await anext(theirs)
        await clock.sleep(1)
    assert 269 <= clock.slept - refused_at <= 340
    await second.close()
