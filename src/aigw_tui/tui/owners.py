"""What an account is called beside the others: its label, and a part of its id where two have the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len

from aigw_tui.format import clean
from aigw_tui.model import Account
from aigw_tui.tui.lines import shorten

ID_PART = 8
"""Characters of an id that are shown."""
LEAST_LABEL = 3
"""Cells below which a part of the label says nothing."""


class Name(NamedTuple):
    """Clean text."""

    label: str
    tail: str = ""
    """The beginning of the id, which no shortening takes away."""

    @property
    def text(self) -> str:
        return f"{self.label} {self.tail}" if self.tail else self.label

    def within(self, width: int) -> str:
        """At most `width` cells."""
        room = width - cell_len(self.tail) - 1
        if not self.tail:
            return shorten(self.label, width)
        return f"{shorten(self.label, room)} {self.tail}" if room >= LEAST_LABEL else shorten(self.tail, width)


def names_of(accounts: Iterable[Account]) -> dict[str, Name]:
    """Account id → its name; one without a label is called by its id."""
    labels = {account.id: clean(account.label or account.id[:ID_PART]) for account in accounts}
    counts = Counter(labels.values())
    return {id_: Name(label, clean(id_[:ID_PART]) if counts[label] > 1 else "") for id_, label in labels.items()}
