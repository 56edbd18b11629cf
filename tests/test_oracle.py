"""Whatever happens in whatever order: in the end history holds the account's truth, difference 0."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aigw_tui.datasets import Adds, Dataset, all_datasets, dataset
from aigw_tui.errors import BudgetError, ForbiddenError, TransientError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import DAY, HOUR, Freshness, Query, Scope, Window, day_of, hour_of
from oracle import Event, LeapingClock, Oracle

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
NAMES = [one.name for one in all_datasets()]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Traffic:
    """Calls so long ago (minutes), visible after a delay, at the latest when their hour is final."""

    name: str
    ago: int
    delay: int
    count: int
    model: str


@dataclass(frozen=True)
class Correction:
    """One of the events gets another count: at once where it is not final yet."""

    which: int
    count: int


@dataclass(frozen=True)
class Afterthought:
    """An hour that was final is not: everything in it doubles."""

    which: int


@dataclass(frozen=True)
class Lie:
    how: str


@dataclass(frozen=True)
class Refusal:
    """The next request is refused, as a whole or (named) for one dataset."""

    name: str


@dataclass(frozen=True)
class Outage:
    hours: int


@dataclass(frozen=True)
class Restart:
    """The program ends, and starts again so many hours later."""

    hours: int


@dataclass(frozen=True)
class Limits:
    page: int
    hours: int


@dataclass(frozen=True)
class Wait:
    minutes: int


@dataclass(frozen=True)
class Other:
    """A second monitor on the same history: it comes, it leaves, or it is gone without a word."""

    how: str


@dataclass(frozen=True)
class Fewer:
    """The account may not be asked for some measure for a while; then it may again."""

    hours: int


Action = Traffic | Correction | Afterthought | Lie | Refusal | Outage | Restart | Limits | Wait | Other | Fewer
MANY = st.integers(0, 1000)
TRAFFIC = st.builds(
    Traffic,
    st.sampled_from(NAMES),
    st.integers(0, 300),
    st.integers(0, 180),
    st.integers(1, 500),
    st.sampled_from("mno"),
)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    TRAFFIC,
    TRAFFIC,
    st.builds(Correction, MANY, st.integers(0, 500)),
    st.builds(Afterthought, MANY),
    st.builds(Lie, st.sampled_from(["empty", "no rows", "no totals", "high"])),
    st.builds(Refusal, st.sampled_from(["", "budget", *NAMES])),
    st.builds(Outage, st.integers(1, 8)),
    st.builds(Restart, st.integers(0, 8)),
    st.builds(Limits, st.integers(8, 40), st.sampled_from([1, 5, 24, 24 * 32])),
    st.builds(Wait, st.integers(1, 300)),
    st.builds(Other, st.sampled_from(["comes", "comes", "leaves", "vanishes"])),
    st.builds(Fewer, st.integers(1, 30)),
)


class World:
    """A feed on the model of an account, over one store, which another may share for a while."""

    def __init__(self, minutes: int = 7, now: datetime = NOW, path: Path | None = None) -> None:
        self.clock = LeapingClock(now)
        self.clock.leap = timedelta(minutes=minutes)
        self.oracle = Oracle(self.clock)
        self._path = path
        self.history = open_history(path, "https://x", now).history
        self.other: tuple[SqliteHistory, AsyncIterator[Freshness]] | None = None
        self._start()

    def _start(self) -> None:
        self.feed = self._feed(self.history)
        self.steps: AsyncIterator[Freshness] = self.feed.watch()

    def _feed(self, history: SqliteHistory) -> Feed:
        # three naps in an interval: with two that nap in turn, time must be left for the past between two rounds
        return Feed(self.oracle, history, self.clock, FeedSettings(("a",), 3 * self.clock.leap))

    async def restart(self, after: timedelta) -> None:
        await self.steps.aclose()  # type: ignore[attr-defined]
        self.clock.pass_(after.total_seconds())
        self._start()

    async def until(self, end: datetime) -> None:
        while self.clock.now() < end:
            if self.other:
                await self._nap(self.steps)
                await self._nap(self.other[1])
            else:
                await anext(self.steps)

    async def _nap(self, steps: AsyncIterator[Freshness]) -> None:
        """One of two goes on until it naps: if the other napped after each request, it would get little done."""
        awake_at = self.clock.now() + self.clock.leap
        while self.clock.now() < awake_at:
            await anext(steps)

    async def share(self, how: str) -> None:
        """The other monitor comes, leaves as it should, or dies with its lease."""
        if how == "comes" and self.other is None and self._path:
            history = open_history(self._path, "https://x", self.clock.now()).history
            self.other = history, self._feed(history).watch()
        elif how != "comes" and self.other is not None:
            history, steps = self.other
            await steps.aclose()  # type: ignore[attr-defined]
            if how == "leaves":
                for (holder,) in history._db.execute("SELECT holder FROM lease").fetchall():
                    history.let_go(holder)
            history.close()
            self.other = None

    async def close(self) -> None:
        await self.share("leaves")
        await self.steps.aclose()  # type: ignore[attr-defined]
        self.history.close()

    async def do(self, action: Action) -> None:
        now = self.clock.now()
        match action:
            case Traffic() | Correction() | Afterthought():
                self.change(action, now)
            case Lie(how):
                self.oracle.lies.append(how)
            case Refusal(name):
                self.refuse(name, now)
            case Outage(hours):
                self.oracle.down_until = now + hours * HOUR
                await self.until(now + hours * HOUR)
            case Restart(hours):
                await self.restart(hours * HOUR)
            case Limits(page, hours):
                self.oracle.page, self.oracle.longest = page, hours * HOUR
            case Other(how):
                await self.share(how)
            case Fewer(hours):
                self.oracle.hidden_until = now + hours * HOUR
            case Wait(minutes):
                await self.until(now + minutes * MINUTE)

    def change(self, action: Traffic | Correction | Afterthought, now: datetime) -> None:
        """The account's truth is another."""
        events = self.oracle.events
        match action:
            case Traffic(name, ago, delay, count, model):
                minute = (now - ago * MINUTE).replace(second=0, microsecond=0)
                event = Event(dataset(name), minute, model, [])
                event.versions.append((min(max(minute + delay * MINUTE, now), event.final_at), count))
                if now < event.final_at:
                    events.append(event)
            case Correction(which, count) if events:
                event = events[which % len(events)]
                if event.versions[-1][0] <= now < event.final_at:
                    event.versions.append((now, count))
            case Afterthought(which) if events:
                chosen = events[which % len(events)]
                for event in events:
                    is_same = (event.dataset, hour_of(event.minute)) == (chosen.dataset, hour_of(chosen.minute))
                    if is_same and event.final_at <= now:
                        event.versions.append((now, 2 * event.versions[-1][1]))

    def refuse(self, name: str, now: datetime) -> None:
        if name in NAMES:
            self.oracle.refused.append((name, ForbiddenError(f"{name}: no access")))
        elif name:
            self.oracle.errors.append(BudgetError("used up", until=now + timedelta(seconds=300)))
        else:
            self.oracle.errors.append(TransientError("no network"))

    async def quiet(self) -> None:
        """Nothing happens until the next day's audit has been made and its findings were read."""
        self.oracle.hidden_until = None
        await self.until(day_of(self.clock.now() + 4 * HOUR) + DAY + 4 * HOUR)

    def stored(self, one: Dataset, since: datetime) -> dict[tuple[object, ...], tuple[float | None, ...]]:
        """(bucket, *keys) → measures that add up."""
        bucket = "hour" if one.bucket == HOUR else "minute"
        names = tuple(measure.name for measure in one.measures if measure.adds is Adds.BY_SUM)
        view = self.history.view(Query(one.name, Window(since, self.clock.now()), (bucket, *one.key_names), names))
        return {row.key: row.values for row in view.rows}

    def truth(self, one: Dataset, since: datetime) -> dict[tuple[object, ...], tuple[float | None, ...]]:
        now, width = self.clock.now(), 1 + len(one.keys)
        rows = self.oracle.rows(one, Window(since, now), now)
        places = [width + n for n, measure in enumerate(one.measures) if measure.adds is Adds.BY_SUM]
        return {
            (datetime.fromtimestamp(int(row[0] or 0), UTC), *row[1:width]): tuple(row[n] for n in places)  # type: ignore[misc]
            for row in rows
        }

    def check(self, since: datetime) -> None:
        for one in all_datasets():
            assert self.stored(one, since) == self.truth(one, since), one.name
        assert self.feed.look(Scope()).faults == ()


