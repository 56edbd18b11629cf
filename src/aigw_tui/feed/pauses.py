"""How long to wait for the next round: the interval, or longer when that would ask in vain or too often."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from aigw_tui.errors import AigwError, AuthError, BudgetError, TransientError
from aigw_tui.feed.faults import Faults
from aigw_tui.model import Budget, Fault

STRETCH = "stretch"
PATIENCE = 5
"""Bad rounds in a row after which the interval doubles."""
LONGEST_PAUSE = timedelta(minutes=15)
AUTH_PAUSE = timedelta(seconds=60)
"""A refused token is read again once a minute."""
MOST_USED = 0.8
"""The share of the API budget from which on each pause is twice as long as the last."""
LONGEST_STRETCH = timedelta(minutes=5)
"""By then all calls are forgotten."""
JITTER = 0.1


def jitter() -> float:
    """What every interval is multiplied by, so that programs spread out."""
    return random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311


class Pauses:
    """Remembers how the last rounds of one account went."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval
        self.bad_rounds = 0
        """In a row, up to now."""

    def after(self, failure: AigwError | None, now: datetime, factor: float = 1.0) -> timedelta:
        """The pause after a round; `failure` is what went wrong in it, `factor` the round's jitter."""
        self.bad_rounds = self.bad_rounds + 1 if failure else 0
        interval = self._interval * factor
        if isinstance(failure, BudgetError):
            return max(failure.until - now, interval)
        if isinstance(failure, AuthError):
            return max(AUTH_PAUSE, interval)
        if isinstance(failure, TransientError) and failure.retry_after_s is not None:
            return min(max(interval, timedelta(seconds=failure.retry_after_s)), LONGEST_PAUSE)
        doublings = min(max(self.bad_rounds - PATIENCE, 0), 10)
        return min(interval * (1 << doublings), max(LONGEST_PAUSE, interval))


class Stretch:
    """Makes all pauses longer while most of the API budget is used."""

    def __init__(self, interval: timedelta, faults: Faults) -> None:
        self._interval, self._faults = interval, faults
        self._rounds = 0
        """In a row after which most of the budget was used."""

    def least(self, budget: Budget, now: datetime) -> timedelta:
        """The shortest pause: twice as long with each round after which most of the budget is used; then it is said."""
        used, limit = budget
        if used < limit * MOST_USED:
            self._rounds = 0
            self._faults.worked("", STRETCH)
            return timedelta(0)
        self._rounds = min(self._rounds + 1, 10)
        pause = min(self._interval * (1 << self._rounds), LONGEST_STRETCH)
        what = f"asking every {round(max(pause, self._interval).total_seconds())} s"
        why = f"{used} of {limit} API calls used in 5 minutes"
        self._faults.note(Fault(STRETCH, what, why, BudgetError.default_remedy, now, dataset=STRETCH))
        return pause
