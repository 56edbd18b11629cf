"""Dollars over time: by hour or day, and where today's are heading."""

from __future__ import annotations

from datetime import datetime

from aigw_tui.insight.families import of_family
from aigw_tui.insight.nowcast import GATEWAY_DELAY
from aigw_tui.insight.pace import MOST_DAYS, pace
from aigw_tui.insight.quotas import covered_until
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, HOUR, Pace, Query, Quota, Snapshot, Window, day_of
from aigw_tui.tui.series import Series, filled, frame_of


def spent_by_time(snapshot: Snapshot, pairs: Pairs, is_owed: bool = True) -> Series:
    """By hour or day: what is owed, or the list prices that are not."""
    frame = frame_of(snapshot, "requests")
    sums: dict[datetime, tuple[float | None, ...]] = {}
    for one in of_family(snapshot.views, pairs, burns=not is_owed):
        query = Query("requests", snapshot.window, (frame.unit,), ("cost_usd",), one)
        for (start,), (cost,), *_ in snapshot.views.view(query).rows:
            sums[start] = (sum_of([cost, *sums.get(start, ())]),)
    return filled(frame, sums, 1)


def heading_of(snapshot: Snapshot, pairs: Pairs, quotas: tuple[Quota, ...]) -> Pace | None:
    """Where today's total is heading: as the quota says, or by the scope's own hours."""
    if len(quotas) == 1:
        return quotas[0].pace
    now = snapshot.now
    window = Window(day_of(now) - DAY * MOST_DAYS, now)
    known = snapshot.views.known("requests", window, snapshot.scope.values("account"))
    hours = {hour: 0.0 for hour in known if hour + HOUR > window.since and hour < now}
    for one in of_family(snapshot.views, pairs, burns=False):
        for (hour,), (cost,), *_ in snapshot.views.view(Query("requests", window, ("hour",), ("cost_usd",), one)).rows:
            if cost and hour in hours:
                hours[hour] += cost
    covered = covered_until(snapshot.views, "requests", snapshot.scope.values("account"), now, GATEWAY_DELAY)
    return pace(hours, now, None, covered) if hours else None


def sum_of(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
