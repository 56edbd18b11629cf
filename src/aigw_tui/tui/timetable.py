"""Which hours (or days) the table of hours has: a dense row of them, newest first, counted by arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aigw_tui.insight.scoped import where
from aigw_tui.model import DAY, HOUR, Query, Snapshot, Window, day_of, hour_of

HOURLY_UP_TO = timedelta(days=14)
"""A longer window has a line a day."""

Step = Literal["hour", "day"]
LENGTHS: dict[Step, timedelta] = {"hour": HOUR, "day": DAY}


@dataclass(frozen=True, slots=True)
class Timetable:
    """`groups` hours or days; number 0 is the newest."""

    newest: datetime
    groups: int
    step: Step

    @property
    def length(self) -> timedelta:
        return LENGTHS[self.step]

    def start(self, group: int) -> datetime:
        return self.newest - self.length * group

    def group(self, since: datetime) -> int:
        return (self.newest - since) // self.length

    def newest_full(self, now: datetime) -> int:
        """The number of the newest one that has ended."""
        return int(self.newest + self.length > now)

    def window(self, first: int, last: int) -> Window:
        """From the start of group `last` (older) to the end of group `first`."""
        return Window(self.start(last), self.start(first) + self.length)


def timetable(snapshot: Snapshot) -> Timetable | None:
    """From the window's newest hour back to its start, or to the oldest that is known; None when nothing is."""
    window, scope, views = snapshot.window, snapshot.scope, snapshot.views
    step: Step = "day" if window.length > HOURLY_UP_TO else "hour"
    start_of, length = day_of if step == "day" else hour_of, LENGTHS[step]
    last = min(window.until, snapshot.now)
    newest = start_of(last) - (length if start_of(last) == last == window.until else timedelta(0))
    account = scope.values("account")
    if step == "hour":
        oldest = min(views.known("requests", window, account), default=None)
    else:
        # the days come from a view, which is kept for a revision: asking for years of hours at every key would not be
        pairs = tuple(pair for pair in where(views, scope, "requests") if pair[0] == "account")
        whole = Window(window.since, hour_of(window.until) + HOUR)
        days = views.view(Query("requests", whole, ("day",), ("requests",), pairs, limit=1)).rows
        oldest = days[0].key[0] if days else None
    if oldest is None or start_of(oldest) > newest:
        return None
    return Timetable(newest, (newest - start_of(max(oldest, window.since))) // length + 1, step)
