"""A measure that an account may not see, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """Shown as – everywhere; the help of the panels that need its dataset says why."""

    account: str
    dataset: str
    measure: str
    """Empty: the dataset as a whole."""
    why: str
