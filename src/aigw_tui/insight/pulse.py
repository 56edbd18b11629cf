"""The last hour by the minute: what is counted, what still fills, and what nobody can know yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aigw_tui.insight.readrates import MINUTE, PULSE_DELAY
from aigw_tui.insight.scoped import Pairs, where
from aigw_tui.model import DAY, Query, Snapshot, Window, hour_of, minute_of
from aigw_tui.model.freshness import STALE_AFTER

MINUTES = 60
RATE_OVER = 5
"""Minutes that the current rate is an average of."""
MEASURES = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out")


@dataclass(frozen=True, slots=True)
class Minute:
    """None is unknown: never read, not counted yet, or not told by the account."""

    start: datetime
    requests: int | None = None
    errors: int | None = None
    is_filling: bool = False
    """So young that it will still grow."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Sixty minutes, the running one last."""

    minutes: tuple[Minute, ...]
    newest: datetime | None = None
    """The newest minute of the last day of which the accounts have any request, in whatever gateway."""
    hits: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    is_sampled: bool = False

    @property
    def known(self) -> tuple[Minute, ...]:
        return tuple(one for one in self.minutes if one.requests is not None)

    @property
    def requests(self) -> int | None:
        return sum(one.requests or 0 for one in self.known) if self.known else None

    @property
    def errors(self) -> int | None:
        """Of the minutes of which they are known."""
        known = [one.errors for one in self.known if one.errors is not None]
        return sum(known) if known else None

    @property
    def peak(self) -> Minute | None:
        """The busiest minute, the latest of several."""
        busiest = max(self.known, key=lambda one: (one.requests or 0, one.start), default=None)
        return busiest if busiest and busiest.requests else None

    @property
    def rate(self) -> tuple[float, datetime] | None:
        """Requests a minute over the newest five that are final, and their end; None where one is unknown."""
        final = [one for one in self.minutes if one.requests is None or not one.is_filling]
        while final and final[-1].requests is None:
            final.pop()
        newest = final[-RATE_OVER:]
        if len(newest) < RATE_OVER or any(one.requests is None for one in newest):
            return None
        return sum(one.requests or 0 for one in newest) / RATE_OVER, newest[-1].start + MINUTE


def pulse(snapshot: Snapshot) -> Pulse:
    """Of the scope's accounts and gateways: minutes know no provider, model or status."""
    views, scope = snapshot.views, snapshot.scope
    last = minute_of(snapshot.now)
    window = Window(last - MINUTE * (MINUTES - 1), last + MINUTE)
    pairs = where(views, scope, "pulse")
    view = views.view(Query("pulse", window, ("minute",), MEASURES, pairs))
    rows = {row.key[0]: row.values for row in view.rows}
    newest = _newest(snapshot, window.until, pairs)
    final = _final(snapshot, newest)
    known = views.known("pulse", window, scope.values("account"))
    minutes = []
    for n in range(MINUTES):
        at = window.since + MINUTE * n
        if hour_of(at) in known and (at in rows or at < final):
            requests, errors = rows[at][:2] if at in rows else (0, 0)
            minutes.append(Minute(at, requests, errors, at >= final))
        else:
            minutes.append(Minute(at))
    hits, tokens_in, tokens_out = view.total.values[2:]
    is_sampled = bool(views.sampled("pulse", window, scope.values("account")))
    return Pulse(tuple(minutes), newest, hits, tokens_in, tokens_out, is_sampled)


def _newest(snapshot: Snapshot, until: datetime, pairs: Pairs) -> datetime | None:
    accounts = tuple(pair for pair in pairs if pair[0] == "account")
    day = Window(hour_of(until - DAY), until)
    rows = snapshot.views.view(Query("pulse", day, ("minute",), ("requests",), accounts, ("-minute",), limit=1)).rows
    return rows[0].key[0] if rows else None


def _final(snapshot: Snapshot, newest: datetime | None) -> datetime:
    """Before it minutes hardly grow any more, and one without a row had no requests.

    What is older than the delay is final once a newer minute is known. Where none is, nothing may have happened since,
    or nothing was told: then it is final when even the oldest answer that is not called stale must have held it.
    """
    chosen = snapshot.scope.values("account")
    ages = [one.as_of for one in snapshot.accounts if one.as_of and (not chosen or one.id in chosen)]
    told = minute_of((min(ages) if ages else snapshot.now - STALE_AFTER) - PULSE_DELAY)
    if newest is None:
        return told
    return max(told, min(minute_of((min(ages) if ages else snapshot.now) - PULSE_DELAY), newest + MINUTE))
