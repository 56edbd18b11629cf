"""The newest request logs of what is looked at: read beside the rounds, so that slow logs delay nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from aigw_tui.errors import AigwError, BudgetError
from aigw_tui.feed.gatewaybook import GatewayBook
from aigw_tui.feed.watched import Accounts
from aigw_tui.insight.wantedlogs import busiest, wanted
from aigw_tui.model import MOST_ACCOUNTS, Clock, LogRow, NewestLogs, Scope, Views
from aigw_tui.source import Source

log = logging.getLogger(__name__)

LOGS = "logs"
"""What a panel needs that shows them."""
MOST_ROWS = 200
MOST_GATEWAYS = 10
"""Of an account: as many as one may have on the free plan."""
LEAST_PAUSE_S = 3.0
"""Between two readings, however fast somebody goes from scope to scope."""
LEAST_SHARE = 0.8
"""Of an interval: what is younger is not read again."""
SCOPES_KEPT = 8
Metadata = tuple[tuple[str, str], ...]
"""(key, value) pairs."""
Selection = tuple[Scope, Metadata]
"""Which requests: those of a scope, with this metadata."""


class RequestLogs:
    """Reads while somebody looks, and never otherwise; who goes back has what was read there at once.

    REST has a budget of its own at Cloudflare, so nothing here counts as a GraphQL query. `arrived` is called when
    there is something new to look at.
    """

    def __init__(
        self, source: Source, views: Views, gateways: GatewayBook, accounts: Accounts, clock: Clock,
        now: Callable[[], datetime], arrived: Callable[[], None],
    ) -> None:  # fmt: skip
        self._source, self._views, self._gateways, self._accounts = source, views, gateways, accounts
        self._clock, self._now, self._arrived = clock, now, arrived
        self._wanted: Selection | None = None
        self._answers: dict[Selection, dict[str, NewestLogs]] = {}
        """Selection → account → its newest; the one looked at last comes last."""
        self._used_up: dict[str, BudgetError] = {}
        """Account → until when its REST budget is used up."""
        self._task: asyncio.Task[None] | None = None
        self._reading: Selection | None = None
        """What the task is about."""
        self._began_s = -LEAST_PAUSE_S
        self._due_s = 0.0

    def need(self, scope: Scope | None, metadata: Metadata = ()) -> None:
        """What is looked at from now on; None: nobody looks."""
        self._wanted = wanted = None if scope is None else (scope, metadata)
        if self._task and self._reading != wanted:
            self._task.cancel()
            self._task = None
        if wanted is not None:
            self._answers[wanted] = self._answers.pop(wanted, {})
            for old in tuple(self._answers)[:-SCOPES_KEPT]:
                del self._answers[old]
            self.begin()

    def want(self) -> None:
        """Read again, as soon as the last reading is not that young any more."""
        self._due_s = 0.0
        self.begin()

    def begin(self) -> None:
        """Read, if that is due and not being done."""
        if self._is_due() and (self._task is None or self._task.done()):
            self._reading = self._wanted
            self._task = asyncio.create_task(self._read())

    @property
    def metadata(self) -> Metadata:
        """What requests must carry to be among the answers."""
        return self._wanted[1] if self._wanted else ()

    def answers(self, scope: Scope) -> tuple[NewestLogs, ...]:
        """What is known of that scope, an account each."""
        own = self._answers.get((scope, self.metadata), {})
        return tuple(own[account] for account in self._chosen(scope) if account in own)

    async def one(self, row: LogRow) -> LogRow | None:
        """That request with all that its log says now; None where it is gone. Raises AigwError."""
        return await self._source.log(row.account, row.gateway, row.id)

    async def body(self, row: LogRow, part: str) -> bytes | None:
        """Its `request` or `response`, for who asked by hand: kept nowhere. None where it is not stored.

        Raises AigwError.
        """
        return await self._source.body(row.account, row.gateway, row.id, part)

    async def close(self) -> None:
        self._wanted = None
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _is_due(self) -> bool:
        if self._wanted is None or not 0 < len(self._chosen(self._wanted[0])) <= MOST_ACCOUNTS:
            return False
        own = self._answers.get(self._wanted, {})
        return self._clock.monotonic() >= self._due_s or not own.keys() >= {*self._chosen(self._wanted[0])}

    def _chosen(self, scope: Scope) -> tuple[str, ...]:
        return tuple(one.id for one in self._accounts.chosen(scope.values("account")))

    async def _read(self) -> None:
        if (wait_s := self._began_s + LEAST_PAUSE_S - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait_s)
        if (selection := self._wanted) is None:
            return
        self._began_s = self._clock.monotonic()
        self._due_s = self._began_s + self._accounts.interval.total_seconds() * LEAST_SHARE
        for account in self._chosen(selection[0]):
            before = self._answers.setdefault(selection, {}).get(account, NewestLogs(account))
            self._answers[selection][account] = await self._ask(selection, before)
            self._arrived()

    async def _ask(self, selection: Selection, before: NewestLogs) -> NewestLogs:
        """A failure keeps the rows of before, and says why they are no newer."""
        (scope, metadata), account, now = selection, before.account, self._now()
        if (used_up := self._used_up.get(account)) and now < used_up.until:
            return replace(before, why=used_up.why, remedy=used_up.remedy)
        question = wanted(self._views, scope, now, metadata)
        if question is None:
            return NewestLogs(account, read_at=now)
        try:
            names = await self._names(scope, account, now)
            found = await self._source.newest(account, names[:MOST_GATEWAYS], question, MOST_ROWS)
        except AigwError as error:
            log.info("no request logs of %s: %s", account, error)
            if isinstance(error, BudgetError):
                self._used_up[account] = error
            return replace(before, why=error.why, remedy=error.remedy)
        return replace(found, left_out=max(len(names) - MOST_GATEWAYS, 0), read_at=now)

    async def _names(self, scope: Scope, account: str, now: datetime) -> Sequence[str]:
        """The gateways to ask: those that the scope's requests went through first, then the others.

        Raises AigwError when they cannot be listed and history knows none.
        """
        listed = [one.id for one in await self._gateways.of(account, now)]
        allowed, refusal = scope.values("gateway"), self._gateways.refusal(account)
        busy = [name for name in busiest(self._views, scope, account, now) if name in listed or not listed]
        names = tuple(name for name in dict.fromkeys((*busy, *listed)) if not allowed or name in allowed) or allowed
        if not names and refusal:
            raise refusal
        return names
