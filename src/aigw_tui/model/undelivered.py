"""Messages that have not arrived where they were to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What waits for one target, and what was lost on the way there within the last 24 hours. Moments: UTC."""

    target: str
    """By name."""
    waiting: int = 0
    why: str = ""
    """Why the last try failed; empty: there was none yet."""
    next_at: datetime | None = None
    """When the first of them is tried again; None: it is due, or was never told."""
    lost: int = 0
    """Given up."""
    lost_why: str = ""
    """Of the newest."""
    lost_at: datetime | None = None
    lost_after_h: int = 0
    """How many hours each of them was tried for, at least."""
    dropped: int = 0
    """The oldest, which made room when too many waited."""
    dropped_at: datetime | None = None
