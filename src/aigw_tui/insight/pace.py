"""Where a running total is heading by 00:00 UTC, from today's hours and the same hours of the days before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from aigw_tui.model import DAY, HOUR, Pace, day_of, hour_of

MOST_DAYS = 28
FEWEST_DAYS = 3
"""With fewer days of history the pace is a straight line with a wide range."""
SATURDAY = 5
RECENT = 3
"""Hours whose rate bends the next few hours."""
MAD_TO_SIGMA = 1.4826
"""Median absolute deviation → standard deviation of a normal distribution."""
WIDE = (0.5, 1.75)
"""The range around a straight line."""


class Step(NamedTuple):
    """What one remaining hour is expected to add."""

    hour: datetime
    low: float
    likely: float
    high: float


def pace(
    hours: Mapping[datetime, float], now: datetime, limit: float | None = None, covered_until: datetime | None = None
) -> Pace:
    """The pace of today's total.

    `hours` maps the start of every known hour, today's and earlier ones, to what was used in it. What lies behind
    `covered_until` (default: `now`) has not been counted yet although it may have happened: it is expected, too.
    Without a limit only the totals and `expected` are known.
    """
    day = day_of(now)
    hours = _alike(hours, day)
    covered = min(max(covered_until or now, day), now)
    used = sum(value for hour, value in hours.items() if day <= hour < day + DAY)
    remaining = [hour for n in range(24) if (hour := day + HOUR * n) + HOUR > covered]
    left = {hour: min(HOUR, hour + HOUR - covered) / HOUR for hour in remaining}
    typical, days = _typical(hours, day)
    if days >= FEWEST_DAYS:
        steps = _shaped(hours, day, covered, left, typical)
        spread = _spread(hours, day, remaining)
    else:
        rate = used / max((covered - day) / HOUR, 0.25)
        steps = [Step(hour, rate * part * WIDE[0], rate * part, rate * part * WIDE[1]) for hour, part in left.items()]
        spread = 0.0
    low = used + max(0.0, sum(step.low for step in steps) - spread)
    likely = used + sum(step.likely for step in steps)
    high = used + sum(step.high for step in steps) + spread
    return Pace(
        expected=tuple((step.hour, step.likely) for step in steps),
        low=min(low, likely),
        likely=likely,
        high=max(high, likely),
        runs_out=_runs_out(steps, covered, used, limit, low, high),
        ran_out=_ran_out(hours, day, limit),
        days=days,
    )


def _alike(hours: Mapping[datetime, float], day: datetime) -> Mapping[datetime, float]:
    """Without the days that are another kind of day, weekday or weekend, once there are enough of this kind."""
    is_weekend = day.weekday() >= SATURDAY
    alike = {hour: value for hour, value in hours.items() if (hour.weekday() >= SATURDAY) == is_weekend}
    return alike if len({day_of(hour) for hour in alike if hour < day}) >= FEWEST_DAYS else hours


def _typical(hours: Mapping[datetime, float], day: datetime) -> tuple[list[float], int]:
    """The median of each hour of the day over the days before, and how many days that were."""
    by_hour: list[list[float]] = [[] for _ in range(24)]
    days = set()
    for hour, value in hours.items():
        if day - DAY * MOST_DAYS <= hour < day:
            by_hour[hour.hour].append(value)
            days.add(day_of(hour))
    return [median(values) if values else 0.0 for values in by_hour], len(days)


def _shaped(
    hours: Mapping[datetime, float],
    day: datetime,
    covered: datetime,
    left: Mapping[datetime, float],
    typical: list[float],
) -> list[Step]:
    """The usual shape, scaled to today's level; the recent level fades with distance."""
    full = [day + HOUR * n for n in range(24) if day + HOUR * (n + 1) <= covered]
    today = _level(full, hours, typical)
    recent = _level(full[-RECENT:], hours, typical)
    steps = []
    for hour, part in left.items():
        weight = math.exp(-((hour - hour_of(covered)) / HOUR) / RECENT)
        likely = recent * weight + today * (1 - weight)
        levels = (today, recent, likely, (today + 1) / 2)  # the last: what is unusual today may end
        usual = typical[hour.hour] * part
        steps.append(Step(hour, usual * min(levels), usual * likely, usual * max(levels)))
    return steps


def _level(full: Iterable[datetime], hours: Mapping[datetime, float], typical: list[float]) -> float:
    """Today's use over the usual use in these hours; 1 while there is too little of either to tell."""
    chosen = list(full)
    usual = sum(typical[hour.hour] for hour in chosen)
    doubt = max(typical) if typical else 0.0  # weighs as much as one busy hour: a quiet night says little
    if usual + doubt <= 0:
        return 1.0
    return (sum(hours.get(hour, 0.0) for hour in chosen) + doubt) / (usual + doubt)


def _spread(hours: Mapping[datetime, float], day: datetime, remaining: Iterable[datetime]) -> float:
    """How much the same rest of the day varied before: one robust standard deviation."""
    rest = {hour.hour for hour in remaining}
    sums: dict[datetime, float] = {}
    for hour, value in hours.items():
        if day - DAY * MOST_DAYS <= hour < day and hour.hour in rest:
            sums[day_of(hour)] = sums.get(day_of(hour), 0.0) + value
    if len(sums) < FEWEST_DAYS:
        return 0.0
    middle = median(sums.values())
    return MAD_TO_SIGMA * median(abs(value - middle) for value in sums.values())


def _runs_out(
    steps: list[Step],
    covered: datetime,
    used: float,
    limit: float | None,
    low: float,
    high: float,
) -> tuple[datetime, datetime | None] | None:
    if limit is None or used >= limit or high < limit:
        return None
    fast = _crossing([(step.hour, step.high) for step in steps], covered, limit - used, high - used)
    if low < limit:
        return fast, None
    return fast, _crossing([(step.hour, step.low) for step in steps], covered, limit - used, low - used)


def _crossing(amounts: list[tuple[datetime, float]], covered: datetime, needed: float, total: float) -> datetime:
    """When the amounts, scaled so that they add up to `total`, reach `needed`."""
    unscaled = sum(amount for _, amount in amounts)
    scale = total / unscaled if unscaled > 0 else 0.0
    moment = covered
    for hour, unscaled_amount in amounts:
        amount = unscaled_amount * scale
        if amount > 0 and needed <= amount:
            return moment + (hour + HOUR - moment) * (needed / amount)
        needed -= amount
        moment = hour + HOUR
    return moment


def _ran_out(hours: Mapping[datetime, float], day: datetime, limit: float | None) -> datetime | None:
    if limit is None:
        return None
    total = 0.0
    for n in range(24):
        value = hours.get(day + HOUR * n, 0.0)
        if total + value >= limit and value > 0:
            return day + HOUR * n + timedelta(hours=1) * ((limit - total) / value)
        total += value
    return None
