"""What the program itself did, in words for a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log, without secrets and foreign control characters."""

    at: datetime
    level: str
    """`DEBUG`, `INFO`, `WARNING`, `ERROR`."""
    text: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The newest lines, oldest first, and what was counted since the start."""

    entries: tuple[Entry, ...] = ()
    refused: tuple[tuple[str, int], ...] = ()
    """(dataset, rows of answers that could not be read and were left out), only those that lost some."""
    requests: int = field(default=0, compare=False)
    """Questions that this process sent to GraphQL; they alone are nothing to paint."""


NOTHING_DONE = Journal()
