"""The past of all accounts: a request at a time in the quiet between the rounds, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from aigw_tui.errors import AigwError, AuthError, TransientError
from aigw_tui.feed import plan
from aigw_tui.feed.ownership import Ownership
from aigw_tui.feed.pauses import MOST_USED
from aigw_tui.feed.poll import Poll
from aigw_tui.feed.steady import Reads
from aigw_tui.feed.watched import Accounts, Watched
from aigw_tui.model import HOUR, Clock, Progress
from aigw_tui.source import Source

QUICK_S, SLOW_S = 0.5, 3.0
"""Pause between two requests for the past: within its first week, and further back."""
FEW = 4
"""With more accounts than this the past of all is read slowly."""
BUDGET_FOR_PAST = 0.5
"""The share of the API budget that the past may use; the rest is for the present and for other programs."""


class Past:
    """Accounts take turns; what fails waits until their next round went well."""

    def __init__(
        self,
        source: Source,
        clock: Clock,
        poll: Poll,
        accounts: Accounts,
        ownership: Ownership,
        read: Reads,
        fail: Callable[[AigwError, str], AigwError],
    ) -> None:
        self._source, self._clock, self._poll, self._accounts = source, clock, poll, accounts
        self._ownership, self._read, self._fail = ownership, read, fail
        self._queue: list[Watched] = []
        """Accounts whose past is looked at next, in turn."""
        self._due_s = 0.0

    @property
    def progress(self) -> Progress | None:
        """Of all accounts together."""
        found = [one.progress for one in self._accounts.by_id.values() if one.progress]
        if not found:
            return None
        return Progress(sum(one.done for one in found), sum(one.of for one in found), max(one.back_to for one in found))

    async def step(self) -> float:
        """One request for the past of the next account; returns how long to wait then, 0 when there is none."""
        if (left_s := self._due_s - self._clock.monotonic()) > 0:  # a wait that was interrupted
            return left_s
        pause_s = await self._step()
        self._due_s = self._clock.monotonic() + pause_s
        return pause_s

    async def since(self, moment: datetime, later: Mapping[str, datetime]) -> bool:
        """One request for the past of each account from that moment on, of some datasets from a `later` one on; False
        when there is nothing left to ask, or when most of the API budget is used."""
        if self._is_used(MOST_USED):
            return False
        asked = False
        for one in tuple(self._ownership.ours()):
            if one.pauses.bad_rounds:
                continue
            edge = self._poll.now() + HOUR  # of what lies within reach the first hour is never asked for
            reach, shorter = edge - moment, {name: edge - since for name, since in later.items()}
            try:
                if await self._poll.past(one.id, reach, shorter, with_audit=False):
                    asked, one.progress = True, await self._poll.progress(one.id, reach, shorter)
            except AigwError as error:
                one.pauses.bad_rounds += 1
                self._fail(error, one.id)
        return asked

    async def _step(self) -> float:
        if self._is_used(BUDGET_FOR_PAST):
            return 0
        self._queue = self._queue or [one for one in self._ownership.ours() if not one.pauses.bad_rounds]
        while self._queue:
            one = self._queue.pop(0)
            if one.id not in self._accounts.by_id:
                continue  # it is gone since
            try:
                pause_s = await self._of(one.id)
                await asyncio.sleep(0)  # keys come first
                one.progress = await self._poll.progress(one.id)
            except AigwError as error:
                self._fail(error, one.id)
                if isinstance(error, (TransientError, AuthError)):
                    return 0
                continue  # the other accounts have their own budgets and permissions
            if pause_s:
                return pause_s
        return 0

    async def _of(self, account: str) -> float:
        if await self._poll.past(account, plan.WEEK):
            return QUICK_S if len(self._accounts.by_id) <= FEW else SLOW_S
        return SLOW_S if await self._poll.past(account, timedelta.max) else 0

    def _is_used(self, share: float) -> bool:
        budget = self._read(lambda: self._source.budget)
        return budget.used >= budget.limit * share
