"""Looking back: what history held until a moment that has passed, and which alerts were on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from aigw_tui.model import Alert, Episode, Interval, Phase, Query, Trust, View, Views, Window


class ViewsUntil:
    """`Views` that end at a moment (UTC): what came later is as if it had never been read.

    `names` are all that history knows, also those that first came up later: they have no rows here.
    """

    def __init__(self, views: Views, until: datetime) -> None:
        self._views, self._until = views, until

    def view(self, query: Query) -> View:
        return self._views.view(replace(query, window=self._cut(query.window)))

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        return self._views.known(dataset, self._cut(window), account)

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        return self._views.sampled(dataset, self._cut(window), account)

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        return self._views.names(dataset, key)

    def _cut(self, window: Window) -> Window:
        return window if window.until <= self._until else Window(window.since, max(window.since, self._until))


def as_it_was(episodes: tuple[Episode, ...], at: datetime) -> tuple[Episode, ...]:
    """What was known of them then: those that fired later are left out, and what was not over had no end and no peak
    yet."""
    return tuple(
        one if one.resolved is not None and one.resolved <= at else replace(one, resolved=None, peak=None)
        for one in episodes
        if one.fired <= at
    )


def firing(episodes: tuple[Episode, ...]) -> tuple[Alert, ...]:
    """The alerts of the episodes that are not over, the critical ones first. Their figures of then are not kept."""
    found = [
        Alert(
            one.rule,
            one.account,
            one.severity,
            Phase.FIRING,
            one.words,
            since=one.fired,
            narrow=(("account", (one.account,)),),
        )
        for one in episodes
        if one.resolved is None
    ]
    return tuple(sorted(found, key=lambda one: one.severity != "critical"))
