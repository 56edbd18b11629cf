"""Limits: how much is used, and whether it will last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a running total is heading by its reset, 00:00 UTC or the end of the month; in the unit of the total."""

    expected: tuple[tuple[datetime, float], ...]
    """What each remaining hour is expected to add, the rest of the running hour first; by the day for a month."""
    low: float
    likely: float
    high: float
    """The total in the end: cautious, expected and pessimistic."""
    runs_out: tuple[datetime, datetime | None] | None = None
    """Earliest and latest moment at which the limit is reached; the latest is None when it may last. None: lasts."""
    ran_out: datetime | None = None
    """When the limit was passed, to the minute by a straight line through that hour; None when it was not."""
    days: int = 0
    """Days of history behind it; 0 means a straight line through today."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit, how much of it is used, and whether it will last."""

    name: str
    unit: str
    used: float | None
    limit: float | None
    nowcast: float | None = None
    """An estimate (~) of what is used but not measured yet; always beside `used`, never in it."""
    resets_at: datetime | None = None
    pace: Pace | None = None
    account: str = ""
    """Whose it is, where an account has its own."""
    gateway: str = ""
    """Whose it is, where a gateway has its own."""
    window: timedelta | None = None
    """What the limit counts over, where that is no UTC day or month."""
    is_estimate: bool = False
    """What is used is an estimate (~): nobody measures it."""
    refused: int | None = None
    """Requests that the limit turned away today; None: unknown."""
    note: str = ""
    """What happens at the limit, or has happened, in words."""

    @property
    def share(self) -> float | None:
        """Measured and nowcast use over the limit, 1.0 = used up; None when either is unknown."""
        if self.used is None or not self.limit:
            return None
        return (self.used + (self.nowcast or 0.0)) / self.limit
