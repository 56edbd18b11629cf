"""This process's part in who asks: of several on one history, one asks for an account and the others watch."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from aigw_tui.history import History
from aigw_tui.model import Clock

LASTS = 1.5
"""Intervals: what outlives a round that takes long, and ends before two ticks have passed."""
RENEWED = 1.0
"""Renewed when less than so many intervals are left: one write in half an interval."""


class Lease:
    """Leases of accounts. Every method raises LocalError when the disk refuses."""

    def __init__(self, history: History, clock: Clock, interval: timedelta) -> None:
        self._history, self._clock, self._interval = history, clock, interval
        self._me = secrets.token_hex(8)
        self._until: dict[str, datetime] = {}

    def holds(self, account: str) -> bool:
        """Whether we are to ask for this account now; takes what is free and renews what is ours."""
        now = self._clock.now()
        left = self._until.get(account, now) - now
        if self._interval * RENEWED <= left <= self._interval * LASTS:
            return True
        until = now + self._interval * LASTS
        if not self._history.take(account, self._me, now, until):
            self._until.pop(account, None)
            return False
        self._until[account] = until
        return True

    def let_go(self) -> None:
        """Another may ask from now on."""
        self._until.clear()
        self._history.let_go(self._me)
