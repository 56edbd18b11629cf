"""What was counted from a sample, and how far off a count may be where that is truly known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from aigw_tui.insight.scoped import is_covered
from aigw_tui.model import HOUR, Interval, Scope, Snapshot, Views, Window, day_of, hour_of

Bucket = Literal["", "hour", "day"]


def sampled_times(
    views: Views, scope: Scope, window: Window, by: Bucket, dataset: str = "requests"
) -> frozenset[datetime | None]:
    """The hours or days (None: the window) of which any hour was sampled."""
    hours = views.sampled(dataset, window, scope.values("account"))
    return frozenset(hour if by == "hour" else day_of(hour) if by else None for hour in hours)


def is_sampled(views: Views, scope: Scope, window: Window, dataset: str = "requests") -> bool:
    """Whether any hour of the window was."""
    return bool(views.sampled(dataset, window, scope.values("account")))


def hourly_intervals(views: Views, scope: Scope, window: Window) -> Mapping[datetime, Interval]:
    """Hour → interval of its requests; only of one whole account, because intervals of parts do not add up."""
    if scope.pattern or any(name != "account" for name, _ in scope.where) or not _is_one_account(views, scope):
        return {}
    return views.sampled("requests", window, scope.values("account"))


def interval_of(snapshot: Snapshot) -> Interval | None:
    """Of the scope's requests in its window: as one account says now, or as it said of the one hour there is."""
    views, scope, window = snapshot.views, snapshot.scope, snapshot.window
    if not _is_one_account(views, scope) or not is_covered(scope, "whole"):
        return None
    for live in snapshot.answers("whole"):
        if live.interval is not None and live.window.since <= window.since:
            return live.interval
    is_one_hour = window.since == hour_of(window.since) and window.until <= window.since + HOUR
    return hourly_intervals(views, scope, window).get(window.since) if is_one_hour else None


def half_width(interval: Interval) -> int:
    """The 31 of `1,204 ±31`."""
    return round((interval.upper - interval.lower) / 2)


def _is_one_account(views: Views, scope: Scope) -> bool:
    return len(scope.values("account") or views.names("requests", "account")) == 1
