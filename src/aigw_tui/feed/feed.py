"""The feed: a round a tick, the past in the quiet between, and a snapshot whenever one is asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.errors import AigwError, ForbiddenError, LocalError, TransientError
from aigw_tui.feed import plan
from aigw_tui.feed.faults import Faults
from aigw_tui.feed.lease import Lease
from aigw_tui.feed.pauses import Pauses
from aigw_tui.feed.poll import Poll
from aigw_tui.feed.pricing import Pricing
from aigw_tui.feed.settings import FeedSettings
from aigw_tui.feed.steady import Read, SteadyViews
from aigw_tui.history import History
from aigw_tui.insight.quotas import Allowance, quotas
from aigw_tui.model import Budget, Clock, Fault, Freshness, Progress, Quota, Scope, Snapshot, State, hour_of
from aigw_tui.source import Source

log = logging.getLogger(__name__)

ROUND = "round"
"""The subject of faults that concern an account, or all, rather than one dataset."""
DISK = "disk"
STALE_AFTER = timedelta(minutes=5)
"""Or three intervals, whichever is longer."""
NAP_S = 5.0
"""Waiting is cut into naps: the monotonic clock stops while a laptop sleeps, the wall clock does not."""
QUICK_S, SLOW_S = 0.5, 3.0
"""Pause between two requests for the past: within its first week, and further back."""
BUDGET_FOR_PAST = 0.5
"""The share of the API budget that the past may use; the rest is for the present and for other programs."""
JUDGED_EVERY_S = 300
"""Projections move with time alone; more often than this nobody needs to see it."""


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
        self._views = SteadyViews(history, self._read)
        self._poll = Poll(source, history, self._faults, clock, tuple(datasets or all_datasets()))
        self._pauses = Pauses(settings.interval, self._faults)
        self._pricing = Pricing(source, clock)
        self._lease = Lease(history, clock, settings.interval)
        self._watched: set[str] = set()
        """Accounts that another process asks for."""
        self._accounts: dict[str, str] = dict.fromkeys(settings.accounts, "")
        self._has_names = all(account in settings.labels for account in settings.accounts) and bool(settings.accounts)
        self._good_at: datetime | None = None
        self._next_at: datetime | None = None
        self._forgot_at: datetime | None = None
        self._deadline = 0.0
        self._is_offline = False
        self._is_asked = False
        self._wanted = asyncio.Event()
        self._progress: Progress | None = None
        self._judged: tuple[object, tuple[Quota, ...]] = (None, ())

    def now(self) -> datetime:
        """The server's time, as well as it is known (UTC)."""
        return self._poll.now()

    def refresh(self) -> None:
        """Ask at once rather than at the next tick; while the API budget is used up that changes nothing."""
        self._is_asked = True
        self._wanted.set()

    def look(self, scope: Scope) -> Snapshot:
        """What history holds for this scope now: no request, no waiting."""
        return self._read(lambda: self._snapshot(scope))

    def _snapshot(self, scope: Scope) -> Snapshot:
        now = self.now()
        accounts = scope.values("account") or tuple(self._accounts) or tuple(self._history.accounts())
        return Snapshot(
            scope,
            self._history.revision,
            now,
            self._views,
            self._quotas(accounts, now),
            self._faults.current,
            tuple((account, self._label(account)) for account in accounts),
            hour_of(now),
        )

    @property
    def freshness(self) -> Freshness:
        patience = max(STALE_AFTER, 3 * self._settings.interval)
        is_stale = self._good_at is not None and self.now() - self._good_at > patience
        return Freshness(self._state(is_stale), self._good_at, self._next_at, is_stale, self._budget(), self._progress)

    async def watch(self) -> AsyncIterator[Freshness]:
        """For ever: a round, then the past, then a pause. Yields whenever something may look different."""
        for account in self._accounts:
            self._learn_age(account)
        yield self.freshness
        while True:
            self._wanted.clear()
            await self._round()
            yield self.freshness
            if self.freshness.state is State.LIVE:
                await self._pricing.refresh(next(iter(self._accounts)))
            while not self._is_due() and (pause_s := await self._past_step()):
                yield self.freshness
                await self._rest(pause_s)
                self._look_around()
            while not self._is_due():
                await self._rest(NAP_S)
                self._look_around()
                yield self.freshness

    async def close(self) -> None:
        """Leave the network and the disk."""
        with suppress(LocalError):
            self._lease.let_go()
        await self._source.close()
        self._history.close()

    async def _round(self) -> None:
        """Ask for the present of every account that is ours; failures become faults and set the pause."""
        failure: AigwError | None = None
        self._is_asked, is_asked = False, self._is_asked
        try:
            await self._name_accounts()
        except AigwError as error:
            failure = self._fail(error, "")
        else:
            self._faults.worked("", ROUND)
            for account in self._ours():
                try:
                    await self._poll.present(account)
                    self._faults.worked(account, ROUND)
                    self._good_at = self.now()
                    self._forget()
                except AigwError as error:
                    failure = self._fail(error, account)
        for account in self._watched if is_asked else ():
            self._read(partial(self._history.want, account))
        self._is_offline = isinstance(failure, TransientError)
        pause = self._pauses.after(failure, self.now())
        if len(self._watched) < len(self._accounts):
            pause = self._pauses.stretched(pause, self._budget(), self.now())
        self._next_at, self._deadline = self._clock.now() + pause, self._clock.monotonic() + pause.total_seconds()

    async def _name_accounts(self) -> None:
        """Find the accounts, or once the names of those that are configured, if the token may know them."""
        if self._has_names:
            return
        try:
            found = dict(await self._source.accounts())
        except AigwError as error:
            if not self._accounts:
                raise
            log.info("no names of accounts: %s", error)
            found = {}
        if not self._accounts and not found:
            raise ForbiddenError("the token sees no account", "set CLOUDFLARE_ACCOUNT_ID, or give it Account: Read")
        self._accounts = {account: found.get(account, "") for account in self._accounts or found}
        self._has_names = True

    def _forget(self) -> None:
        """Once an hour: drop what is older than it is kept."""
        hour = hour_of(self.now())
        if hour != self._forgot_at:
            self._history.forget(hour)
            self._forgot_at = hour

    async def _past_step(self) -> float:
        """One request for the past of each account; returns how long to wait before the next, 0 when there is none."""
        budget = self._budget()
        if self._pauses.bad_rounds or budget.used >= budget.limit * BUDGET_FOR_PAST:
            return 0
        pause_s = 0.0
        for account in self._ours():
            try:
                if await self._poll.past(account, plan.WEEK):
                    pause_s = QUICK_S
                elif await self._poll.past(account, timedelta.max):
                    pause_s = pause_s or SLOW_S
                await asyncio.sleep(0)  # keys come first
                self._progress = await self._poll.progress(account)
            except AigwError as error:
                self._fail(error, account)
                return 0
        return pause_s

    def _ours(self) -> Iterator[str]:
        """The accounts that this process asks for; each is made sure of when its turn comes."""
        for account in self._accounts:
            if self._read(partial(self._lease.holds, account)):
                self._watched.discard(account)
                yield account
            else:
                self._watched.add(account)
                self._faults.left(account)
                self._learn_age(account)
        if len(self._watched) == len(self._accounts):
            self._progress = None

    def _look_around(self) -> None:
        """Between rounds: an account that became ours, or that another process wants asked, makes a round due."""
        before = set(self._watched)
        for account in self._ours():
            if account in before or self._read(partial(self._history.was_wanted, account)):
                self._wanted.set()

    def _learn_age(self, account: str) -> None:
        """How old the newest answer is that any process had."""
        if at := self._read(partial(self._history.read_at, account)):
            self._good_at = max(self._good_at or at, min(at, self.now()))

    def _budget(self) -> Budget:
        return self._read(lambda: self._source.budget)

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
            self._faults.failed(error, "", DISK, self.now())
        else:
            self._faults.failed(error, account, ROUND, self.now())
        return error

    def _is_due(self) -> bool:
        if self._next_at is None or self._wanted.is_set():
            return True
        return self._clock.now() >= self._next_at or self._clock.monotonic() >= self._deadline

    async def _rest(self, seconds: float) -> None:
        """Wait, but not past the next round, and not when somebody wants one now."""
        left = max(self._deadline - self._clock.monotonic(), 0.0)
        waits = {
            asyncio.ensure_future(self._clock.sleep(min(seconds, left))),
            asyncio.ensure_future(self._wanted.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _state(self, is_stale: bool) -> State:
        if self._is_offline:
            return State.OFFLINE
        if is_stale or (self._pauses.bad_rounds and self._good_at is None):
            return State.STALE
        return State.LIVE if self._next_at and self._good_at else State.STARTING

    def _label(self, account: str) -> str:
        return self._settings.labels.get(account) or self._accounts.get(account) or account[:8]

    def _quotas(self, accounts: Sequence[str], now: datetime) -> tuple[Quota, ...]:
        """Of all accounts, the one that is worst off first."""
        key = (tuple(accounts), self._history.revision, int(now.timestamp()) // JUDGED_EVERY_S)
        if key != self._judged[0]:
            found = [
                quotas(self._history, account, self._settings.allowances.get(account, Allowance()), now)
                for account in accounts
            ]
            found.sort(key=lambda group: -(group[0].share or 0.0))
            self._judged = (key, tuple(quota for group in found for quota in group))
        return self._judged[1]