def live(actions: list[Action], minutes: int) -> None:
    async def run(path: Path) -> None:
        world = World(minutes, path=path)
        for n in range(0, 24, 3):
            minute = NOW - n * HOUR
            world.oracle.events += [Event(one, minute, "m", [(minute, 10 + n)]) for one in all_datasets()]
        await world.until(NOW + HOUR)
        for action in actions:
            await world.do(action)
        await world.quiet()
        world.check(NOW - DAY)
        await world.close()

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "history.sqlite"))


QUICK = settings(suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Without shrinking, which takes many minutes: a failure is told as it was found."""
SCENARIOS = given(st.lists(ACTIONS, min_size=8, max_size=25), st.sampled_from([3, 7, 20]))


@SCENARIOS
@settings(QUICK, max_examples=12, derandomize=True)
def test_in_the_end_history_is_the_truth(actions: list[Action], minutes: int) -> None:
    """After any order of late rows, corrections, wrong answers, refusals, measures that come and go, outages, restarts
    and a second monitor that comes, leaves or dies, and a quiet night."""
    live(actions, minutes)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@SCENARIOS
@settings(QUICK, max_examples=1500)
def test_in_the_end_history_is_the_truth_at_length(actions: list[Action], minutes: int) -> None:
    """The same, in many more lives."""
    live(actions, minutes)


@pytest.mark.parametrize(
    ("page", "longest", "most"), [(1000, DAY, 15), (1000, 32 * DAY, 15), (10_000, DAY, 8), (10_000, 32 * DAY, 8)]
)
async def test_a_week_of_25_000_groups(page: int, longest: timedelta, most: int) -> None:
    """Through a page of 1,000 it takes 14 requests (25 full pages and what else there is), through one of 10,000 eight;
    nothing is cut, whether windows are a day at the most or a month."""
    world = World()
    world.oracle.longest, world.oracle.oldest, world.oracle.page = longest, 7 * DAY, page
    since = hour_of(NOW - 7 * DAY) + HOUR
    groups = [(since + n % 168 * HOUR, f"m{n // 168}") for n in range(25_000)]
    world.oracle.events = [
        Event(dataset("requests"), minute, model, [(minute, 1 + n % 7)]) for n, (minute, model) in enumerate(groups)
    ]
    await world.until(NOW + MINUTE)
    assert len(world.stored(dataset("requests"), since)) == 25_000
    world.check(since)
    assert world.oracle.requests <= most
    await world.close()


async def test_ten_days_offline_are_found_and_filled() -> None:
    """In windows of a day at the most: 4 requests, the rounds and confirmations of the next hour included 7."""
    world = World()
    world.oracle.longest, world.oracle.oldest = DAY, 31 * DAY
    hours = [NOW + n * HOUR for n in range(-48, 240)]
    world.oracle.events = [Event(one, at, "m", [(at, 1 + at.hour)]) for one in all_datasets() for at in hours]
    await world.until(NOW + HOUR)
    await world.restart(10 * DAY)
    world.oracle.requests = 0
    await world.until(world.clock.now() + MINUTE)
    world.check(hour_of(NOW) - 2 * DAY)
    assert world.oracle.requests <= 5
    await world.until(world.clock.now() + HOUR)
    assert world.oracle.requests <= 10
    await world.close()


async def test_an_account_too_large_for_one_round_is_read_all_the_same() -> None:
    """840 minutes through a page of 30: what does not fit into one round comes with the next, in smaller parts."""
    world = World(1)
    world.oracle.oldest = DAY
    minutes = [day_of(NOW) + n * MINUTE for n in range(840)]
    world.oracle.events = [Event(dataset("pulse"), at, "m", [(at, 1)]) for at in minutes]
    world.oracle.page = 30
    await world.until(NOW + HOUR)
    world.check(day_of(NOW))
    await world.close()
