"""Our own count of GraphQL calls, and the pause that Cloudflare asked for."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aigw_tui.errors import BudgetError
from aigw_tui.format import clock as hour_and_minute
from aigw_tui.model import Budget, Clock

SPAN = timedelta(minutes=5)
LIMIT = 300
PAUSE_S = 300.0
LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(slots=True)
class Ledger:
    """What the meter remembers; wall-clock moments, so that a store can share it between processes."""

    calls: deque[datetime] = field(default_factory=deque)
    blocked_until: datetime | None = None


class Meter:
    """Counts the calls of the last five minutes; a wall clock that jumps cannot block it for longer than 15 minutes."""

    def __init__(self, clock: Clock, limit: int = LIMIT, ledger: Ledger | None = None) -> None:
        self._clock = clock
        self._limit = limit
        self._ledger = ledger or Ledger()

    @property
    def budget(self) -> Budget:
        return Budget(self._recent(), self._limit)

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
        if self._recent() >= self._limit:
            until = self._ledger.calls[0] + SPAN
            raise BudgetError(f"{self._limit} questions in 5 minutes", until)
        self._ledger.calls.append(self._clock.now())

    def pause_s(self) -> float:
        """How long to wait when Cloudflare does not say: 300 s ± 10 %, so that programs of one user spread out."""
        return PAUSE_S * random.uniform(0.9, 1.1)  # noqa: S311

    def block(self, until: datetime) -> None:
        self._ledger.blocked_until = min(until, self._clock.now() + LONGEST_PAUSE)

    def _recent(self) -> int:
        calls, now = self._ledger.calls, self._clock.now()
        while calls and not now - SPAN < calls[0] <= now:
            calls.popleft()
        return len(calls)
