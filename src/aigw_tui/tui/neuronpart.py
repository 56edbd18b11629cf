"""How much of the account's neurons is the scope's own."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.insight import prices
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import Query, Snapshot, Window, day_of


@dataclass(frozen=True, slots=True)
class Part:
    """What the scope's own part of the neurons is."""

    words: str
    """`this model`"""
    value: float | None
    is_estimate: bool = False
    unpriced: int = 0
    """Models whose tokens have no price, and are missing in an estimate."""


def part_of(snapshot: Snapshot) -> Part | None:
    """The scope's share of the account's neurons; None when the scope is the account."""
    scope, today = snapshot.scope, Window(day_of(snapshot.now), snapshot.now)
    narrowed = [name for name, _ in scope.where if name != "account"]
    if not narrowed and not scope.pattern:
        return None
    if is_covered(scope, "neurons"):
        is_one = len(scope.values("model")) == 1 and not scope.pattern
        query = Query("neurons", today, (), ("neurons",), where(snapshot.views, scope, "neurons"))
        measured = snapshot.views.view(query).total.values[0]
        is_known = bool(snapshot.views.known("neurons", today, scope.values("account")))
        return Part("this model" if is_one else "these models", measured or (0.0 if is_known else None))
    is_one = len(narrowed) == 1 or narrowed[-1] == "model"
    named = f"this {narrowed[-1]}" if is_one and not scope.pattern else "this selection"
    if not is_covered(scope, "requests"):
        return Part(named, None, is_estimate=True)
    return _estimated(snapshot, named, today)


def _estimated(snapshot: Snapshot, named: str, today: Window) -> Part:
    """Uncached tokens times price: neurons know no gateway and no provider."""
    pairs = where(snapshot.views, snapshot.scope, "requests")
    measures = ("uncached_tokens_in", "uncached_tokens_out")
    rows = snapshot.views.view(Query("requests", today, ("provider", "model"), measures, pairs)).rows
    found = [prices.neurons(row.key[1], *row.values) for row in rows if burns_neurons(*row.key)]
    known = [value for value in found if value is not None]
    if rows and not found:  # other providers burn none
        return Part(named, 0.0)
    return Part(named, sum(known) if known else None, True, len(found) - len(known))
