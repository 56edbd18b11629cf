"""Where a running total is heading by 00:00 UTC, from today's hours and the same hours of the days before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from statistics import median
from typing import NamedTuple

from aigw_tui.model import DAY, HOUR, Pace, day_of

MOST_DAYS = 28
FEWEST_DAYS = 3
"""With fewer days of history the pace is a straight line with a wide range."""
SATURDAY = 5
RECENT = 3
"""Hours whose rate bends the next few hours."""
LAST_DAYS = 5
"""Days that say at which level a day begins."""
DOUBT = 1
"""Busy hours that this weighs: a quiet night says little."""
TAIL = 0.1
"""Share of the days before that may lie outside the range, on either side."""
TENTH = 1.2816
"""Standard deviations beyond which lies a tenth of a normal distribution."""
FEW = 1.0
"""How much wider the range is for a day more or less."""
MAD_TO_SIGMA = 1.4826
"""Median absolute deviation → standard deviation of a normal distribution."""
WIDE = (0.5, 1.75)
"""The range around a straight line."""

Day = Mapping[int, float]
"""Hour of the day → what was used in it."""


class Step(NamedTuple):
    """What one remaining hour of the day is expected to add."""

    hour: int
    low: float
    likely: float
    high: float


class Past(NamedTuple):
    """What the days before one day say of it."""

    alike: Mapping[datetime, Day]
    """The days of its kind, newest first."""
    typical: Sequence[float]
    """What is usual in each of its hours."""
    before: Mapping[datetime, float]
    """Day, itself too → the level of the last days before that one: where a day begins."""


def pace(
    hours: Mapping[datetime, float],
    now: datetime,
    limit: float | None = None,
    covered_until: datetime | None = None,
    past: Past | None = None,
) -> Pace:
    """The pace of today's total.

    `hours` maps the start of every known hour, today's and earlier ones, to what was used in it. What lies behind
    `covered_until` (default: `now`) has not been counted yet although it may have happened: it is expected, too.
    Without a limit only the totals and `expected` are known. `past`: of the day of `now`, where it is known already.
    """
    day = day_of(now)
    covered = min(max(covered_until or now, day), now)
    used = sum(value for hour, value in hours.items() if day <= hour < day + DAY)
    left = {n: min(HOUR, end - covered) / HOUR for n in range(24) if (end := day + HOUR * (n + 1)) > covered}
    past = past or past_of(hours, day)
    if len(past.alike) >= FEWEST_DAYS:
        steps = _judged(past, _day(hours, day), day, left)
    else:
        rate = used / max((covered - day) / HOUR, 0.25)
        steps = [Step(n, rate * part * WIDE[0], rate * part, rate * part * WIDE[1]) for n, part in left.items()]
    low = used + sum(step.low for step in steps)
    likely = used + sum(step.likely for step in steps)
    high = used + sum(step.high for step in steps)
    timed = [(day + HOUR * step.hour, step) for step in steps]
    return Pace(
        expected=tuple((hour, step.likely) for hour, step in timed),
        low=min(low, likely),
        likely=likely,
        high=max(high, likely),
        runs_out=_runs_out(timed, covered, used, limit, low, high),
        ran_out=_ran_out(hours, day, limit),
        days=len(past.alike),
    )


def past_of(hours: Mapping[datetime, float], day: datetime) -> Past:
    """Of the day that begins then; only the hours before it count."""
    days = _days(hours, day)
    kinds = {_is_weekend(one): one for one in (*days, day)}
    typical = {kind: _typical(_alike(days, one)) for kind, one in kinds.items()}
    levels = [_level(own, own, typical[_is_weekend(one)], 1.0) for one, own in days.items()]
    last = {one: levels[place : place + LAST_DAYS] for place, one in enumerate((day, *days))}
    before = {one: median(known) if known else 1.0 for one, known in last.items()}
    return Past(_alike(days, day), typical[_is_weekend(day)], before)


def _days(hours: Mapping[datetime, float], day: datetime) -> Mapping[datetime, Day]:
    """The days before, newest first, by their hours; those that are not known are absent."""
    found: dict[datetime, dict[int, float]] = {}
    oldest, start = day - DAY * MOST_DAYS, day
    for hour in sorted(hours, reverse=True):
        if oldest <= hour < day:
            if hour < start:
                start = day_of(hour)
            found.setdefault(start, {})[hour.hour] = hours[hour]
    return found


def _day(hours: Mapping[datetime, float], day: datetime) -> Day:
    return {n: hours[hour] for n in range(24) if (hour := day + HOUR * n) in hours}


def _alike(past: Mapping[datetime, Day], day: datetime) -> Mapping[datetime, Day]:
    """Without the days that are another kind of day, weekday or weekend, once there are enough of this kind."""
    found = {one: own for one, own in past.items() if _is_weekend(one) == _is_weekend(day)}
    return found if len(found) >= FEWEST_DAYS else past


def _is_weekend(day: datetime) -> bool:
    return day.weekday() >= SATURDAY


def _judged(past: Past, today: Day, day: datetime, left: Mapping[int, float]) -> list[Step]:
    """The usual shape at today's level, corrected by how the same projection would have gone on the days before."""
    ratios = []
    for one, own in past.alike.items():
        guess = _expected(own, left, past.typical, past.before[one])
        truth = sum(own.get(n, 0.0) * part for n, part in left.items())
        if guess > 0:
            ratios.append(truth / guess)
    low, middle, high = _spread(ratios)
    return [
        Step(n, min(likely * low, lowest * middle), likely * middle, max(likely * high, highest * middle))
        for n, lowest, likely, highest in _shaped(today, left, past.typical, past.before[day])
    ]


