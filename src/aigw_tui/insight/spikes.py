"""Token spikes: an hour against the same hour of the days before."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reader, Reading, enough, unknown
from aigw_tui.insight.joined import plus
from aigw_tui.insight.readrates import NO_MATCH, hours_of, last_closed
from aigw_tui.insight.rhythm import FEWEST_DAYS, LEAST_TOKENS, REACH, Rhythm
from aigw_tui.model import HOUR, Query, Window


def token_spike(rule: Rule, ground: Ground) -> Reader:
    """Tokens of the last closed hour, in deviations above what is usual.

    History begins with the first tokens: the empty days before an account was used say nothing about its hours.
    """
    pairs = ground.pairs(rule)
    if pairs is None:
        return unknown(NO_MATCH, is_quiet=True)
    asked = hours_of(ground)
    window = Window(asked.since - REACH, asked.until)
    known = ground.views.known("requests", window, (ground.account,))
    rows = ground.views.view(Query("requests", window, ("hour",), ("requests", "tokens_in", "tokens_out"), pairs)).rows
    requests = {row.key[0]: row.values[0] or 0 for row in rows}
    tokens = {row.key[0]: plus(row.values[1], row.values[2]) for row in rows}
    first = min((hour for hour, used in tokens.items() if used), default=window.since)
    rhythm = Rhythm([tokens.get(hour, 0) if hour >= first and hour in known else None for hour in window.hours])

    @cache
    def read(hour: datetime) -> Reading:
        if hour not in known:
            return Reading(None, f"the hour from {hour:%H:%M} UTC was not read")
        place = (hour - window.since) // HOUR
        days = len(rhythm.days(place))
        if days < FEWEST_DAYS:
            return Reading(None, f"{FEWEST_DAYS} days of history are needed, there are {days}")
        if not requests.get(hour):
            return Reading(0.0)
        used = tokens[hour]
        if used is None:
            return Reading(None, f"the tokens of the hour from {hour:%H:%M} UTC are unknown")
        value = rhythm.deviations(place) if used >= LEAST_TOKENS else 0.0
        return enough(rule, requests[hour], value, is_coarse=True)

    return lambda moment: read(last_closed(moment))
