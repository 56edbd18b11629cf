"""Shares and latency for alert rules: by the minute where the gateways' pulse can tell, else by closed hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import accumulate

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reader, Reading, enough, unknown
from aigw_tui.insight.nowcast import GATEWAY_DELAY
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import HOUR, Query, Window, hour_of

MINUTE = timedelta(minutes=1)
PULSE_DELAY = timedelta(minutes=7)
"""After which a minute hardly grows any more: gateway rows are 139–365 s behind (measured once)."""
ERRORS_OVER = timedelta(minutes=15)
HITS_OVER = HOUR
NO_MATCH = "nothing that is known matches the rule's scope"
Counts = tuple[int, int]
"""(requests, of these the ones that count)"""


def error_rate(rule: Rule, ground: Ground) -> Reader:
    """Failed requests over all, of the last 15 minutes; of the last closed hour where only hours are stored."""
    return _share(rule, ground, "errors", ERRORS_OVER)


def cache_hit_rate(rule: Rule, ground: Ground) -> Reader:
    """Requests answered from the cache over all, of the last 60 minutes, or of the last closed hour."""
    return _share(rule, ground, "cache_hits", HITS_OVER)


def _share(rule: Rule, ground: Ground, measure: str, over: timedelta) -> Reader:
    pairs = ground.pairs(rule)
    if pairs is None:
        return unknown(NO_MATCH, is_quiet=True)
    by_hour = _by_hour(rule, ground, measure, pairs)
    if any(field in ("provider", "model") for field, _ in rule.scope):
        return by_hour
    first = _minute(ground.since - PULSE_DELAY - over)
    window = Window(first, _minute(ground.now - PULSE_DELAY) + MINUTE)
    known = ground.views.known("pulse", window, (ground.account,))
    rows = ground.views.view(Query("pulse", window, ("minute",), ("requests", measure), pairs)).rows
    counts = {row.key[0]: (row.values[0] or 0, row.values[1] or 0) for row in rows}
    minutes = [first + MINUTE * n for n in range((window.until - first) // MINUTE)]
    totals = [
        (0, 0),
        *accumulate((counts.get(minute, (0, 0)) for minute in minutes), lambda a, b: (a[0] + b[0], a[1] + b[1])),
    ]

    def read(moment: datetime) -> Reading:
        span = Window(_minute(moment - PULSE_DELAY) - over, _minute(moment - PULSE_DELAY))
        if any(hour not in known for hour in span.hours):
            return by_hour(moment)
        begin, end = ((edge - first) // MINUTE for edge in (span.since, span.until))
        requests, counted = (totals[end][n] - totals[begin][n] for n in (0, 1))
        return enough(rule, requests, counted / requests if requests else None)

    return read


def _by_hour(rule: Rule, ground: Ground, measure: str, pairs: Pairs) -> Reader:
    window = hours_of(ground)
    known = ground.views.known("requests", window, (ground.account,))
    rows = ground.views.view(Query("requests", window, ("hour",), ("requests", measure), pairs)).rows
    counts: Mapping[datetime, Counts] = {row.key[0]: (row.values[0] or 0, row.values[1] or 0) for row in rows}

    def read(moment: datetime) -> Reading:
        hour = last_closed(moment)
        if hour not in known:
            return Reading(None, f"the hour from {hour:%H:%M} UTC was not read", is_coarse=True)
        requests, counted = counts.get(hour, (0, 0))
        return enough(rule, requests, counted / requests if requests else None, is_coarse=True)

    return read


def latency_p90(rule: Rule, ground: Ground) -> Reader:
    """The ninth decile of durations in the last closed hour, in ms: known where one stored row is all of it."""
    pairs = ground.pairs(rule)
    if pairs is None:
        return unknown(NO_MATCH, is_quiet=True)
    rows = ground.views.view(Query("requests", hours_of(ground), ("hour",), ("requests", "duration_p90"), pairs)).rows
    found = {row.key[0]: (row.values[0] or 0, row.values[1]) for row in rows}

    def read(moment: datetime) -> Reading:
        requests, value = found.get(last_closed(moment), (0, None))
        if requests and value is None:
            return Reading(None, "latencies do not add up: narrow the rule to one gateway, provider and model")
        return enough(rule, requests, value, is_coarse=True)

    return read


def last_closed(moment: datetime) -> datetime:
    """The start of the newest hour that has been counted at that moment."""
    return hour_of(moment - GATEWAY_DELAY) - HOUR


def hours_of(ground: Ground) -> Window:
    """All closed hours that are asked about."""
    return Window(last_closed(ground.since), last_closed(ground.now) + HOUR)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
