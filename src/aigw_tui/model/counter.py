"""What a Worker's own counter says: its neurons of a UTC day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

FIELDS = ("neuronsUsed", "neuronsLimit", "neuronsRemaining", "isExceeded", "resetAt", "inferenceCount", "date")
"""The names in its answer, as most Workers spell them."""


@dataclass(frozen=True, slots=True)
class Count:
    """One answer. None is unknown: the Worker does not say it, or history does not keep it."""

    at: datetime
    """When it was asked (UTC)."""
    day: date
    """The UTC day that it counts, as it says."""
    used: float
    """Neurons, by its own price."""
    limit: float | None = None
    """Neurons a day, as it sees them."""
    inferences: int | None = None
    """Calls that it counted."""
    remaining: float | None = None
    is_exceeded: bool | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """A Worker's counter of one account: what it said today, each time it was asked, and how the last time went."""

    account: str
    polls: tuple[Count, ...] = ()
    """Of the running UTC day, oldest first, also those of other processes on the same history; of whatever day they
    count."""
    why: str = ""
    """Why the last question had no answer; empty: it had one, or none was put yet."""
    remedy: str = ""
    tolerance: float = 0.1
    """How far, as a share, the two counts may lie apart and still agree."""
    delay_s: float = 2400.0
    """How late neurons arrive: so much of the present is left out."""
