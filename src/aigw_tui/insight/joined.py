"""Gateway rows and neurons joined by model: one line of usage, with measured neurons where they may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any, TypeVar

from aigw_tui.datasets.gateway import WORKERS_AI
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.prices import neurons as estimate
from aigw_tui.insight.sampling import Bucket, sampled_times
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import HOUR, Interval, Query, Row, Scope, Trust, Views, Window, day_of, hour_of

N = TypeVar("N", int, float)
COUNTED = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out", "uncached_tokens_in", "uncached_tokens_out")
ADDED = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out", "owed_usd", "listed_usd", "neurons")


@dataclass(frozen=True, slots=True)
class Usage:
    """What one model (or several, as a total) used in a stretch of time. None is unknown."""

    provider: str = ""
    model: str = ""
    since: datetime | None = None
    """Start of the hour or day (UTC); None: the whole window."""
    requests: int | None = None
    errors: int | None = None
    cache_hits: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    owed_usd: float | None = None
    """Cost of other providers; None: not known, or there are none."""
    listed_usd: float | None = None
    """List price of Workers AI: inside the free allowance, never added to what is owed."""
    unpriced: int = 0
    """How many models have tokens without a price."""
    neurons: float | None = None
    is_estimate: bool = False
    """The neurons (or part of them) are tokens times price, not measured."""
    trust: Trust = Trust.SETTLED
    """Of what went through the gateways."""
    neurons_trust: Trust = Trust.SETTLED
    is_sampled: bool = False
    """What went through the gateways was, in some hour of it, counted from a sample (±)."""
    neurons_sampled: bool = False
    """The same of measured neurons."""
    interval: Interval | None = None
    """Of the requests; intervals do not add up, so only a total that was asked as one has it."""

    @property
    def tokens(self) -> int | None:
        return plus(self.tokens_in, self.tokens_out)

    @property
    def burns(self) -> bool:
        """Whether it is a model of Workers AI."""
        return burns_neurons(self.provider, self.model)


def whole_hours(window: Window) -> Window:
    """The window up to the end of its last hour, so that the same hours are the same question at every tick."""
    until = hour_of(window.until)
    return Window(window.since, until if until == window.until else until + HOUR)


def usage(views: Views, scope: Scope, window: Window, by: Bucket = "") -> tuple[Usage, ...]:
    """Usage by model, and by hour or day where asked: oldest first, and within an hour or day the busiest model first.

    Neurons are the account's, measured, where the scope lets them stand for it, and not known where they have not
    arrived yet; elsewhere they are an estimate from uncached tokens. The two are never added up. Models that only the
    neurons know (their calls pass no gateway) have 0 requests.
    """
    window = whole_hours(window)
    keys = (*((by,) if by else ()), "provider", "model")
    allowed = where(views, scope, "requests")
    order = (*keys[:-2], "-requests", "provider", "model")
    counted = views.view(Query("requests", window, keys, COUNTED, allowed, order)).rows
    costs = {row.key: row for row in views.view(Query("requests", window, keys, ("cost_usd",), allowed)).rows}
    measured = _measured(views, scope, window, by)
    left = dict(measured or {})
    open_times = _open_times(views, scope, window, by) if measured is not None else frozenset()
    found = []
    for row in counted:
        use = routed(row, costs.get(row.key), row.key[0] if by else None)
        place = use.since, use.model
        if use.burns and measured is None:
            use = _estimated(use, row)
        elif use.burns and place in left:
            burned = left.pop(place)
            use = replace(use, neurons=burned.values[0], neurons_trust=burned.trust)
        elif use.burns and place not in (measured or {}) and use.since not in open_times:
            use = replace(use, neurons=0.0)
        found.append(use)
    found += [
        Usage(WORKERS_AI, model, since, 0, 0, 0, 0, 0, neurons=row.values[0], neurons_trust=row.trust)
        for (since, model), row in left.items()
    ]
    sampled = sampled_times(views, scope, window, by)
    burned_sampled = sampled_times(views, scope, window, by, "neurons") if measured is not None else frozenset()
    if sampled or burned_sampled:
        found = [
            replace(use, is_sampled=use.since in sampled, neurons_sampled=use.since in burned_sampled) for use in found
        ]
    return tuple(sorted(found, key=lambda use: use.since or window.since))


def total(rows: Iterable[Usage], since: datetime | None = None, interval: Interval | None = None) -> Usage:
    """All together; a sum of nothing known is None, and trust is the worst of the parts'. `interval`: of the sum."""
    parts = tuple(rows)
    sums: dict[str, Any] = {name: reduce(plus, (getattr(use, name) for use in parts), None) for name in ADDED}
    return Usage(
        since=since,
        **sums,
        unpriced=len({(use.provider, use.model) for use in parts if use.unpriced}),
        is_estimate=any(use.is_estimate and use.neurons is not None for use in parts),
        trust=max((use.trust for use in parts), default=Trust.SETTLED),
        neurons_trust=max((use.neurons_trust for use in parts), default=Trust.SETTLED),
        is_sampled=any(use.is_sampled for use in parts),
        neurons_sampled=any(use.neurons_sampled for use in parts),
        interval=interval,
    )


def plus(left: N | None, right: N | None) -> N | None:
    """The sum of what is known."""
    if left is None or right is None:
        return right if left is None else left
    return left + right


def _measured(
    views: Views, scope: Scope, window: Window, by: Bucket
) -> Mapping[tuple[datetime | None, str], Row] | None:
    """Neurons by time and model; None where the scope is narrower than they are."""
    if not is_covered(scope, "neurons"):
        return None
    keys = (*((by,) if by else ()), "model")
    query = Query("neurons", window, keys, ("neurons",), where(views, scope, "neurons"))
    return {(row.key[0] if by else None, row.key[-1]): row for row in views.view(query).rows}


def _open_times(views: Views, scope: Scope, window: Window, by: Bucket) -> frozenset[datetime | None]:
    """The hours or days (None: the window) in which neurons that are missing may still arrive."""
    known = views.known("neurons", window, scope.values("account"))
    if not by and (len(known) < (window.until - hour_of(window.since)) // HOUR or Trust.FILLING in known.values()):
        return frozenset((None,))  # counted, not gone through: since the beginning there are 27,000 hours
    hours = (hour for hour in window.hours if known.get(hour) is not Trust.SETTLED)
    return frozenset(hour if by == "hour" else day_of(hour) if by else None for hour in hours)


def routed(row: Row, cost: Row | None, since: datetime | None = None) -> Usage:
    """What went through the gateways: of a row of `COUNTED` by …, provider, model, and the row of its cost."""
    provider, model = row.key[-2:]
    requests, errors, hits, tokens_in, tokens_out = row.values[:5]
    price = (cost.values[0] or (None if cost.unknown else 0.0)) if cost else None  # 0 beside unpriced parts: unknown
    burns = burns_neurons(provider, model)
    return Usage(
        provider,
        model,
        since,
        requests,
        errors,
        hits,
        tokens_in,
        tokens_out,
        owed_usd=None if burns else price,
        listed_usd=price if burns else None,
        unpriced=int(bool(cost and cost.unknown)),
        trust=row.trust,
    )


def _estimated(use: Usage, row: Row) -> Usage:
    """With neurons from uncached tokens; all tokens stand in for them where the account has no such field."""
    uncached_in, uncached_out = row.values[5:]
    found = estimate(
        use.model,
        use.tokens_in if uncached_in is None else uncached_in,
        use.tokens_out if uncached_out is None else uncached_out,
    )
    return replace(use, neurons=found, is_estimate=True, neurons_trust=row.trust)
