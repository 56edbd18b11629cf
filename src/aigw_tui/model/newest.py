"""The newest request logs of an account, as far as they could be read: the bottom of the ladder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from aigw_tui.model.logrow import LogRow

MOST_ACCOUNTS = 5
"""Of a scope whose request logs are read; of more, none are: each costs a request for each of its gateways."""


class Unread(NamedTuple):
    """A gateway whose logs could not be read."""

    gateway: str
    why: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class NewestLogs:
    """What one account's gateways logged last, of one scope."""

    account: str
    rows: tuple[LogRow, ...] = ()
    """Newest first, of all gateways together."""
    is_cut: bool = False
    """There may be older ones: these are as many as are read at once."""
    unread: tuple[Unread, ...] = ()
    """Gateways that refused, while others answered."""
    left_out: int = 0
    """Gateways that were not asked, because there are too many; those with most requests were."""
    read_at: datetime | None = field(default=None, compare=False)
    """When these rows were read (UTC); None: never. It moves with the clock, which alone is nothing to paint."""
    why: str = ""
    """Why the last reading failed; the rows are those of the one before. Empty: it did not."""
    remedy: str = ""
