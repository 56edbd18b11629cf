"""Since when each name is used: the days before say nothing about it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.parts import rows_by_name
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, Window, day_of

MEASURES = ("tokens_in", "tokens_out")


class FirstUse:
    """Kept from hour to hour: what was read is not read again while the same hours are known."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.found: dict[str, datetime] = {}
        """Name → the first hour of what was read in which it used any tokens."""
        self._known: frozenset[datetime] = frozenset()

    def read(self, rule: Rule, ground: Ground, window: Window, known: Collection[datetime]) -> None:
        """All of the window; of what is known already only the last day, which may have grown."""
        hours = frozenset(hour for hour in known if window.since <= hour < window.until)
        before, since = self._known, window.since
        newest = max(before, default=window.since)
        if before and {hour for hour in hours if hour <= newest} <= before:
            since = max(newest - DAY, window.since)
        else:
            self.found = {}
        self._known = hours
        days: dict[datetime, set[str]] = {}
        rows = rows_by_name(rule, ground, "requests", Window(since, window.until), "day", MEASURES, self.pairs)
        for name, own in rows.items():
            used = [day for day, values in own.items() if any(values)]
            if used and name not in self.found:
                days.setdefault(day_of(min(used)), set()).add(name)
        for day, names in days.items():
            part = Window(max(day, since), min(day + DAY, window.until))
            rows = rows_by_name(rule, ground, "requests", part, "hour", MEASURES, self.pairs)
            self.found |= {name: min(hour for hour, values in rows[name].items() if any(values)) for name in names}
