"""Running totals of the UTC day for alert rules, at any moment as they had been counted by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.families import of_family
from aigw_tui.insight.ground import Ground, Reader, Reading
from aigw_tui.insight.joined import plus
from aigw_tui.insight.pace import FEWEST_DAYS, MOST_DAYS, Past, pace, past_of
from aigw_tui.insight.quotas import GATEWAY_DELAY, NEURON_DELAY
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, HOUR, USD_PER_NEURON, Query, Window, day_of, hour_of

LEAST = timedelta(minutes=1)


class Meter:
    """What was used in each known hour, and how far behind its counting is. Asked about many moments of few hours."""

    def __init__(self, hours: Mapping[datetime, float], delay: timedelta, now: datetime) -> None:
        """`now`: when the hours were read; of the hour that runs then, a part is counted."""
        self.hours, self.delay, self._now = hours, delay, now
        self._before, self._missing = cache(self._sum_before), cache(self._count_missing)

    def counted(self, moment: datetime) -> dict[datetime, float]:
        """Today's hours as they had been counted at `moment`, what is in an hour spread evenly over it."""
        day = day_of(moment)
        starts = (day + HOUR * n for n in range(24))
        return {
            hour: self.hours[hour] * self._share(hour, moment)
            for hour in starts
            if hour < moment and hour in self.hours
        }

    def used(self, moment: datetime) -> float:
        """The sum of these."""
        edge = moment - self.delay
        if moment >= self._now or edge <= day_of(moment):
            return sum(self.counted(moment).values())
        hour = hour_of(edge)  # those before it are counted, those after it are not
        return self._before(hour) + self.hours.get(hour, 0.0) * self._share(hour, moment)

    def missing(self, moment: datetime) -> int:
        """How many of today's hours ought to be counted and were never read."""
        day = day_of(moment)
        return self._missing(day, -((day - moment + self.delay) // HOUR))

    def _sum_before(self, until: datetime) -> float:
        return sum(self.hours.get(hour, 0.0) for hour in Window(day_of(until), until).hours)

    def _count_missing(self, day: datetime, hours: int) -> int:
        return sum(1 for n in range(hours) if day + HOUR * n not in self.hours)

    def _share(self, hour: datetime, moment: datetime) -> float:
        if moment >= self._now:
            return 1.0
        end = min(hour + HOUR, self._now - self.delay)
        return min(max((moment - self.delay - hour) / max(end - hour, LEAST), 0.0), 1.0)


def quota_used(rule: Rule, ground: Ground) -> Reader:
    """Measured neurons of the UTC day over the limit."""
    meter = _neurons(ground)
    return _total(rule, meter, lambda moment: meter.used(moment) / ground.allowance.neurons)


def quota_projected(rule: Rule, ground: Ground) -> Reader:
    """Neurons that the day is expected to end with, over the limit; the cautious end of the range in the first days."""
    meter = _neurons(ground)
    before = {hour: value for hour, value in meter.hours.items() if hour < day_of(ground.now)}

    @cache
    def past(day: datetime) -> Past:
        return past_of(before, day)

    def value(moment: datetime) -> float:
        found = pace(meter.counted(moment), moment, None, moment - meter.delay, past(day_of(moment)))
        return (found.likely if found.days >= FEWEST_DAYS else found.low) / ground.allowance.neurons

    return _total(rule, meter, value)


def cost_per_day(rule: Rule, ground: Ground) -> Reader:
    """Billable USD of the UTC day: all but Workers AI, and neurons above the allowance on a paid plan."""
    owing = of_family(ground.views, ground.pairs(rule) or (("account", (ground.account,)),), burns=False)
    spent = Meter(_hours(ground, "requests", "cost_usd", owing), GATEWAY_DELAY, ground.now)
    burned = _neurons(ground) if ground.allowance.is_paid and not _is_narrow(rule) else None

    def value(moment: datetime) -> float:
        total = spent.used(moment)
        if burned is None:
            return total
        over = max(burned.used(moment) - ground.allowance.neurons, 0.0)
        return total + over * USD_PER_NEURON

    return _total(rule, spent, value)


def _total(rule: Rule, meter: Meter, value: Callable[[datetime], float]) -> Reader:
    """A total with hours missing is a lower bound: enough to say that a limit is passed, and nothing else."""

    def read(moment: datetime) -> Reading:
        found = value(moment)
        missing = meter.missing(moment)
        if missing and not (rule.is_above and rule.holds(found, is_on=False)):
            return Reading(None, f"{missing} of the day's hours {'was' if missing == 1 else 'were'} not read")
        return Reading(found)

    return read


def _is_narrow(rule: Rule) -> bool:
    return any(field != "account" for field, _ in rule.scope)


def _neurons(ground: Ground) -> Meter:
    everything = ((("account", (ground.account,)),),)
    return Meter(_hours(ground, "neurons", "neurons", everything), NEURON_DELAY, ground.now)


def _hours(ground: Ground, dataset: str, measure: str, wheres: tuple[Pairs, ...]) -> dict[datetime, float]:
    """A known hour without rows is 0; one whose rows lack the measure is left out."""
    window = Window(day_of(ground.since) - DAY * MOST_DAYS, hour_of(ground.now) + HOUR)
    found: dict[datetime, float | None] = dict.fromkeys(ground.views.known(dataset, window, (ground.account,)), 0.0)
    sums: dict[datetime, float | None] = {}
    for where in wheres:
        for row in ground.views.view(Query(dataset, window, ("hour",), (measure,), where)).rows:
            sums[row.key[0]] = plus(sums.get(row.key[0]), row.values[0])
    return {hour: float(value) for hour, value in {**found, **sums}.items() if value is not None}
