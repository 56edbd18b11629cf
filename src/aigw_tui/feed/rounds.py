"""Rounds over the accounts: the present of each in its turn, the past in the quiet between, and who asks for which."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from aigw_tui.errors import AigwError, AuthError, ForbiddenError, TransientError
from aigw_tui.feed import plan
from aigw_tui.feed.faults import Faults
from aigw_tui.feed.lease import Lease
from aigw_tui.feed.live import LiveAnswers
from aigw_tui.feed.pauses import MOST_USED, Pauses, Stretch, jitter
from aigw_tui.feed.poll import Poll
from aigw_tui.feed.steady import Reads
from aigw_tui.feed.watched import Accounts, Watched
from aigw_tui.history import History
from aigw_tui.model import Clock, Progress, State, hour_of
from aigw_tui.source import Bounds, Question, Source

log = logging.getLogger(__name__)

ROUND = "round"
"""The subject of faults that concern an account, or all, rather than one dataset."""
QUICK_S, SLOW_S = 0.5, 3.0
"""Pause between two requests for the past: within its first week, and further back."""
FEW = 4
"""With more accounts than this the past of all is read slowly."""
BUDGET_FOR_PAST = 0.5
"""The share of the API budget that the past may use; the rest is for the present and for other programs."""
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
        self._lease = Lease(history, clock, accounts.interval)
        self._stretch = Stretch(accounts.interval, faults)
        self._names = Watched("", "", Pauses(accounts.interval))
        """The list of accounts, which is asked for until it is known."""
        self._has_names = False
        self._progress: dict[str, Progress | None] = {}
        self._past_of: list[str] = []
        """Accounts whose past is looked at next, in turn."""
        self._past_due_s = 0.0
        self._wanted_s = -LEAST_PAUSE_S
        """When the last wish of somebody who looks is, or was, granted; many wishes wait for one moment."""
        self._forgot_at: datetime | None = None

    @property
    def progress(self) -> Progress | None:
        """Of all accounts together."""
        found = [one for account, one in self._progress.items() if one and account in self.accounts.by_id]
        if not found:
            return None
        return Progress(sum(one.done for one in found), sum(one.of for one in found), max(one.back_to for one in found))

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
            if not one.is_ours:
                self._read(partial(self._history.want, one.id))

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
        self._has_names = has_names

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
        ours = tuple(self._ours())
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

    async def past_since(self, since: datetime) -> bool:
        """One request for the past of each account from `since` on; False when there is nothing left to ask, or when
        most of the API budget is used."""
        budget = self._read(lambda: self._source.budget)
        if budget.used >= budget.limit * MOST_USED:
            return False
        asked = False
        for one in tuple(self._ours()):
            if one.pauses.bad_rounds:
                continue
            try:
                if await self._poll.past(one.id, self._poll.now() - since, with_audit=False):
                    asked = True
                    self._progress[one.id] = await self._poll.progress(one.id, self._poll.now() - since)
            except AigwError as error:
                one.pauses.bad_rounds += 1
                self._fail(error, one.id)
        return asked

    async def past(self) -> float:
        """One request for the past of the next account; returns how long to wait then, 0 when there is none."""
        if (left_s := self._past_due_s - self._clock.monotonic()) > 0:  # a wait that was interrupted
            return left_s
        pause_s = await self._past_step()
        self._past_due_s = self._clock.monotonic() + pause_s
        return pause_s

    async def _past_step(self) -> float:
        budget = self._read(lambda: self._source.budget)
        if budget.used >= budget.limit * BUDGET_FOR_PAST:
            return 0
        self._past_of = self._past_of or [one.id for one in self._ours() if not one.pauses.bad_rounds]
        while self._past_of:
            account = self._past_of.pop(0)
            try:
                pause_s = await self._past_of_one(account)
                await asyncio.sleep(0)  # keys come first
                self._progress[account] = await self._poll.progress(account)
            except AigwError as error:
                self._fail(error, account)
                if isinstance(error, (TransientError, AuthError)):
                    return 0
                continue  # the other accounts have their own budgets and permissions
            if pause_s:
                return pause_s
        return 0

    def look_around(self) -> bool:
        """Between rounds: an account that became ours, or that another process wants asked, is due."""
        before = {one.id for one in self.accounts.by_id.values() if one.is_ours}
        found = False
        for one in self._ours():
            if one.id not in before or self._read(partial(self._history.was_wanted, one.id)):
                one.next_at, found = None, True
        return found

    def learn_ages(self) -> None:
        """How old the newest answers are that any process had."""
        for one in self.accounts.by_id.values():
            self._learn_age(one)

    def let_go(self) -> None:
        self._lease.let_go()

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

    async def _past_of_one(self, account: str) -> float:
        if await self._poll.past(account, plan.WEEK):
            return QUICK_S if len(self.accounts.by_id) <= FEW else SLOW_S
        return SLOW_S if await self._poll.past(account, timedelta.max) else 0

    async def _name_accounts(self) -> None:
        """Find the accounts, or once the names of those that are configured, if the token may know them."""
        if self._has_names:
            return
        known = self.accounts.by_id
        try:
            found = dict(await self._source.accounts())
        except AigwError as error:
            if not known:
                raise
            log.info("no names of accounts: %s", error)
            found = {}
        if not known and not found:
            raise ForbiddenError("the token sees no account", "set CLOUDFLARE_ACCOUNT_ID, or give it Account: Read")
        self.accounts.name({account: found.get(account, "") for account in known or found})
        self._has_names = True

    def _forget(self) -> None:
        """Once an hour: drop what is older than it is kept."""
        hour = hour_of(self._poll.now())
        if hour != self._forgot_at:
            self._history.forget(hour)
            self._forgot_at = hour

    def _ours(self) -> Iterator[Watched]:
        """The accounts that this process asks for; each is made sure of when its turn comes."""
        for one in tuple(self.accounts.by_id.values()):
            if self._read(partial(self._lease.holds, one.id)):
                self._say(one, is_ours=True)
                yield one
            else:
                self._say(one, is_ours=False)
                self._progress.pop(one.id, None)
                self._faults.left(one.id)
                self._learn_age(one)

    def _say(self, one: Watched, *, is_ours: bool) -> None:
        if one.is_ours and not is_ours:
            log.info("another process asks for %s", one.id)
        elif is_ours and not one.is_ours:
            log.info("from here on %s is asked for by this process", one.id)
        one.is_ours = is_ours

    def _learn_age(self, one: Watched) -> None:
        one.learn_age(self._read(partial(self._history.read_at, one.id)), self._poll.now())


def _longest_waiting(one: Watched) -> tuple[bool, float]:
    return one.asked_at is not None, one.asked_at.timestamp() if one.asked_at else 0.0
