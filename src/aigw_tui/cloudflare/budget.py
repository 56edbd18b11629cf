"""Our own count of GraphQL calls, and the pause that Cloudflare asked for."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aigw_tui.errors import BudgetError
from aigw_tui.format import clock as hour_and_minute
from aigw_tui.model import Budget, Clock

SPAN = timedelta(minutes=5)
LIMIT = 300
PAUSE_S = 300.0
LONGEST_PAUSE = timedelta(minutes=15)


class Ledger(Protocol):
    """What a meter remembers; wall-clock moments, so that a store can share it between processes."""

    def calls(self, since: datetime, until: datetime) -> tuple[int, datetime | None]:
        """How many were made in `(since, until]`, and the oldest of them."""

    def add(self, at: datetime, since: datetime) -> None:
        """One more call; those outside `(since, at]` are forgotten."""

    @property
    def blocked_until(self) -> datetime | None: ...

    def block(self, until: datetime) -> None: ...


@dataclass(slots=True)
class Memory:
    """A ledger of this process alone."""

    moments: deque[datetime] = field(default_factory=deque)
    blocked_until: datetime | None = None

    def calls(self, since: datetime, until: datetime) -> tuple[int, datetime | None]:
        while self.moments and not since < self.moments[0] <= until:
            self.moments.popleft()
        return len(self.moments), self.moments[0] if self.moments else None

    def add(self, at: datetime, since: datetime) -> None:
        self.calls(since, at)
        self.moments.append(at)

    def block(self, until: datetime) -> None:
        self.blocked_until = until


class Meter:
    """Counts the calls of the last five minutes; a wall clock that jumps cannot block it for longer than 15 minutes."""

    def __init__(self, clock: Clock, limit: int = LIMIT, ledger: Ledger | None = None) -> None:
        self._clock = clock
        self._limit = limit
        self._ledger = ledger or Memory()

    @property
    def budget(self) -> Budget:
        now = self._clock.now()
        return Budget(self._ledger.calls(now - SPAN, now)[0], self._limit)

    @property
    def blocked_until(self) -> datetime | None:
        """No call before this moment; None when calls are free."""
        until, now = self._ledger.blocked_until, self._clock.now()
        if until is None or not now < until <= now + LONGEST_PAUSE:
            return None
        return until

    def spend(self) -> None:
        """Counts one call. Raises BudgetError, and counts nothing, when none may be made now."""
        if until := self.blocked_until:
            raise BudgetError(f"no questions before {hour_and_minute(until)} UTC", until)
        now = self._clock.now()
        used, oldest = self._ledger.calls(now - SPAN, now)
        if used >= self._limit and oldest:
            raise BudgetError(f"{self._limit} questions in 5 minutes", oldest + SPAN)
        self._ledger.add(now, now - SPAN)

    def pause_s(self) -> float:
        """How long to wait when Cloudflare does not say: 300 s ± 10 %, so that programs of one user spread out."""
        return PAUSE_S * random.uniform(0.9, 1.1)  # noqa: S311

    def block(self, until: datetime) -> None:
        self._ledger.block(min(until, self._clock.now() + LONGEST_PAUSE))


class Meters:
    """A meter for each token's user; once a second account is asked, one for each account, as Cloudflare then counts.

    `ledger_of` gives an account's ledger, for the empty name the user's own.
    """

    def __init__(self, clock: Clock, ledger_of: Callable[[str], Ledger] | None = None) -> None:
        self._clock = clock
        self._ledger_of = ledger_of or (lambda _: Memory())
        self._meters = {"": Meter(clock, ledger=self._ledger_of(""))}
        self._accounts: set[str] = set()

    @property
    def is_by_account(self) -> bool:
        """Whether the accounts' calls are counted apart (documented: the header `X-Rate-Limit-Type`)."""
        return len(self._accounts) > 1

    @property
    def budget(self) -> Budget:
        """That of the meter which is used up furthest."""
        return max((meter.budget for meter in self._meters.values()), key=lambda budget: budget.used)

    def of(self, account: str) -> Meter:
        self._accounts.add(account)
        name = account if self.is_by_account else ""
        if name not in self._meters:
            self._meters[name] = Meter(self._clock, ledger=self._ledger_of(name))
        return self._meters[name]
