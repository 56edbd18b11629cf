"""Token spikes: an hour against the same hour of the days before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from statistics import median

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reader, Reading, enough, unknown
from aigw_tui.insight.readrates import NO_MATCH, hours_of, last_closed
from aigw_tui.model import DAY, Query, Window

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


def token_spike(rule: Rule, ground: Ground) -> Reader:
    """Tokens of the last closed hour, in deviations above what is usual."""
    pairs = ground.pairs(rule)
    if pairs is None:
        return unknown(NO_MATCH, is_quiet=True)
    asked = hours_of(ground)
    window = Window(asked.since - WEEK * MOST_WEEKS, asked.until)
    known = ground.views.known("requests", window, (ground.account,))
    rows = ground.views.view(Query("requests", window, ("hour",), ("requests", "tokens_in", "tokens_out"), pairs)).rows
    found = {row.key[0]: (row.values[0] or 0, (row.values[1] or 0) + (row.values[2] or 0)) for row in rows}

    @cache
    def read(hour: datetime) -> Reading:
        if hour not in known:
            return Reading(None, f"the hour from {hour:%H:%M} UTC was not read")
        days = (hour - DAY * n for n in range(1, MOST_WEEKS * 7 + 1))
        before = {day: float(found.get(day, (0, 0))[1]) for day in days if day in known}
        requests, tokens = found.get(hour, (0, 0))
        value = spike(tokens, before, hour)
        if value is None:
            return Reading(None, f"{FEWEST_DAYS} days of history are needed, there are {len(before)}")
        return enough(rule, requests, value, is_coarse=True) if requests else Reading(0.0)

    return lambda moment: read(last_closed(moment))
