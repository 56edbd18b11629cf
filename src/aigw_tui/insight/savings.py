"""What answers from the cache saved, by model: dollars of other providers, neurons of Workers AI, never both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aigw_tui.insight import prices
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.joined import COUNTED, plus, whole_hours
from aigw_tui.insight.scoped import where
from aigw_tui.model import Query, Scope, Views, Window


@dataclass(frozen=True, slots=True)
class Saving:
    """One model's hits, and an estimate (~) of what they would have cost; None is unknown, or not its currency."""

    provider: str
    model: str
    hits: int
    requests: int
    usd: float | None = None
    """Of a provider that is paid in dollars. A list price of Workers AI is no money."""
    neurons: float | None = None
    """Of Workers AI."""

    @property
    def is_unknown(self) -> bool:
        return bool(self.hits) and self.usd is None and self.neurons is None


@dataclass(frozen=True, slots=True)
class Saved:
    """All models together; None: no model of that currency has hits whose worth is known."""

    usd: float | None = None
    neurons: float | None = None
    unknown: int = 0
    """Models whose hits saved nobody knows how much; they are missing in the sums."""
    models: int = 0
    """Models with hits."""


def savings(views: Views, scope: Scope, window: Window) -> tuple[Saving, ...]:
    """Hits × what an uncached request of the same model cost on average in this window, most hits first.

    Uncached requests are all that were not hits, also failed ones, as a hit stands for a request that might have
    failed too. Neurons are uncached tokens × price; all tokens stand in for them where the account has no such field:
    cached responses carry none. Unknown where the price is, or where nothing uncached was answered.
    """
    keys, allowed = ("provider", "model"), where(views, scope, "requests")
    counted = views.view(Query("requests", whole_hours(window), keys, COUNTED, allowed)).rows
    costs = views.view(Query("requests", whole_hours(window), keys, ("cost_usd",), allowed)).rows
    priced = {row.key: row.values[0] for row in costs if not row.unknown}
    found = []
    for row in counted:
        requests, errors, hits = (int(value or 0) for value in row.values[:3])
        provider, model = row.key
        burns = burns_neurons(provider, model)
        spent = _neurons(model, row.values[3:]) if burns else priced.get(row.key)
        worth = hits * spent / (requests - hits) if spent and hits and requests - hits - errors > 0 else None
        found.append(
            Saving(provider, model, hits, requests, None if burns else worth, neurons=worth if burns else None)
        )
    return tuple(sorted(found, key=lambda one: (-one.hits, one.model, one.provider)))


def saved(models: Iterable[Saving]) -> Saved:
    """The sums of what is known, and how much is missing in them."""
    usd: float | None = None
    neurons: float | None = None
    hit = [one for one in models if one.hits]
    for one in hit:
        usd, neurons = plus(usd, one.usd), plus(neurons, one.neurons)
    return Saved(usd, neurons, sum(one.is_unknown for one in hit), len(hit))


def _neurons(model: str, tokens: tuple[float | None, ...]) -> float | None:
    tokens_in, tokens_out, uncached_in, uncached_out = tokens
    return prices.neurons(
        model, tokens_in if uncached_in is None else uncached_in, tokens_out if uncached_out is None else uncached_out
    )
