"""How every watched account stands today, the worst first: a few questions to history, however many accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from aigw_tui.insight.families import of_family
from aigw_tui.insight.joined import plus
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.model import HOUR, Account, Query, Quota, Row, Scope, State, Views, Window, day_of, hour_of

NEARLY = 0.9
"""Share of the allowance from which an account is urgent whatever its pace."""
UNANSWERED = (State.STALE, State.OFFLINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """One account's UTC day. None is unknown."""

    account: Account
    quota: Quota | None = None
    """Of its neurons; None outside the scope."""
    neurons: float | None = None
    requests: int | None = None
    errors: int | None = None
    cache_hits: int | None = None
    cost_usd: float | None = None
    """What is owed; outside the scope without the neurons that a paid plan adds."""
    is_unpriced: bool = False
    """A part of the cost is missing: models without a price."""
    is_sampled: bool = False
    """Today's counts are of a sample (±)."""

    @property
    def share(self) -> float | None:
        return self.quota.share if self.quota else None

    @property
    def error_rate(self) -> float | None:
        return rate((self.errors, self.requests))

    @property
    def hit_rate(self) -> float | None:
        return rate((self.cache_hits, self.requests))

    @property
    def is_answered(self) -> bool:
        return self.account.until is None and self.account.state not in UNANSWERED

    @property
    def runs_out(self) -> bool:
        """It did, or it may before the day ends."""
        pace = self.quota.pace if self.quota else None
        return (self.share or 0.0) >= 1.0 or bool(pace and (pace.runs_out or pace.ran_out))

    @property
    def is_urgent(self) -> bool:
        return not self.is_answered or self.runs_out or (self.share or 0.0) >= NEARLY


@dataclass(frozen=True, slots=True)
class Together:
    """All accounts: sums of what is known."""

    accounts: int = 0
    neurons: float | None = None
    requests: int | None = None
    error_rate: float | None = None
    hit_rate: float | None = None
    cost_usd: float | None = None
    urgent: int = 0
    running_out: int = 0
    unanswered: int = 0
    unpriced: int = 0
    is_sampled: bool = False


def rate(*parts: tuple[int | None, int | None]) -> float | None:
    """Parts over wholes, of the pairs of which both are known."""
    known = [(part, whole) for part, whole in parts if part is not None and whole is not None]
    whole = sum(one for _, one in known)
    return sum(part for part, _ in known) / whole if whole else None


def standings(
    views: Views, accounts: Sequence[Account], quotas: Iterable[Quota], now: datetime
) -> tuple[Standing, ...]:
    """Urgent accounts first, then by share used, then by error rate.

    An account that no row speaks of is unknown, unless a quota knows better.
    """
    today = Window(day_of(now), hour_of(now) + HOUR)
    by_name: dict[str, dict[str, Quota]] = {}
    for quota in quotas:
        by_name.setdefault(quota.name, {})[quota.account] = quota
    neurons = _rows(views, Query("neurons", today, ("account",), ("neurons",)))
    counts = _rows(views, Query("requests", today, ("account",), ("requests", "errors", "cache_hits")))
    costs, unpriced = _costs(views, today)
    is_any_sampled = is_sampled(views, Scope(), today)
    found = []
    for account in accounts:
        id_ = account.id
        burned, asked, owed = (by_name.get(name, {}).get(id_) for name in ("neurons", "requests", "cost_day"))
        requests, errors, hits = counts[id_].values if id_ in counts else _nothing(asked)
        found.append(
            Standing(
                account,
                burned,
                burned.used if burned else neurons[id_].values[0] if id_ in neurons else None,
                requests,
                errors,
                hits,
                owed.used if owed and owed.used is not None else costs.get(id_),
                id_ in unpriced,
                is_any_sampled and is_sampled(views, Scope().narrow(account=id_), today),
            )
        )
    return tuple(sorted(found, key=_rank))


def together(found: Sequence[Standing]) -> Together:
    """The line below all of them."""
    return Together(
        len(found),
        reduce(plus, (one.neurons for one in found), None),
        reduce(plus, (one.requests for one in found), None),
        rate(*((one.errors, one.requests) for one in found)),
        rate(*((one.cache_hits, one.requests) for one in found)),
        reduce(plus, (one.cost_usd for one in found), None),
        sum(one.is_urgent for one in found),
        sum(one.runs_out for one in found),
        sum(not one.is_answered for one in found),
        sum(one.is_unpriced for one in found),
        any(one.is_sampled for one in found),
    )


def _rank(one: Standing) -> tuple[object, ...]:
    share = -1.0 if one.share is None else one.share
    return not one.is_urgent, -share, -(one.error_rate or 0.0), one.account.label, one.account.id


def _rows(views: Views, query: Query) -> Mapping[str, Row]:
    return {row.key[0]: row for row in views.view(query).rows}


def _nothing(asked: Quota | None) -> tuple[int | None, int | None, int | None]:
    """Of an account without rows: zeros where the quota of requests is sure of them."""
    return (0, 0, 0) if asked and asked.used == 0 else (None, None, None)


def _costs(views: Views, today: Window) -> tuple[Mapping[str, float], frozenset[str]]:
    """What providers other than Workers AI cost by account; and the accounts with models that have no price.

    A cost of 0 beside unpriced models is unknown.
    """
    costs: dict[str, float | None] = {}
    unpriced = set()
    for pairs in of_family(views, (), burns=False):
        for id_, row in _rows(views, Query("requests", today, ("account",), ("cost_usd",), pairs)).items():
            costs[id_] = plus(costs.get(id_), row.values[0] or (None if row.unknown else 0.0))
            unpriced |= {id_} if row.unknown else set()
    return {id_: cost for id_, cost in costs.items() if cost is not None}, frozenset(unpriced)
