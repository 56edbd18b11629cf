"""Looking back: what history held until a moment that has passed, and which alerts were on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from aigw_tui.history.views import together
from aigw_tui.insight.parts import text_of
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import (
    DAY,
    LAUNCH,
    Alert,
    Episode,
    Interval,
    Phase,
    Query,
    Trust,
    View,
    Views,
    Window,
    hour_of,
)

SHORT, LONG = DAY * 2, DAY * 56
"""What is asked by the hour is cut from whole days up to here, and from four weeks up to there: they stay the same for
many moments, so that history is asked once; each step of an hour would else read all of them anew."""
FOUR_WEEKS = DAY * 28
NOTHING: Mapping[str, str] = MappingProxyType({})


class ViewsUntil:
    """`Views` that end at a moment (UTC): what came later is as if it had never been read.

    `names` are all that history knows, also those that first came up later: they have no rows here.
    """

    def __init__(self, views: Views, until: datetime) -> None:
        self._views, self._until = views, until

    def view(self, query: Query) -> View:
        asked = replace(query, window=self._cut(query.window))
        since, until = asked.window.since, asked.window.until
        is_by_hour = query.by[:1] == ("hour",) and query.order[:1] in ((), ("hour",))
        is_all = query.limit is None and not query.offset
        if not is_by_hour or not is_all or (since, until) != (hour_of(since), hour_of(until)):
            return self._views.view(asked)
        hours = self._views.view(replace(asked, window=_wide(asked.window))).rows
        rows = tuple(row for row in hours if since <= row.key[0] < until)
        return View(asked, rows, together(asked, rows), len(rows))

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        cut = self._cut(window)
        hours = self._views.known(dataset, _wide(cut), account).items()
        since = hour_of(cut.since)
        return {hour: trust for hour, trust in hours if since <= hour < cut.until}

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        return self._views.sampled(dataset, self._cut(window), account)

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        return self._views.names(dataset, key)

    def _cut(self, window: Window) -> Window:
        return window if window.until <= self._until else Window(window.since, max(window.since, self._until))


def _wide(window: Window) -> Window:
    """A window of whole days or weeks that holds this one; one that is very long stays as it is."""
    if window.length > LONG:
        return window
    grid = DAY if window.length <= SHORT else FOUR_WEEKS
    return Window(window.since - (window.since - LAUNCH) % grid, window.until + (LAUNCH - window.until) % grid)


def as_it_was(episodes: tuple[Episode, ...], at: datetime) -> tuple[Episode, ...]:
    """What was known of them then: those that fired later are left out, and what was not over had no end and no peak
    yet."""
    return tuple(
        one if one.resolved is not None and one.resolved <= at else replace(one, resolved=None, peak=None)
        for one in episodes
        if one.fired <= at
    )


def firing(episodes: tuple[Episode, ...], each: Mapping[str, str] = NOTHING) -> tuple[Alert, ...]:
    """The alerts of the episodes that are not over, the critical ones first. Their figures of then are not kept.

    `each`: rule → what it is judged for each of.
    """
    found = [
        Alert(
            one.rule,
            one.account,
            one.severity,
            Phase.FIRING,
            one.words,
            since=one.fired,
            narrow=_narrow(one, each.get(one.rule, "")),
            name=one.name,
            each=each.get(one.rule, ""),
        )
        for one in episodes
        if one.resolved is None
    ]
    return tuple(sorted(found, key=lambda one: one.severity != "critical"))


def _narrow(one: Episode, field: str) -> Pairs:
    whose: Pairs = (("account", (one.account,)),)
    return (*whose, (field, (text_of(one.name),))) if one.name and field else whose