def _typical(days: Mapping[datetime, Day]) -> list[float]:
    """The median of each hour of the day."""
    by_hour = [[own[n] for own in days.values() if n in own] for n in range(24)]
    return [median(values) if values else 0.0 for values in by_hour]


def _shaped(today: Day, left: Mapping[int, float], typical: Sequence[float], before: float) -> list[Step]:
    """The usual shape, scaled to the day's level so far; the recent level fades with distance."""
    whole, recent = _levels(today, left, typical, before)
    steps = []
    for (n, part), weight in zip(left.items(), _weights(len(left)), strict=True):
        likely = recent * weight + whole * (1 - weight)
        levels = (whole, recent, likely, (whole + before) / 2)  # the last: what is unusual today may end
        usual = typical[n] * part
        steps.append(Step(n, usual * min(levels), usual * likely, usual * max(levels)))
    return steps


def _expected(today: Day, left: Mapping[int, float], typical: Sequence[float], before: float) -> float:
    """The sum of what is likely in these steps."""
    whole, recent = _levels(today, left, typical, before)
    parts = zip(left.items(), _weights(len(left)), strict=True)
    return sum(typical[n] * part * (recent * weight + whole * (1 - weight)) for (n, part), weight in parts)


def _levels(today: Day, left: Mapping[int, float], typical: Sequence[float], before: float) -> tuple[float, float]:
    """Of the hours that are over, and of the last of these."""
    full = [n for n in range(24) if left.get(n, 0.0) <= 0.0]
    return _level(full, today, typical, before), _level(full[-RECENT:], today, typical, before)


@cache
def _weights(hours: int) -> tuple[float, ...]:
    """Of the recent level, in each hour ahead."""
    return tuple(math.exp(-n / RECENT) for n in range(hours))


def _level(full: Iterable[int], own: Day, typical: Sequence[float], before: float) -> float:
    """A day's use over the usual use in these hours; near `before` while there is too little of either to tell."""
    chosen = list(full)
    usual = sum(typical[n] for n in chosen)
    doubt = max(typical, default=0.0) * DOUBT
    if usual + doubt <= 0:
        return 1.0
    return (sum(own.get(n, 0.0) for n in chosen) + doubt * before) / (usual + doubt)


def _spread(ratios: Sequence[float]) -> tuple[float, float, float]:
    """Low, middle and high of what came over what was projected: quantiles, and no less than median and MAD say."""
    if not ratios:
        return 1.0, 1.0, 1.0
    middle = median(ratios)
    deviation = MAD_TO_SIGMA * median(abs(one - middle) for one in ratios) * TENTH
    ends = sorted(ratios)
    few = 1 + FEW / len(ends)  # so many days have not seen all that may come
    low = min(ends[math.floor((len(ends) - 1) * TAIL)], middle - deviation)
    high = max(ends[math.ceil((len(ends) - 1) * (1 - TAIL))], middle + deviation)
    return max(middle - (middle - low) * few, 0.0), middle, middle + (high - middle) * few


def _runs_out(
    steps: Sequence[tuple[datetime, Step]],
    covered: datetime,
    used: float,
    limit: float | None,
    low: float,
    high: float,
) -> tuple[datetime, datetime | None] | None:
    if limit is None or used >= limit or high < limit:
        return None
    fast = _crossing([(hour, step.high) for hour, step in steps], covered, limit - used, high - used)
    if low < limit:
        return fast, None
    return fast, _crossing([(hour, step.low) for hour, step in steps], covered, limit - used, low - used)


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
