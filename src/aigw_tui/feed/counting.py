"""Workers' own counters: asked with each round, beside it, so that a slow one delays nothing; every answer is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from aigw_tui.errors import AigwError, CounterError
from aigw_tui.feed.steady import Reads
from aigw_tui.history import History
from aigw_tui.model import DAY, Clock, Count, Counter, Window, day_of
from aigw_tui.source import CounterSource

log = logging.getLogger(__name__)

LEAST_SHARE = 0.8
"""Of an interval: rounds that follow each other more quickly do not ask again."""


@dataclass(frozen=True, slots=True)
class CounterSettings:
    """One endpoint, and how its count is judged."""

    source: CounterSource
    tolerance: float = 0.1
    delay_s: float = 2400.0


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Which account has which."""

    by_account: Mapping[str, CounterSettings] = field(default_factory=dict)
    single: CounterSettings | None = None
    """Of the account that is watched, when there is one alone and it is not named."""

    def of(self, account: str, watched: Collection[str]) -> CounterSettings | None:
        return self.by_account.get(account) or (self.single if {*watched} <= {account} else None)


class Counting:
    """`read` makes a read or write of history that outlives its disk."""

    def __init__(
        self, endpoints: Endpoints, history: History, clock: Clock, interval_s: float, read: Reads,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._endpoints, self._history, self._clock, self._read, self._now = endpoints, history, clock, read, now
        self._pause_s = interval_s * LEAST_SHARE
        self._due_s = 0.0
        self._task: asyncio.Task[None] | None = None
        self._failures: dict[str, CounterError] = {}
        self._last: dict[str, Count] = {}
        """Whole, as it was said: history keeps only its figures."""
        self._known: dict[str, tuple[tuple[datetime | None, datetime], tuple[Count, ...]]] = {}

    def begin(self, accounts: Sequence[str], watched: Collection[str]) -> None:
        """Ask for these beside everything else, unless that was done a moment ago or is being done."""
        if not any(self._endpoints.of(account, watched) for account in accounts):
            return
        if (self._task and not self._task.done()) or self._clock.monotonic() < self._due_s:
            return
        self._due_s = self._clock.monotonic() + self._pause_s
        self._task = asyncio.create_task(self.ask(accounts, watched))

    async def ask(self, accounts: Sequence[str], watched: Collection[str]) -> None:
        """Ask for these now. What fails is said in the counter; nothing is raised."""
        for account in accounts:
            if endpoint := self._endpoints.of(account, watched):
                await self._ask(account, endpoint.source)

    def counters(self, accounts: Sequence[str], watched: Collection[str]) -> tuple[Counter, ...]:
        """Those that these accounts have, with all that they said today."""
        found = ((account, self._endpoints.of(account, watched)) for account in accounts)
        return tuple(self._counter(account, one) for account, one in found if one)

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for one in (*self._endpoints.by_account.values(), self._endpoints.single):
            if one:
                await one.source.close()

    async def _ask(self, account: str, source: CounterSource) -> None:
        try:
            count = await source.ask()
            self._read(lambda: self._history.counters.add(account, count))
        except CounterError as error:
            if account not in self._failures:
                log.warning("%s", error)
            self._failures[account] = error
        except AigwError as error:
            log.warning("a count is not kept: %s", error)
        else:
            if self._failures.pop(account, None):
                log.info("the Worker's counter of %s answers again", account)
            self._last[account] = count

    def _counter(self, account: str, one: CounterSettings) -> Counter:
        polls, failure = self._polls(account), self._failures.get(account)
        why, remedy = (failure.why, failure.remedy) if failure else ("", "")
        return Counter(account, polls, why, remedy, one.tolerance, one.delay_s)

    def _polls(self, account: str) -> tuple[Count, ...]:
        """Read again when there is a newer one, whichever process asked."""
        day = day_of(self._now())
        key = self._read(lambda: self._history.counters.newest(account)), day
        if self._known.get(account, (None,))[0] != key:
            polls = self._read(lambda: self._history.counters.polls(account, Window(day, day + DAY)))
            last = self._last.get(account)
            self._known[account] = key, tuple(last if last and one.at == last.at else one for one in polls)
        return self._known[account][1]
