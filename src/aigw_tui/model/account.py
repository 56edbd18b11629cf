"""The accounts that are watched, each with a state of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aigw_tui.model.freshness import State


@dataclass(frozen=True, slots=True)
class Account:
    """One account and how well it is known. Its age is left out on purpose: it would move by the second."""

    id: str
    label: str
    state: State = State.LIVE
    as_of: datetime | None = None
    """When it was last answered for, where that is too long ago; None: its figures are fresh, or there are none."""
    until: datetime | None = None
    """Before then nothing is asked: its API budget is used up."""
