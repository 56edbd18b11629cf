"""Rounds over the accounts: the present of each in its turn, with what panels need beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from aigw_tui.errors import AigwError, ForbiddenError, TransientError
from aigw_tui.feed.faults import Faults
from aigw_tui.feed.live import LiveAnswers
from aigw_tui.feed.ownership import Ownership
from aigw_tui.feed.pauses import Pauses, Stretch, jitter
from aigw_tui.feed.poll import Poll
from aigw_tui.feed.steady import Reads
from aigw_tui.feed.watched import Accounts, Watched
from aigw_tui.history import History
from aigw_tui.model import DAY, Clock, State, hour_of
from aigw_tui.source import Bounds, Question, Source

log = logging.getLogger(__name__)

ROUND = "round"
"""The subject of faults that concern an account, or all, rather than one dataset."""
LEAST_PAUSE_S = 3.0
"""Between two questions, however fast somebody goes from window to window."""
FRESH = timedelta(seconds=10)
"""The shortest interval there is: what is younger is not asked again by those who ask once."""
ENOUGH = 3
"""Accounts in a row that cannot be reached: then the others are not tried in this round."""


class Rounds:
    """`read` makes a read of history that outlives its disk; `fail` shows what went wrong."""

    def __init__(
        self,
        source: Source,
        history: History,
        clock: Clock,
        faults: Faults,
        poll: Poll,
        live: LiveAnswers,
        accounts: Accounts,
        read: Reads,
        fail: Callable[[AigwError, str], AigwError],
    ) -> None:
        self._source, self._history, self._clock, self._faults = source, history, clock, faults
        self._poll, self._live, self.accounts, self._read, self._fail = poll, live, accounts, read, fail
        self.ownership = Ownership(history, clock, faults, poll, accounts, read)
        self._stretch = Stretch(accounts.interval, faults)
        self._names = Watched("", "", Pauses(accounts.interval))
        """The list of accounts, which is asked for until it is known."""
        self._is_configured = self._has_names = False
        self._named_at: datetime | None = None
        self._wanted_s = -LEAST_PAUSE_S
        """When the last wish of somebody who looks is, or was, granted; many wishes wait for one moment."""
        self._forgot_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """When the next account is due; None: now."""
        if not self.accounts.by_id:
            return self._names.next_at
        return min((one.next_at for one in self.accounts.by_id.values() if one.next_at), default=None)

    @property
    def deadline_s(self) -> float:
        """The same by the monotonic clock."""
        known = self.accounts.by_id.values() or (self._names,)
        return min(one.deadline_s for one in known)

    def state_of_names(self) -> State:
        """While no account is known."""
        return self._names.state(self._poll.now(), self.accounts.interval)

    def is_due(self) -> bool:
        known = tuple(self.accounts.by_id.values()) or (self._names,)
        return any(one.is_due(self._clock) for one in known if one.is_ours or one.id in self._beside())

    def want(self) -> None:
        """Everything is due now; what another process asks for, it is to ask for now."""
        self._names.next_at = None
        for one in self.accounts.by_id.values():
            one.next_at = None
        self.ownership.want()

    def want_live(self) -> None:
        """The accounts of the scope are due: now, or when the last such wish is not that young any more."""
        now_s = self._clock.monotonic()
        chosen = self.accounts.chosen(self._live.needs.scope.values("account"))
        waiting = [(one, one.next_at) for one in chosen if one.next_at is not None]
        if waiting and self._wanted_s <= now_s:
            self._wanted_s = max(now_s, self._wanted_s + LEAST_PAUSE_S)
        ready_in = timedelta(seconds=self._wanted_s - now_s)
        for one, next_at in waiting:
            if ready_in < next_at - self._clock.now():
                one.rest(ready_in, self._clock)

    def take_names(self, accounts: tuple[str, ...], *, has_names: bool) -> None:
        """Watch these; `has_names`: nobody needs to ask what they are called."""
        self.accounts.name(dict.fromkeys(accounts, ""))
        self._is_configured, self._has_names = bool(accounts), has_names

    async def present(self) -> None:
        """Ask for the present of the accounts that are due; failures become faults and set each one's pause."""
        factor, now = jitter(), self._poll.now()
        try:
            await self._name_accounts()
        except AigwError as error:
            self._fail(error, "")
            self._names.rest(self._names.went(error, now, factor), self._clock)
            return
        self._faults.worked("", ROUND)
        ours = tuple(self.ownership.ours())
        due = sorted((one for one in ours if one.is_due(self._clock)), key=_longest_waiting)
        unreachable = asked = 0
        for one in due[: self.accounts.at_a_time]:
            if unreachable == ENOUGH:
                break
            failure = await self._ask(one)
            asked += 1
            unreachable = unreachable + 1 if isinstance(failure, TransientError) else 0
            one.rest(one.went(failure, self._poll.now(), factor), self._clock)
        await self._ask_beside(factor)
        least = self._stretch.least(self._read(lambda: self._source.budget), self._poll.now()) if asked else None
        for place, one in enumerate(due):
            if place >= asked:
                one.rest(self.accounts.interval * factor, self._clock)
            elif least:
                one.rest(max(least, (one.next_at or self._clock.now()) - self._clock.now()), self._clock)

    async def present_unless_fresh(self) -> None:
        """The present of those whose newest answer is not that young."""
        now = self._poll.now()
        for one in self.accounts.by_id.values():
            if one.good_at is not None and now - one.good_at < FRESH:
                one.rest(FRESH, self._clock)
        await self.present()

    async def _ask(self, one: Watched) -> AigwError | None:
        try:
            self._live.take(one.id, await self._poll.present(one.id, self._questions))
            self._faults.worked(one.id, ROUND)
            if one.pauses.bad_rounds:
                log.info("%s answers again", one.id)
            self._forget()
        except AigwError as error:
            return self._fail(error, one.id)
        if one.id in self._beside():
            await self._live.look_up(one.id, self._poll.now())
        return None

    async def _ask_beside(self, factor: float) -> None:
        """What visible panels need of accounts that another process asks for: that one does not keep it."""
        for one in tuple(self.accounts.by_id.values()):
            if one.is_ours or one.id not in self._beside() or not one.is_due(self._clock):
                continue
            try:
                self._live.take(one.id, await self._poll.beside(one.id, self._questions))
                await self._live.look_up(one.id, self._poll.now())
            except AigwError as error:
                self._fail(error, one.id)
            one.rest(self.accounts.interval * factor, self._clock)

    def _questions(self, account: str, bounds: Mapping[str, Bounds], now: datetime) -> Sequence[Question]:
        return self._live.questions(account, bounds, now) if account in self._beside() else ()

    def _beside(self) -> frozenset[str]:
        """The accounts of which a visible panel may need what is not kept."""
        return frozenset(one.id for one in self.accounts.chosen(self._live.needs.scope.values("account")))

    async def _name_accounts(self) -> None:
        """Find the accounts, or the names of those that are configured, if the token may know them; again each day."""
        now, known = self._poll.now(), self.accounts.by_id
        if self._has_names or (self._named_at is not None and timedelta(0) <= now - self._named_at < DAY):
            return
        try:
            found = dict(await self._source.accounts())
        except AigwError as error:
            if not known:
                raise
            log.info("no names of accounts: %s", error)
            found = {}
        if not known and not found:
            raise ForbiddenError("the token sees no account", "set CLOUDFLARE_ACCOUNT_ID, or give it Account: Read")
        watched = known if self._is_configured or not found else found
        self.accounts.name({account: found.get(account, "") for account in watched})
        self._named_at = now

    def _forget(self) -> None:
        """Once an hour: drop what is older than it is kept."""
        hour = hour_of(self._poll.now())
        if hour != self._forgot_at:
            self._history.forget(hour)
            self._forgot_at = hour


def _longest_waiting(one: Watched) -> tuple[bool, float]:
    return one.asked_at is not None, one.asked_at.timestamp() if one.asked_at else 0.0
