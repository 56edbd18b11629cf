"""The feed: a round a tick, the past in the quiet between, and a snapshot whenever one is asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.errors import AigwError, LocalError
from aigw_tui.feed.alarms import Alarms
from aigw_tui.feed.counting import Counting
from aigw_tui.feed.faults import Faults
from aigw_tui.feed.gatewaybook import GatewayBook
from aigw_tui.feed.live import NOT_KEPT, LiveAnswers, Needs
from aigw_tui.feed.past import Past
from aigw_tui.feed.poll import Poll
from aigw_tui.feed.pricing import Pricing
from aigw_tui.feed.requestlogs import LOGS, RequestLogs
from aigw_tui.feed.rounds import ROUND, Rounds
from aigw_tui.feed.settings import FeedSettings
from aigw_tui.feed.snapshots import Snapshots
from aigw_tui.feed.steady import Read, SteadyViews
from aigw_tui.feed.watched import Accounts, Watched
from aigw_tui.history import History
from aigw_tui.history.outbox import Outbox
from aigw_tui.insight.ground import Ground
from aigw_tui.model import DISK, Clock, Fault, Freshness, Progress, Scope, Snapshot, State
from aigw_tui.source import Source

log = logging.getLogger(__name__)

NONE_LATER: Mapping[str, datetime] = MappingProxyType({})
NAP_S = 5.0
"""Waiting is cut into naps: the monotonic clock stops while a laptop sleeps, the wall clock does not."""
WORST = (State.OFFLINE, State.STALE, State.LIVE, State.STARTING)


class Feed:
    """Polls a source into history: `watch` runs it, `look` says what history holds at this moment."""

    def __init__(
        self,
        source: Source,
        history: History,
        clock: Clock,
        settings: FeedSettings,
        *notes: Fault,
        datasets: Sequence[Dataset] | None = None,
    ) -> None:
        self._source, self._history, self._clock, self._settings = source, history, clock, settings
        self._faults = Faults(*notes)
        for note in notes:
            if note.dataset == DISK:
                log.warning("%s: %s → %s", note.what, note.why, note.remedy)
        self._views = SteadyViews(history, self._read)
        self._poll = Poll(source, history, self._faults, clock, tuple(datasets or all_datasets()))
        self._pricing = Pricing(source, clock, history.shelf)
        gateways = GatewayBook(source)
        self._live = LiveAnswers(source, self._views, gateways)
        self._accounts = Accounts(settings.interval)
        self._rounds = Rounds(
            source, history, clock, self._faults, self._poll, self._live, self._accounts, self._read, self._fail
        )
        self._past = Past(source, clock, self._poll, self._accounts, self._rounds.ownership, self._read, self._fail)
        self._counting = Counting(
            settings.counters, history, clock, settings.interval.total_seconds(), self._read, self.now
        )
        has_names = all(account in settings.labels for account in settings.accounts) and bool(settings.accounts)
        self._rounds.take_names(settings.accounts, has_names=has_names)
        self.alarms = Alarms(settings.rules, self.ground, history.alerts, self._read)
        self._wanted = asyncio.Event()
        self.logs = RequestLogs(source, self._views, gateways, self._accounts, clock, self.now, self._wanted.set)
        self._snapshots = Snapshots(
            history, self._views, settings, self._faults, self._poll, self._live, self.logs, self._accounts,
            self._counting, self.alarms,
        )  # fmt: skip

    def now(self) -> datetime:
        """The server's time, as well as it is known (UTC)."""
        return self._poll.now()

    def refresh(self) -> None:
        """Ask at once rather than at the next tick; while the API budget is used up that changes nothing."""
        self._rounds.want()
        self.logs.want()
        self._wanted.set()

    def need(
        self, scope: Scope, names: Collection[str] = (), argument: str = "", metadata: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """What the screen shows; of that, what history does not keep and was never answered is asked for at once.

        Names: datasets, `gateways`, `logged`, `logs`. `argument` is the name of the metadata key that is looked at;
        `metadata`: pairs that request logs must carry.
        """
        self.logs.need(scope if LOGS in names else None, metadata)
        if self._live.need(Needs(scope, NOT_KEPT.intersection(names), argument)):
            self._rounds.want_live()
            self._wanted.set()

    def look(self, scope: Scope) -> Snapshot:
        """What history holds for this scope now: no request, no waiting."""
        return self._read(lambda: self._snapshots.now(scope, self.now()))

    def look_back(self, scope: Scope, at: datetime) -> Snapshot:
        """The same of a moment that has passed, a full hour (UTC): nothing that came later, nor what is not kept."""
        return self._read(lambda: self._snapshots.past(scope, at))

    def first_hour(self, scope: Scope) -> datetime | None:
        """The oldest hour that history holds of the scope's accounts (UTC); None: none."""
        return self._read(lambda: self._snapshots.first_hour(scope))

    def ground(self, account: str, since: datetime) -> Ground:
        """What alert rules read of that account, from `since` on."""
        read_at = self._read(lambda: self._history.read_at(account))
        return Ground(self._views, account, self._settings.allowance_of(account), self.now(), since, read_at)

    @property
    def freshness(self) -> Freshness:
        """Of the scope that is looked at: the worst of its accounts."""
        now, turn = self.now(), self._accounts.turn
        chosen = self._accounts.chosen(self._live.needs.scope.values("account"))
        ages = [one.good_at for one in chosen if one.good_at]
        is_stale = any(one.is_stale(now, turn) for one in chosen)
        budget = self._read(lambda: self._source.budget)
        good_at = min(ages, default=None)
        return Freshness(self._state(chosen), good_at, self._rounds.next_at, is_stale, budget, self._past.progress)

    async def watch(self) -> AsyncGenerator[Freshness, None]:
        """For ever: a round, then the past, then a pause. Yields whenever something may look different."""
        self._rounds.ownership.learn_ages()
        yield self.freshness
        while True:
            self._wanted.clear()
            self._come_back()
            await self._rounds.present()
            self.alarms.judge(
                {one: self._snapshots.label(one) for one in self._accounts.by_id}, self.now(), self._accounts.turn
            )
            yield self.freshness
            if answered := next((one.id for one in self._accounts.by_id.values() if _is_well(one)), None):
                await self._pricing.refresh(answered)
            self._counting.begin([one.id for one in self._accounts.by_id.values() if one.is_ours], self._accounts.by_id)
            self.logs.begin()
            while not self._is_due() and (pause_s := await self._past.step()):
                yield self.freshness
                await self._rest(pause_s)
                self._look_around()
            while not self._is_due():
                await self._rest(NAP_S)
                self._look_around()
                yield self.freshness

    async def fill(self, since: datetime, later: Mapping[str, datetime] = NONE_LATER) -> AsyncIterator[Progress | None]:
        """Once, and quickly: the present, then what history lacks from `since` on, as far as may be asked; of some
        datasets from a `later` moment on.

        What another process asks for, and what was read a moment ago, is not asked again. Failures become faults.
        Yields how far it is.
        """
        self._rounds.ownership.learn_ages()
        await self._rounds.present_unless_fresh()
        yield self._past.progress
        while await self._past.since(since, later):
            yield self._past.progress

    @property
    def clock(self) -> Clock:
        """The clock that it runs by."""
        return self._clock

    @property
    def outbox(self) -> Outbox:
        """Messages that wait to be delivered."""
        return self._history.outbox

    def note(self, fault: Fault) -> None:
        """Show what went wrong beside the feed, such as a message that did not arrive."""
        self._faults.note(fault)

    def is_well(self, subject: str) -> None:
        """It is over."""
        self._faults.worked("", subject)

    async def count(self, *accounts: str) -> None:
        """Ask Workers' own counters now, of these accounts or of all; what fails is said in the snapshot."""
        await self._counting.ask(accounts or tuple(self._accounts.by_id), self._accounts.by_id)

    async def close(self) -> None:
        """Leave the network and the disk."""
        await self._counting.close()
        await self.logs.close()
        with suppress(LocalError):
            self._rounds.ownership.let_go()
        await self._source.close()
        self._history.close()

    def _look_around(self) -> None:
        self.logs.begin()
        if self._rounds.ownership.look_around():
            self._wanted.set()

    def _is_due(self) -> bool:
        return self._wanted.is_set() or self._rounds.is_due()

    def _read(self, read: Callable[[], Read]) -> Read:
        """What history says; when the disk refuses, that is a fault, and memory answers."""
        try:
            return read()
        except LocalError as error:
            self._fail(error, "")
            return read()

    def _fail(self, error: AigwError, account: str) -> AigwError:
        log.warning("%s", error)
        if isinstance(error, LocalError):
            self._history.go_on_in_memory()
            self._faults.failed(self._history.in_full(error), "", DISK, self.now())
        else:
            self._faults.failed(error, account, ROUND, self.now())
        return error

    def _come_back(self) -> None:
        """Once in a round: a disk that refused may take history again, and then it has what was read meanwhile."""
        try:
            if self._history.go_back_to_disk():
                log.info("history is kept on disk again")
                self._faults.worked("", DISK)
        except LocalError as error:
            self._faults.failed(self._history.in_full(error), "", DISK, self.now())

    async def _rest(self, seconds: float) -> None:
        """Wait, but not past the next round, and not when somebody wants one now."""
        left = max(self._rounds.deadline_s - self._clock.monotonic(), 0.0)
        waits = {
            asyncio.ensure_future(self._clock.sleep(min(seconds, left))),
            asyncio.ensure_future(self._wanted.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _state(self, chosen: Sequence[Watched]) -> State:
        """The worst of those that ever answered; while none did, the worst of all."""
        if not chosen:
            return self._rounds.state_of_names()
        now, turn = self.now(), self._accounts.turn
        states = {one.state(now, turn) for one in chosen if one.good_at} or {one.state(now, turn) for one in chosen}
        return min(states, key=WORST.index)


def _is_well(one: Watched) -> bool:
    return one.good_at is not None and not one.pauses.bad_rounds and one.is_ours
