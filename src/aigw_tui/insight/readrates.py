"""Shares and latency for alert rules: by the minute where the gateways' pulse can tell, else by closed hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import accumulate

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reader, Reading, enough, unknown
from aigw_tui.insight.nowcast import GATEWAY_DELAY
from aigw_tui.insight.parts import Named, rows_by_name
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import HOUR, Window, hour_of, minute_of

MINUTE = timedelta(minutes=1)
PULSE_DELAY = timedelta(minutes=7)
"""After which a minute hardly grows any more: gateway rows are 139–365 s behind (measured once)."""
ERRORS_OVER = timedelta(minutes=15)
HITS_OVER = HOUR
NO_MATCH = "nothing that is known matches the rule's scope"
Counts = tuple[int, int]
"""(requests, of these the ones that count)"""
NONE: Counts = (0, 0)


def error_rate(rule: Rule, ground: Ground) -> Named:
    """Failed requests over all, of the last 15 minutes; of the last closed hour where only hours are stored."""
    return _share(rule, ground, "errors", ERRORS_OVER)


def cache_hit_rate(rule: Rule, ground: Ground) -> Named:
    """Requests answered from the cache over all, of the last 60 minutes, or of the last closed hour."""
    return _share(rule, ground, "cache_hits", HITS_OVER)


def nothing() -> Named:
    """Where the scope matches nothing that is known."""
    return Named(lambda _: unknown(NO_MATCH, is_quiet=True), (), last_closed, last_closed)


def _share(rule: Rule, ground: Ground, measure: str, over: timedelta) -> Named:
    pairs = ground.pairs(rule)
    if pairs is None:
        return nothing()
    by_hour = _by_hour(rule, ground, measure, pairs)
    if {"provider", "model"} & {rule.each, *dict(rule.scope)}:
        return Named(by_hour, (pairs,), last_closed, last_closed)
    first = minute_of(ground.since - PULSE_DELAY - over)
    if rule.each:  # so that what stirs in the hour that is not closed is seen at once
        first = min(first, last_closed(ground.since) + HOUR)
    window = Window(first, minute_of(ground.now - PULSE_DELAY) + MINUTE)
    known = ground.views.known("pulse", window, (ground.account,))
    rows = rows_by_name(rule, ground, "pulse", window, "minute", ("requests", measure), pairs)
    minutes = [first + MINUTE * n for n in range((window.until - first) // MINUTE)]

    @cache
    def totals(name: str) -> Sequence[Counts]:
        own = rows.get(name, {})
        counts = (own.get(minute, NONE) for minute in minutes)
        return [NONE, *accumulate(((one or 0, other or 0) for one, other in counts), _plus)]

    def between(name: str, since: datetime, until: datetime) -> Counts:
        begin, end = ((edge - first) // MINUTE for edge in (since, until))
        return totals(name)[end][0] - totals(name)[begin][0], totals(name)[end][1] - totals(name)[begin][1]

    def of(name: str) -> Reader:
        fallback = by_hour(name)

        def read(moment: datetime) -> Reading:
            until = minute_of(moment - PULSE_DELAY)
            if not all(hour_of(edge) in known for edge in (until - over, until - MINUTE)):  # no more hours than these
                return fallback(moment)
            requests, counted = between(name, until - over, until)
            return enough(rule, requests, counted / requests if requests else None)

        return read

    def stirs(name: str, moment: datetime) -> bool:
        since, until = last_closed(moment) + HOUR, minute_of(moment - PULSE_DELAY)
        return name in rows and since < until and between(name, since, until)[0] > 0

    return Named(of, (pairs,), last_closed, stirs=stirs, names=rows.keys())


def _plus(left: Counts, right: Counts) -> Counts:
    return left[0] + right[0], left[1] + right[1]


def _by_hour(rule: Rule, ground: Ground, measure: str, pairs: Pairs) -> Callable[[str], Reader]:
    window = hours_of(ground)
    known = ground.views.known("requests", window, (ground.account,))
    rows = rows_by_name(rule, ground, "requests", window, "hour", ("requests", measure), pairs)

    def of(name: str) -> Reader:
        own = rows.get(name, {})

        def read(moment: datetime) -> Reading:
            hour = last_closed(moment)
            if hour not in known:
                return not_read(hour)
            requests, counted = (count or 0 for count in own.get(hour, NONE))
            return enough(rule, requests, counted / requests if requests else None, is_coarse=True)

        return read

    return of


def latency_p90(rule: Rule, ground: Ground) -> Named:
    """The ninth decile of durations in the last closed hour, in ms: known where one stored row is all of it."""
    pairs = ground.pairs(rule)
    if pairs is None:
        return nothing()
    window = hours_of(ground)
    known = ground.views.known("requests", window, (ground.account,))
    rows = rows_by_name(rule, ground, "requests", window, "hour", ("requests", "duration_p90"), pairs)

    def of(name: str) -> Reader:
        own = rows.get(name, {})

        def read(moment: datetime) -> Reading:
            hour = last_closed(moment)
            if hour not in known:
                return not_read(hour)
            requests, value = own.get(hour, (0, None))
            if requests and value is None:
                return Reading(None, "latencies do not add up: narrow the rule to one gateway, provider and model")
            return enough(rule, requests or 0, value, is_coarse=True)

        return read

    return Named(of, (pairs,), last_closed, last_closed)


def not_read(hour: datetime) -> Reading:
    return Reading(None, f"the hour from {hour:%H:%M} UTC was not read", is_coarse=True)


@lru_cache(maxsize=10_000)
def last_closed(moment: datetime) -> datetime:
    """The start of the newest hour that has been counted at that moment."""
    return hour_of(moment - GATEWAY_DELAY) - HOUR


def hours_of(ground: Ground) -> Window:
    """All closed hours that are asked about."""
    return Window(last_closed(ground.since), last_closed(ground.now) + HOUR)
