"""One account that is watched: how its last rounds went, and when it is asked again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aigw_tui.errors import AigwError, BudgetError, TransientError
from aigw_tui.feed.pauses import Pauses
from aigw_tui.model import Account, Clock, Progress, State
from aigw_tui.model.freshness import is_too_old


@dataclass(slots=True)
class Watched:
    """Mutable: it goes through rounds."""

    id: str
    name: str
    pauses: Pauses
    is_ours: bool = True
    """Whether this process asks for it, and not another one on the same history."""
    good_at: datetime | None = None
    """The last good answer that any process had."""
    asked_at: datetime | None = None
    next_at: datetime | None = None
    """None: now."""
    deadline_s: float = 0.0
    """The same by the monotonic clock."""
    is_offline: bool = False
    progress: Progress | None = None
    """How far its past has been read; None: it is complete, or not ours to read."""
    until: datetime | None = None
    """Before then its API budget is used up."""

    def is_due(self, clock: Clock) -> bool:
        return self.next_at is None or clock.now() >= self.next_at or clock.monotonic() >= self.deadline_s

    def went(self, failure: AigwError | None, now: datetime, factor: float) -> timedelta:
        """Remember how a round went; returns how long to wait before the next."""
        self.asked_at = now
        self.is_offline = isinstance(failure, TransientError)
        self.until = failure.until if isinstance(failure, BudgetError) else None
        if failure is None:
            self.good_at = now
        return self.pauses.after(failure, now, factor)

    def rest(self, pause: timedelta, clock: Clock) -> None:
        self.next_at, self.deadline_s = clock.now() + pause, clock.monotonic() + pause.total_seconds()

    def learn_age(self, at: datetime | None, now: datetime) -> None:
        """Another process may have had a newer answer."""
        if at:
            self.good_at = max(self.good_at or at, min(at, now))

    def is_stale(self, now: datetime, interval: timedelta) -> bool:
        return self.good_at is not None and is_too_old(now - self.good_at, interval)

    def state(self, now: datetime, interval: timedelta) -> State:
        if self.is_offline:
            return State.OFFLINE
        if self.is_stale(now, interval) or (self.pauses.bad_rounds and self.good_at is None):
            return State.STALE
        return State.LIVE if self.next_at and self.good_at else State.STARTING

    def seen(self, label: str, now: datetime, interval: timedelta) -> Account:
        """As panels see it: equal as long as nothing but its age moves."""
        as_of = self.good_at if self.is_stale(now, interval) else None
        return Account(self.id, label, self.state(now, interval), as_of, self.until)


@dataclass(slots=True)
class Accounts:
    """All that are watched, by id, in the order in which they were named."""

    interval: timedelta
    """Between two rounds."""
    by_id: dict[str, Watched] = field(default_factory=dict)

    @property
    def at_a_time(self) -> int:
        """How many are asked in one round: one every two seconds, half of what Cloudflare allows a user."""
        return max(1, min(MOST_AT_A_TIME, int(self.interval.total_seconds() / SECONDS_EACH)))

    @property
    def turn(self) -> timedelta:
        """How long it takes until each was asked once."""
        return self.interval * max(1, -(-len(self.by_id) // self.at_a_time))

    def name(self, names: dict[str, str]) -> None:
        """Watch exactly these (id → name); those that are known keep their state."""
        self.by_id = {
            account: self.by_id.get(account) or Watched(account, name, Pauses(self.interval))
            for account, name in names.items()
        }
        for account, name in names.items():
            self.by_id[account].name = name or self.by_id[account].name

    def chosen(self, accounts: tuple[str, ...]) -> tuple[Watched, ...]:
        """Those of a scope; all of them for none."""
        return tuple(one for one in self.by_id.values() if not accounts or one.id in accounts)


MOST_AT_A_TIME = 30
SECONDS_EACH = 2.0
