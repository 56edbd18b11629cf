"""Token spikes: an hour against the same hour of the days before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import TypeAlias

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.firstuse import MEASURES
from aigw_tui.insight.ground import Ground, Reader, Reading, enough
from aigw_tui.insight.joined import plus
from aigw_tui.insight.parts import Named, rows_by_name
from aigw_tui.insight.readrates import hours_of, last_closed, nothing
from aigw_tui.insight.rhythm import FEWEST_DAYS, LEAST_TOKENS, MOST_DAYS, REACH, Rhythm, Usual
from aigw_tui.insight.scoped import Pairs
from aigw_tui.insight.usual import Usuals, usual
from aigw_tui.model import DAY, HOUR, Window

Own: TypeAlias = Mapping[datetime, tuple[int, int | None]]
"""Hour → (requests, tokens)."""
Known: TypeAlias = Collection[datetime]


def token_spike(rule: Rule, ground: Ground) -> Named:
    """Tokens of the last closed hour, in deviations above what is usual.

    History begins with the first tokens, of a name its own: the empty days before say nothing about its hours.
    """
    pairs = ground.pairs(rule)
    if pairs is None:
        return nothing()
    asked = hours_of(ground)
    window = Window(asked.since - REACH, asked.until)
    known = ground.views.known("requests", window, (ground.account,))
    stretch = asked if rule.each else window
    rows = rows_by_name(rule, ground, "requests", stretch, "hour", ("requests", *MEASURES), pairs)
    found = {name: {hour: _counts(*values) for hour, values in own.items()} for name, own in rows.items()}
    if rule.each:
        days, usual_of = _of_each(rule, ground, pairs, asked, found, known)
    else:
        days, usual_of = _of_all(found.get("", {}), window, known)

    def of(name: str) -> Reader:
        own = found.get(name, {})

        @cache
        def read(hour: datetime) -> Reading:
            if hour not in known:
                return Reading(None, f"the hour from {hour:%H:%M} UTC was not read")
            if days(hour) < FEWEST_DAYS:
                return Reading(None, f"{FEWEST_DAYS} days of history are needed, there are {days(hour)}")
            requests, tokens = own.get(hour, (0, 0))
            if not requests:
                return Reading(0.0)
            if tokens is None:
                return Reading(None, f"the tokens of the hour from {hour:%H:%M} UTC are unknown")
            if tokens < LEAST_TOKENS:
                return enough(rule, requests, 0.0, is_coarse=True)
            return _measured(rule, requests, tokens, usual_of(name, hour))

        return lambda moment: read(last_closed(moment))

    return Named(of, (pairs,), last_closed, last_closed)


def _measured(rule: Rule, requests: int, tokens: int, found: Usual | None) -> Reading:
    if found is None:
        return Reading(None, f"it is new: {FEWEST_DAYS} days of it are needed", is_quiet=True)
    return enough(rule, requests, found.deviations(tokens), is_coarse=True)


def _of_each(rule: Rule, ground: Ground, pairs: Pairs, asked: Window, found: Mapping[str, Own], known: Known) -> Usuals:
    loud = [name for name, own in found.items() if any((used or 0) >= LEAST_TOKENS for _, used in own.values())]
    days = cache(lambda hour: sum(hour - DAY * n in known for n in range(1, MOST_DAYS + 1)))
    return days, usual(rule, ground, pairs, asked, loud, known)


def _of_all(own: Own, window: Window, known: Known) -> Usuals:
    hours = window.hours
    first = min((hour for hour, (_, tokens) in own.items() if tokens), default=hours[0])
    rhythm = Rhythm([own.get(hour, (0, 0))[1] if hour >= first and hour in known else None for hour in hours])
    return (
        lambda hour: len(rhythm.days((hour - hours[0]) // HOUR)),
        lambda _, hour: rhythm.usual((hour - hours[0]) // HOUR),
    )


def _counts(requests: int | None, tokens_in: int | None, tokens_out: int | None) -> tuple[int, int | None]:
    return requests or 0, plus(tokens_in, tokens_out)
