"""Neurons of the UTC day for alert rules, at any moment as they had been counted by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reader, Reading
from aigw_tui.insight.nowcast import GATEWAY_DELAY, NEURON_DELAY, Burned, burned, estimates, open_since
from aigw_tui.insight.pace import FEWEST_DAYS, MOST_DAYS, Past, pace, past_of
from aigw_tui.model import DAY, HOUR, Estimate, Query, Window, day_of, hour_of

LEAST = timedelta(minutes=1)


class Meter:
    """What was used in each known hour, and how far behind its counting is. Asked about many moments of few hours."""

    def __init__(self, hours: Mapping[datetime, float], delay: timedelta, now: datetime) -> None:
        """`now`: when the hours were read; of the hour that runs then, a part is counted."""
        self.hours, self.delay, self.now = hours, delay, now
        self._before, self._missing = cache(self._sum_before), cache(self._count_missing)

    def counted(self, moment: datetime, since: datetime | None = None) -> dict[datetime, float]:
        """Today's hours (or those from `since` on) as they had been counted at `moment`, what is in an hour spread
        evenly over it."""
        starts = Window(since or day_of(moment), moment).hours
        return {hour: self.hours[hour] * self.share(hour, moment) for hour in starts if hour in self.hours}

    def used(self, moment: datetime) -> float:
        """The sum of today's."""
        edge = moment - self.delay
        if moment >= self.now or edge <= day_of(moment):
            return sum(self.counted(moment).values())
        hour = hour_of(edge)  # those before it are counted, those after it are not
        return self._before(hour) + self.hours.get(hour, 0.0) * self.share(hour, moment)

    def missing(self, moment: datetime) -> int:
        """How many of the day's hours ought to be counted and were never read."""
        day = day_of(moment)
        return self._missing(day, -((day - moment + self.delay) // HOUR))

    def lack(self, moment: datetime) -> str:
        """The same in words; empty where none is missing."""
        count = self.missing(moment)
        return f"{count} of the day's hours {'was' if count == 1 else 'were'} not read" if count else ""

    def _sum_before(self, until: datetime) -> float:
        return sum(self.hours.get(hour, 0.0) for hour in Window(day_of(until), until).hours)

    def _count_missing(self, day: datetime, hours: int) -> int:
        return sum(1 for n in range(hours) if day + HOUR * n not in self.hours)

    def share(self, hour: datetime, moment: datetime) -> float:
        """How much of what is in that hour had been counted at `moment`."""
        if moment >= self.now:
            return 1.0
        end = min(hour + HOUR, self.now - self.delay)
        return min(max((moment - self.delay - hour) / max(end - hour, LEAST), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Neurons:
    """Measured neurons, and what the gateways' tokens say of the hours that these have not reached."""

    measured: Meter
    estimated: Meter

    def at(self, moment: datetime) -> Burned:
        """What the gauge knew at that moment."""
        estimated = self.estimated.counted(moment, open_since(moment))
        return burned(self.measured.counted(moment), estimated, moment)

    def total(self, moment: datetime) -> float:
        """All of the day; an estimate as long as not all of it is measured."""
        used, since = self.measured.used(moment), open_since(moment)
        estimated = self.estimated.counted(moment, since)
        if not estimated:
            return used
        nowcast = burned(self.measured.counted(moment, since), estimated, moment).nowcast
        return used if nowcast is None else Estimate(used + nowcast)


def quota_used(rule: Rule, ground: Ground) -> Reader:
    """Neurons of the UTC day over the limit: measured, and the nowcast."""
    neurons = neurons_of(ground)

    def value(moment: datetime) -> float:
        total = neurons.total(moment)
        share = total / ground.allowance.neurons
        return Estimate(share) if isinstance(total, Estimate) else share

    return total_of(rule, neurons.measured.lack, value)


def quota_projected(rule: Rule, ground: Ground) -> Reader:
    """Neurons that the day is expected to end with, over the limit; the cautious end of the range in the first days."""
    neurons = neurons_of(ground)
    before = {hour: value for hour, value in neurons.measured.hours.items() if hour < day_of(ground.now)}

    @cache
    def past(day: datetime) -> Past:
        return past_of(before, day)

    def value(moment: datetime) -> float:
        known = neurons.at(moment)
        found = pace(known.hours, moment, None, known.covered_until, past(day_of(moment)))
        return Estimate((found.likely if found.days >= FEWEST_DAYS else found.low) / ground.allowance.neurons)

    return total_of(rule, neurons.measured.lack, value)


def total_of(rule: Rule, lack: Callable[[datetime], str], value: Callable[[datetime], float]) -> Reader:
    """A total with hours missing is a lower bound: enough to say that a limit is passed, and nothing else."""

    def read(moment: datetime) -> Reading:
        found, why = value(moment), lack(moment)
        if why and not (rule.is_above and rule.holds(found, is_on=False)):
            return Reading(None, why)
        return Reading(found)

    return read


def neurons_of(ground: Ground) -> Neurons:
    tokens = estimates(ground.views, ground.account, Window(open_since(ground.since), ground.now))
    return Neurons(
        Meter(_hours(ground), NEURON_DELAY, ground.now),
        Meter(tokens, GATEWAY_DELAY, ground.now),
    )


def _hours(ground: Ground) -> dict[datetime, float]:
    """Measured neurons; a known hour without rows is 0, one whose rows lack them is left out."""
    window = Window(day_of(ground.since) - DAY * MOST_DAYS, hour_of(ground.now) + HOUR)
    account = (ground.account,)
    found: dict[datetime, float | None] = dict.fromkeys(ground.views.known("neurons", window, account), 0.0)
    query = Query("neurons", window, ("hour",), ("neurons",), (("account", account),))
    found.update({row.key[0]: row.values[0] for row in ground.views.view(query).rows})
    return {hour: float(value) for hour, value in found.items() if value is not None}
