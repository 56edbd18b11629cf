"""Token spikes: an hour against the same hour of the days before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from statistics import median

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reader, Reading, enough
from aigw_tui.insight.parts import Named, rows_by_name
from aigw_tui.insight.readrates import hours_of, last_closed, nothing
from aigw_tui.insight.usual import usual
from aigw_tui.model import DAY, Window

FEWEST_DAYS = 7
WEEK = timedelta(days=7)
FEWEST_WEEKS = 4
"""From which on the same weekday is compared."""
MOST_WEEKS = 8
LEAST_TOKENS = 20_000
"""An hour with fewer is no spike, however quiet it is otherwise."""
LEAST_SPREAD = 0.1
"""Of the median: days that happen to be alike are no reason to cry at the next."""


def spike(tokens: float, same_hour: Mapping[datetime, float], hour: datetime) -> float | None:
    """How many median absolute deviations an hour's tokens lie above the median; None with too little history.

    `same_hour`: the same hour of known days before → tokens. From four weeks of the same weekday on, these give the
    median; the deviation is the larger of theirs and that of all days, so that four alike do not make it vanish.
    """
    if len(same_hour) < FEWEST_DAYS:
        return None
    if tokens < LEAST_TOKENS:
        return 0.0
    everyday = list(same_hour.values())
    alike = [value for day, value in same_hour.items() if day.weekday() == hour.weekday()]
    chosen = alike if len(alike) >= FEWEST_WEEKS else everyday
    middle = median(chosen)
    spread = max(_deviation(chosen), _deviation(everyday), LEAST_SPREAD * middle, LEAST_SPREAD * LEAST_TOKENS)
    return (tokens - middle) / spread


def _deviation(values: list[float]) -> float:
    middle = median(values)
    return median(abs(value - middle) for value in values)


def token_spike(rule: Rule, ground: Ground) -> Named:
    """Tokens of the last closed hour, in deviations above what is usual. A name's own days begin with its first one."""
    pairs = ground.pairs(rule)
    if pairs is None:
        return nothing()
    asked = hours_of(ground)
    window = Window(asked.since - WEEK * MOST_WEEKS, asked.until)
    known = ground.views.known("requests", window, (ground.account,))
    measures = ("requests", "tokens_in", "tokens_out")
    rows = rows_by_name(rule, ground, "requests", asked if rule.each else window, "hour", measures, pairs)
    found = {name: {hour: _counts(*values) for hour, values in own.items()} for name, own in rows.items()}
    loud = [name for name, own in found.items() if any(tokens >= LEAST_TOKENS for _, tokens in own.values())]

    @cache
    def days(hour: datetime) -> tuple[datetime, ...]:
        return tuple(day for n in range(1, MOST_WEEKS * 7 + 1) if (day := hour - DAY * n) in known)

    def all_days(_: str, hour: datetime) -> Mapping[datetime, float]:
        own = found.get("", {})
        return {day: float(own.get(day, (0, 0))[1]) for day in days(hour)}

    same_hour = usual(rule, ground, pairs, asked, loud, days) if rule.each else all_days

    def of(name: str) -> Reader:
        own = found.get(name, {})

        @cache
        def read(hour: datetime) -> Reading:
            if hour not in known:
                return Reading(None, f"the hour from {hour:%H:%M} UTC was not read")
            if len(days(hour)) < FEWEST_DAYS:
                return Reading(None, f"{FEWEST_DAYS} days of history are needed, there are {len(days(hour))}")
            requests, tokens = own.get(hour, (0, 0))
            value = 0.0 if tokens < LEAST_TOKENS else spike(tokens, same_hour(name, hour), hour)
            if value is None:
                return Reading(None, f"it is new: {FEWEST_DAYS} days of it are needed", is_quiet=True)
            return enough(rule, requests, value, is_coarse=True) if requests else Reading(0.0)

        return lambda moment: read(last_closed(moment))

    return Named(of, (pairs,), last_closed, last_closed)


def _counts(requests: int | None, tokens_in: int | None, tokens_out: int | None) -> tuple[int, int]:
    return requests or 0, (tokens_in or 0) + (tokens_out or 0)
