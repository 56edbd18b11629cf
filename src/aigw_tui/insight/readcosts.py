"""What the UTC day costs, for alert rules, at any moment as it had been counted by then."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache, lru_cache
from itertools import accumulate
from typing import TypeAlias

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.families import of_family
from aigw_tui.insight.ground import Ground, Reader
from aigw_tui.insight.joined import plus
from aigw_tui.insight.nowcast import GATEWAY_DELAY
from aigw_tui.insight.parts import Named, name_of, rows_by_name
from aigw_tui.insight.readquotas import Meter, neurons_of, total_of
from aigw_tui.insight.readrates import nothing
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import HOUR, USD_PER_NEURON, Estimate, Query, Window, day_of, hour_of

Costs: TypeAlias = dict[str, dict[datetime, float | None]]
"""Name → hour → USD; None: what was used in it has no price."""


def cost_per_day(rule: Rule, ground: Ground) -> Named:
    """Billable USD: all but Workers AI, and, of the whole account, neurons above the allowance on a paid plan."""
    pairs = ground.pairs(rule)
    if pairs is None:
        return nothing()
    owing = of_family(ground.views, pairs, burns=False)
    window = Window(day_of(ground.since), hour_of(ground.now) + HOUR)
    spent = _now(rule, ground, owing, window) if _is_one_moment(rule, ground) else _hourly(rule, ground, owing, window)
    known = ground.views.known("requests", window, (ground.account,))
    meter = Meter(dict.fromkeys(known, 0.0), GATEWAY_DELAY, ground.now)
    lack = cache(meter.lack)
    is_whole = not rule.each and not any(field != "account" for field, _ in rule.scope)
    neurons = neurons_of(ground) if ground.allowance.is_paid and is_whole else None

    def of(name: str) -> Reader:
        own = spent.get(name, {})
        total = running_total({hour: cost for hour, cost in own.items() if cost is not None}, meter)
        unpriced = [hour for hour, cost in own.items() if cost is None]

        def value(moment: datetime) -> float:
            owed = total(moment)
            burned = neurons.total(moment) if neurons else 0.0
            if burned <= ground.allowance.neurons:
                return owed
            owed += (burned - ground.allowance.neurons) * USD_PER_NEURON
            return Estimate(owed) if isinstance(burned, Estimate) else owed

        def lack_of_it(moment: datetime) -> str:
            day, until = day_of(moment), moment - GATEWAY_DELAY
            count = sum(1 for hour in unpriced if day <= hour < until)
            return lack(moment) or (f"in {count} of the day's hours nothing has a price" if count else "")

        return total_of(rule, lack_of_it if unpriced else lack, value)

    return Named(of, owing, running)


def running_total(hours: Mapping[datetime, float], meter: Meter) -> Callable[[datetime], float]:
    """Moment → the sum of what had been counted by then of its day; what lies behind is added up once."""
    starts = sorted(hours)
    sums = [0.0, *accumulate(hours[start] for start in starts)]

    def total(moment: datetime) -> float:
        first = bisect_left(starts, day_of(moment))
        if moment >= meter.now:
            return sums[bisect_left(starts, moment)] - sums[first]
        part = running(moment)
        whole = bisect_left(starts, part)
        if whole < first:
            return 0.0
        return sums[whole] - sums[first] + hours.get(part, 0.0) * meter.share(part, moment)

    return total


@lru_cache(maxsize=10_000)
def running(moment: datetime) -> datetime:
    """The start of the hour of which a part has been counted at that moment."""
    return hour_of(moment - GATEWAY_DELAY)


def _is_one_moment(rule: Rule, ground: Ground) -> bool:
    return bool(rule.each) and ground.since >= ground.now


def _hourly(rule: Rule, ground: Ground, owing: Collection[Pairs], window: Window) -> Costs:
    found: Costs = {}
    for pairs in owing:
        for name, hours in rows_by_name(rule, ground, "requests", window, "hour", ("cost_usd",), pairs).items():
            own = found.setdefault(name, {})
            for hour, (cost,) in hours.items():
                own[hour] = plus(own.get(hour), cost)
    return found


def _now(rule: Rule, ground: Ground, owing: Collection[Pairs], window: Window) -> Costs:
    """Of this moment alone a sum is enough, except of names that lack prices: it would hide the hours that do."""
    sums: dict[str, float | None] = {}
    lacking: set[str] = set()
    for pairs in owing:
        query = Query("requests", window, (rule.each,), ("cost_usd",), pairs, ("cost_usd",))
        for (text,), (cost,), unknown, _ in ground.views.view(query).rows:
            name = name_of(text)
            sums[name] = plus(sums.get(name), cost)
            lacking |= {name} if unknown else set()
    found: Costs = {name: {window.since: cost} for name, cost in sums.items()}
    if lacking:
        hourly = _hourly(rule, ground, owing, window)
        found |= {name: hourly[name] for name in lacking}
    return found
