"""Why a panel shows –: the measures that accounts may not see, each reason once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from aigw_tui.format import UNKNOWN, clean
from aigw_tui.model import Missing, Snapshot
from aigw_tui.tui.owners import Name, names_of

NAMED = 3
"""Accounts that are named; of more the rest is counted."""
MEASURES = {"cost_usd": "cost"}
"""What a measure is called where that is not its name with spaces."""


class Reasons(NamedTuple):
    """What is missing, and what the accounts it is missing for are called."""

    missing: tuple[Missing, ...] = ()
    names: Mapping[str, Name] = {}

    @classmethod
    def of(cls, snapshot: Snapshot) -> Reasons:
        return cls(snapshot.missing, names_of(snapshot.accounts))

    def lines(self, needs: Collection[str]) -> tuple[str, ...]:
        """Of a panel that looks at these datasets: `– tokens in: this account has no tokensIn`."""
        whose: dict[tuple[str, str], dict[str, None]] = {}
        for one in self.missing:
            if one.dataset in needs:
                what = MEASURES.get(one.measure, one.measure.replace("_", " ")) or f"all of {one.dataset}"
                whose.setdefault((clean(what), clean(one.why)), {})[one.account] = None
        return tuple(f"{UNKNOWN} {what}{self._owners(accounts)}: {why}" for (what, why), accounts in whose.items())

    def _owners(self, accounts: Collection[str]) -> str:
        """` (acme, beta and 3 more)`; nothing where only one is watched, or all of them miss it."""
        if len(self.names) < 2 or len(set(accounts) & set(self.names)) == len(self.names):
            return ""
        called = [self.names[id_].text if id_ in self.names else clean(id_[:8]) for id_ in accounts]
        rest = [f"{len(called) - NAMED} more"] if len(called) > NAMED else []
        *first, last = [*called[:NAMED], *rest]
        return f" ({', '.join(first)} and {last})" if first else f" ({last})"
