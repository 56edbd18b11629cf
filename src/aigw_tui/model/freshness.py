"""The state of the instrument itself: how fresh its figures are, what it may still ask, how far back it has read."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

STALE_AFTER = timedelta(minutes=5)
"""Or three intervals, whichever is longer."""


def is_too_old(age: timedelta, interval: timedelta) -> bool:
    """Whether what was last answered so long ago is stale."""
    return age > max(STALE_AFTER, 3 * interval)


class Budget(NamedTuple):
    """Our own API calls in the running five minutes, of the number Cloudflare allows a user."""

    used: int
    limit: int = 300


NO_CALLS = Budget(0)


class Progress(NamedTuple):
    """How far the backfill has come, in hours of all stored datasets."""

    done: int
    of: int
    back_to: datetime
    """The oldest hour that has been read without a gap up to now."""


class State(enum.Enum):
    """What the instrument is doing."""

    STARTING = "starting"
    LIVE = "live"
    STALE = "stale"
    OFFLINE = "offline"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The state of the instrument: it moves by the second, so it stands beside the snapshot and not in it."""

    state: State = State.STARTING
    good_at: datetime | None = None
    """The last good answer; None: none yet."""
    next_at: datetime | None = None
    is_stale: bool = False
    """No good answer for 3 intervals or 5 minutes, whichever is longer."""
    budget: Budget = NO_CALLS
    progress: Progress | None = None
    """None when the backfill is complete."""
