"""Not routed: inferences of Workers AI that passed no gateway, by model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aigw_tui.insight.families import of_family
from aigw_tui.insight.nowcast import NEURON_DELAY
from aigw_tui.insight.scoped import Pairs, is_covered, where
from aigw_tui.model import DAY, HOUR, Query, Scope, Trust, Views, Window, day_of, hour_of

BY_HOUR_UP_TO = timedelta(days=14)
"""Longer windows are counted by whole days: fewer rows, and the same difference as long as no hour is missing."""
LIMITED = ("1", "true", "True")
"""What says that a rate limit turned a request away, which then never ran."""

Key = tuple[str, datetime, str]
"""(account, start of the hour or day, model)"""


@dataclass(frozen=True, slots=True)
class Routed:
    """A model of Workers AI: how often it ran, and how often no gateway knows of it."""

    model: str
    inferences: int
    past: int
    """Inferences beyond the requests that gateways passed on; counted in every hour by itself, so never negative."""

    @property
    def share(self) -> float | None:
        return self.past / self.inferences if self.inferences else None


@dataclass(frozen=True, slots=True)
class Bypass:
    """All models together, over the hours that can be compared."""

    models: tuple[Routed, ...] = ()
    """Those that passed the gateways by most often first."""
    until: datetime | None = None
    """The end of the newest hour that is counted; None: no hour can be compared yet."""

    @property
    def all(self) -> Routed:
        return Routed("", sum(one.inferences for one in self.models), sum(one.past for one in self.models))


def bypass(views: Views, scope: Scope, window: Window, now: datetime) -> Bypass | None:
    """Inferences − gateway requests that ran (no cache hits, nothing that a rate limit turned away), by model and hour.

    Hours count once both datasets have settled them, or the neurons' delay is over. A request that was tried again is
    one request and several inferences; a failed one may be none. So it is an estimate (~). None where the scope is
    narrower than neurons are: they know no gateway.
    """
    if not is_covered(scope, "neurons"):
        return None
    step: Literal["hour", "day"] = "hour" if window.length <= BY_HOUR_UP_TO else "day"
    times = _comparable(views, scope, window, now, step)
    if not times:
        return Bypass()
    span = Window(min(times), max(times) + (HOUR if step == "hour" else DAY))
    inferences = {
        key: value
        for key, (value,) in _rows(views, "neurons", ("inferences",), where(views, scope, "neurons"), span, step)
        if key[1] in times and value is not None
    }
    ran = _ran(views, scope, span, step)
    sums: dict[str, Routed] = {}
    for key, count in inferences.items():
        before = sums.get(key[2], Routed(key[2], 0, 0))
        past = max(count - max(ran.get(key, 0), 0), 0)
        sums[key[2]] = Routed(key[2], before.inferences + count, before.past + past)
    models = sorted(sums.values(), key=lambda one: (-one.past, -one.inferences, one.model))
    return Bypass(tuple(models), span.until)


def _comparable(
    views: Views, scope: Scope, window: Window, now: datetime, step: Literal["hour", "day"]
) -> frozenset[datetime]:
    """The hours that both datasets have read and that will hardly move; days of which that holds for every hour."""
    account = scope.values("account")
    requests, neurons = (views.known(name, window, account) for name in ("requests", "neurons"))
    hours = {
        hour
        for hour, trust in neurons.items()
        if hour in requests
        and hour >= window.since
        and (max(trust, requests[hour]) is Trust.SETTLED or hour + HOUR + NEURON_DELAY <= now)
    }
    if step == "hour":
        return frozenset(hours)
    days: dict[datetime, int] = {}
    for hour in hours:
        days[day_of(hour)] = days.get(day_of(hour), 0) + 1
    return frozenset(day for day, count in days.items() if count == 24)


def _ran(views: Views, scope: Scope, span: Window, step: str) -> dict[Key, int]:
    """Requests that a gateway passed on to Workers AI."""
    found: dict[Key, int] = {}
    everywhere = tuple(pair for pair in where(views, scope, "requests") if pair[0] != "provider")
    for pairs in of_family(views, everywhere, burns=True):
        for key, (requests, hits) in _rows(views, "requests", ("requests", "cache_hits"), pairs, span, step):
            found[key] = found.get(key, 0) + (requests or 0) - (hits or 0)
        limited = (*pairs, ("rate_limited", LIMITED))
        for key, (turned_away,) in _rows(views, "failures", ("requests",), limited, span, step):
            found[key] = found.get(key, 0) - (turned_away or 0)
    return found


def _rows(
    views: Views, dataset: str, measures: tuple[str, ...], pairs: Pairs, span: Window, step: str
) -> Iterator[tuple[Key, tuple[int | None, ...]]]:
    query = Query(dataset, Window(hour_of(span.since), span.until), ("account", step, "model"), measures, pairs)
    for row in views.view(query).rows:
        yield row.key, row.values
