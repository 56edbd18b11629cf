"""Workers' counters in the feed: asked with each round, beside it, and shared by all processes on a history."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from account import MadeUpAccount, StillClock
from aigw_tui.errors import CounterError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.feed.counting import CounterSettings, Endpoints
from aigw_tui.history import open_history
from aigw_tui.model import DAY, HOUR, Count, Counter, Scope, Window
from world import NOW

SERVER = "https://x"


@dataclass
class MadeUpWorker:
    """Says what it is told to; nothing while it is silent."""

    clock: StillClock
    used: float = 0.0
    failure: CounterError | None = None
    is_silent: bool = False
    asked: int = 0
    is_closed: bool = False
    stuck: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self) -> Count:
        self.asked += 1
        if self.is_silent:
            await self.stuck.wait()
        if self.failure:
            raise self.failure
        return Count(self.clock.now(), self.clock.now().date(), self.used, remaining=100.0 - self.used)

    async def close(self) -> None:
        self.is_closed = True


def made(
    clock: StillClock,
    by_account: Mapping[str, MadeUpWorker],
    single: MadeUpWorker | None = None,
    accounts: tuple[str, ...] = ("a",),
    path: Path | None = None,
) -> Feed:
    history = open_history(path, SERVER, clock.now()).history
    own = {account: CounterSettings(worker) for account, worker in by_account.items()}
    endpoints = Endpoints(own, CounterSettings(single) if single else None)
    settings = FeedSettings(accounts, timedelta(minutes=1), counters=endpoints)
    return Feed(MadeUpAccount(clock), history, clock, settings)


def counter(feed: Feed, account: str = "a") -> Counter:
    return next(one for one in feed.look(Scope()).counters if one.account == account)


async def rounds(feed: Feed, clock: StillClock, minutes: int) -> None:
    """Let so much of the feed's time pass."""
    until = clock.now() + timedelta(minutes=minutes)
    async for _ in feed.watch():
        await asyncio.sleep(0)
        if clock.now() >= until:
            return


async def test_with_each_round() -> None:
    """About once an interval, whatever else the feed does; every answer is in the snapshot, the newest whole."""
    clock = StillClock(NOW)
    worker = MadeUpWorker(clock, used=40.0)
    feed = made(clock, {"a": worker})
    await rounds(feed, clock, 10)
    assert 8 <= worker.asked <= 12
    polls = counter(feed).polls
    assert len(polls) == worker.asked
    assert (polls[-1].used, polls[-1].remaining) == (40.0, 60.0)
    await feed.close()
    assert worker.is_closed


async def test_a_silent_one_delays_nothing() -> None:
    """Rounds go on while it is waited for, and it is not asked twice at a time; the end does not wait either."""
    clock = StillClock(NOW)
    worker = MadeUpWorker(clock, is_silent=True)
    feed = made(clock, {"a": worker})
    await rounds(feed, clock, 10)
    assert worker.asked == 1
    assert feed.freshness.good_at is not None
    assert clock.now() - feed.freshness.good_at < timedelta(minutes=2)
    await asyncio.wait_for(feed.close(), 1)


async def test_a_failure_is_said_until_it_is_over() -> None:
    """In the counter, not as a fault of Cloudflare's; what it said before stays."""
    clock = StillClock(NOW)
    worker = MadeUpWorker(clock, used=1.0)
    feed = made(clock, {"a": worker})
    await feed.count()
    worker.failure = CounterError("HTTP 503", "look")
    clock.pass_(60)
    await feed.count()
    assert (counter(feed).why, counter(feed).remedy, len(counter(feed).polls)) == ("HTTP 503", "look", 1)
    assert feed.look(Scope()).faults == ()
    worker.failure = None
    clock.pass_(60)
    await feed.count()
    assert (counter(feed).why, len(counter(feed).polls)) == ("", 2)
    await feed.close()


async def test_what_another_process_heard(tmp_path: Path) -> None:
    """Is seen by all on the same history."""
    clock, path = StillClock(NOW), tmp_path / "history.sqlite"
    one = made(clock, {"a": MadeUpWorker(clock, used=7.0)}, path=path)
    other = made(clock, {"a": MadeUpWorker(clock)}, path=path)
    assert counter(other).polls == ()
    await one.count()
    assert [poll.used for poll in counter(other).polls] == [7.0]
    await one.close()
    await other.close()


async def test_the_day_turns() -> None:
    """Only the running day's answers are in the snapshot; the others stay in history."""
    clock = StillClock(NOW.replace(hour=23, minute=59))
    feed = made(clock, {"a": MadeUpWorker(clock, used=7.0)})
    await feed.count()
    assert len(counter(feed).polls) == 1
    clock.pass_(120)
    assert counter(feed).polls == ()
    assert len(feed._history.counters.polls("a", Window(NOW - DAY, NOW + DAY))) == 1
    await feed.close()


async def test_one_for_the_only_account() -> None:
    """A Worker that is named for no account counts for the one that is watched, and for none of several."""
    clock = StillClock(NOW)
    alone = made(clock, {}, MadeUpWorker(clock), accounts=("a",))
    both = made(clock, {"b": MadeUpWorker(clock)}, MadeUpWorker(clock), accounts=("a", "b"))
    assert [one.account for one in alone.look(Scope()).counters] == ["a"]
    assert [one.account for one in both.look(Scope()).counters] == ["b"]
    assert both.look(Scope().narrow(account="a")).counters == ()
    await alone.close()
    await both.close()


async def test_a_round_soon_after() -> None:
    """A person who asks again at once does not ask the Worker again."""
    clock = StillClock(NOW)
    worker = MadeUpWorker(clock)
    feed = made(clock, {"a": worker})
    for _ in range(3):
        feed._counting.begin(("a",), ("a",))
        await asyncio.sleep(0)
        clock.pass_(10)
    assert worker.asked == 1
    clock.pass_(HOUR.total_seconds())
    feed._counting.begin(("a",), ("a",))
    await asyncio.sleep(0)
    assert worker.asked == 2
    await feed.close()
