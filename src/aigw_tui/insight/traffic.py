"""A measure over time, split by what it is made of: the figures behind the traffic chart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from aigw_tui.insight.coverage import trust_of
from aigw_tui.insight.families import ROLES, Model, of_family, tint
from aigw_tui.insight.joined import Usage, total, usage
from aigw_tui.insight.pace import pace
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import DAY, HOUR, Query, Scope, Trust, Views, Window, day_of, hour_of

BY_HOUR_UP_TO = timedelta(hours=48)
BY_DAY_UP_TO = timedelta(days=31)
PACE_DAYS = 14
"""Days of history that the rest of today is expected from."""

Step = Literal["hour", "day", "week"]
LENGTHS: dict[Step, timedelta] = {"hour": HOUR, "day": DAY, "week": DAY * 7}
Part = tuple[float, str]
"""(value, role)"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One stretch of time."""

    since: datetime
    parts: tuple[Part, ...] = ()
    """Tints in their order, then `bad` for what failed."""
    expected: float = 0.0
    """What is still to come."""
    requests: int = 0
    failed: int = 0
    is_known: bool = True
    is_filling: bool = False

    @property
    def height(self) -> float:
        return sum(value for value, _ in self.parts)


def step_of(window: Window) -> Step:
    """By hour up to 48 h, by day up to 31 d, by week beyond."""
    if window.length <= BY_HOUR_UP_TO:
        return "hour"
    return "day" if window.length <= BY_DAY_UP_TO else "week"


def frame_of(views: Views, scope: Scope, window: Window) -> Window:
    """What a chart of this window spans: whole days by hour when it begins at 00:00 or is a part of one day.

    A longer one begins where the account's history does, by week on a Monday.
    """
    since, until = hour_of(window.since), window.until
    if step_of(window) == "hour":
        if since == day_of(since) or window.length < HOUR * 6:
            return Window(day_of(since), day_of(max(until - timedelta(microseconds=1), since)) + DAY)
        return Window(since, until)
    account = tuple(pair for pair in where(views, scope, "requests") if pair[0] == "account")
    asked = Window(window.since, hour_of(until) + HOUR)
    days = views.view(Query("requests", asked, ("day",), ("requests",), account, limit=1)).rows
    first = max(day_of(since), days[0].key[0]) if days else day_of(since)
    by_week = step_of(Window(first, until)) == "week"
    return Window(first - DAY * first.weekday() if by_week else first, until)


def starts(frame: Window, step: Step) -> tuple[datetime, ...]:
    length = LENGTHS[step]
    return tuple(frame.since + length * n for n in range(-((frame.since - frame.until) // length)))


def buckets(
    views: Views, scope: Scope, frame: Window, measure: str, tints: Mapping[Model, str], now: datetime, most: int
) -> tuple[Bucket, ...]:
    """The measure over `frame`, oldest first, at most `most` buckets (the newest).

    Measures: requests, tokens, neurons, cost (USD that are owed; list prices only where there is nothing else),
    errors, cache (hits in per cent of requests).
    """
    step = step_of(frame)
    length = LENGTHS[step]
    chosen = starts(frame, step)[-max(most, 1) :]
    past = Window(chosen[0], min(frame.until, hour_of(now) + HOUR))
    uses: dict[datetime, list[Usage]] = {}
    for use in usage(views, scope, past, "hour" if step == "hour" else "day"):
        if use.since is not None:
            at = chosen[(use.since - chosen[0]) // length]
            uses.setdefault(at, []).append(use)
    dataset = "neurons" if measure == "neurons" and is_covered(scope, "neurons") else "requests"
    known = views.known(dataset, past, scope.values("account"))
    hours: dict[datetime, list[datetime]] = {}
    for hour in past.hours:
        hours.setdefault(chosen[(hour - chosen[0]) // length], []).append(hour)
    is_one = len(scope.values("model")) == 1
    is_listed = all(use.owed_usd is None for mine in uses.values() for use in mine)
    found = []
    for at in chosen:
        trust = trust_of(hours.get(at, ()), known)
        together = total(uses.get(at, ()))
        found.append(
            Bucket(
                at,
                parts(measure, uses.get(at, ()), tints, is_one, is_listed),
                requests=together.requests or 0,
                failed=together.errors or 0,
                is_known=trust is not None or at >= now,
                is_filling=trust is Trust.FILLING,
            )
        )
    return tuple(found)


def parts(
    measure: str, uses: Collection[Usage], tints: Mapping[Model, str], is_one: bool, is_listed: bool
) -> tuple[Part, ...]:
    """What a bar is made of, from the bottom up.

    `is_one`: the scope is one model, whose requests are answered, from the cache or failed. `is_listed`: all costs are
    list prices.
    """
    together = total(uses)
    failed = ((float(together.errors), "bad"),) if together.errors else ()
    if measure == "errors":
        return failed
    if measure == "cache":
        return ((100 * (together.cache_hits or 0) / together.requests, ROLES[0]),) if together.requests else ()
    if measure == "requests" and is_one:
        hits = together.cache_hits or 0
        family = "neuron" if any(use.burns for use in uses) else "dollar"
        answered = max((together.requests or 0) - (together.errors or 0) - hits, 0)
        return (*_present((answered, f"{family}1"), (hits, f"{family}3")), *failed)
    sums: dict[str, float] = {}
    for use in uses:
        role = tint(tints, use.provider, use.model)
        sums[role] = sums.get(role, 0.0) + _value(measure, use, is_listed)
    return (*_present(*((sums.get(role, 0.0), role) for role in ROLES)), *(failed if measure == "requests" else ()))


def _present(*found: Part) -> tuple[Part, ...]:
    return tuple(part for part in found if part[0] > 0)


def _value(measure: str, use: Usage, is_listed: bool) -> float:
    if measure == "requests":
        return max((use.requests or 0) - (use.errors or 0), 0)
    found = {"tokens": use.tokens, "neurons": use.neurons, "cost": use.listed_usd if is_listed else use.owed_usd}
    return found[measure] or 0.0


def with_expected(
    found: Iterable[Bucket], views: Views, scope: Scope, measure: str, now: datetime
) -> tuple[Bucket, ...]:
    """The same buckets with what the rest of today is expected to add; only for measures that add up, by hour."""
    hours = _history(views, scope, measure, now)
    coming = dict(pace(hours, now).expected) if hours else {}
    return tuple(replace(bucket, expected=coming.get(bucket.since, 0.0)) for bucket in found)


def _history(views: Views, scope: Scope, measure: str, now: datetime) -> dict[datetime, float]:
    """Hour → the measure in it, today and the days before; empty for what cannot be expected."""
    window = Window(day_of(now) - DAY * PACE_DAYS, hour_of(now) + HOUR)
    name, measures = PACED.get(measure, ("", ()))
    if not name or not is_covered(scope, name):
        return {}
    hours = dict.fromkeys(views.known(name, window, scope.values("account")), 0.0)
    pairs = where(views, scope, name)
    for one in of_family(views, pairs, burns=False) if measure == "cost" else (pairs,):
        for row in views.view(Query(name, window, ("hour",), measures, one)).rows:
            hours[row.key[0]] = hours.get(row.key[0], 0.0) + sum(value or 0 for value in row.values)
    return hours


PACED = {
    "requests": ("requests", ("requests",)),
    "tokens": ("requests", ("tokens_in", "tokens_out")),
    "neurons": ("neurons", ("neurons",)),
    "cost": ("requests", ("cost_usd",)),
}
"""Measure → dataset and its measures that are added up."""
