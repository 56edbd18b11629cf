"""Which request logs a scope means."""

from __future__ import annotations

from datetime import datetime, timedelta

from aigw_tui.insight.scoped import where
from aigw_tui.model import LogFilter, Query, Scope, Views, Window

AHEAD = timedelta(minutes=1)
"""A window that ends now has this much more, so that a clock a little behind the server's misses nothing."""
FAILED_FROM = 400
"""HTTP status."""


def wanted(views: Views, scope: Scope, now: datetime, metadata: tuple[tuple[str, str], ...] = ()) -> LogFilter | None:
    """What a gateway's logs are to be filtered by; None where no log can be meant.

    Failures without a status are all that failed: logs that lack one are no more telling.
    """
    pairs = dict(where(views, scope, "requests"))
    if not all(pairs.values()):
        return None
    names = scope.values("status")
    statuses = tuple(range(int(name), int(name) + 1) for name in names if name.isdecimal())
    window = scope.window(now)
    return LogFilter(
        Window(window.since, window.until + AHEAD) if window.until >= now else window,
        statuses if len(statuses) == len(names) else (),
        bool(names) and all(one.start >= FAILED_FROM for one in statuses),
        pairs.get("model", ()),
        pairs.get("provider", ()),
        metadata=metadata,
    )


def busiest(views: Views, scope: Scope, account: str, now: datetime) -> tuple[str, ...]:
    """The account's gateways that the scope's requests went through, those with most first."""
    pairs = tuple(pair for pair in where(views, scope, "requests") if pair[0] != "account")
    query = Query("requests", scope.window(now), ("gateway",), ("requests",), (("account", (account,)), *pairs))
    rows = sorted(views.view(query).rows, key=lambda row: -(row.values[0] or 0))
    return tuple(row.key[0] for row in rows if row.key[0])
