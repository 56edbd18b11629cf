"""What was burned but is not counted yet (~): the gateways' tokens at their price, for the hours that neurons lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.insight import prices
from aigw_tui.insight.families import of_family
from aigw_tui.model import Query, Views, Window, day_of, hour_of

GATEWAY_DELAY = timedelta(minutes=5)
"""How far behind gateway rows are: 139–365 s, median 273 (measured once)."""
NEURON_DELAY = timedelta(minutes=40)
"""How far behind neurons are: nothing 37 minutes after the calls (measured once)."""

Hours = Mapping[datetime, float]
"""Start of an hour (UTC) → neurons."""


@dataclass(frozen=True, slots=True)
class Burned:
    """Neurons by the hour as they are known at a moment."""

    measured: Hours
    extra: Hours
    """An estimate of what was burned in an hour beyond what is measured; hours in which that is nothing are absent."""
    now: datetime
    measured_until: datetime
    """What lies behind it has not been measured yet."""

    @property
    def nowcast(self) -> float | None:
        """All of `extra`; None where nothing is estimated."""
        return sum(self.extra.values()) if self.extra else None

    @property
    def hours(self) -> Hours:
        """Measured and estimated together."""
        return {**self.measured, **{hour: self.measured.get(hour, 0.0) + more for hour, more in self.extra.items()}}

    @property
    def covered_until(self) -> datetime:
        """What lies behind it may have been burned, but is in neither."""
        return max(self.measured_until, self.now - GATEWAY_DELAY) if self.extra else self.measured_until


def burned(measured: Hours, estimated: Hours, now: datetime, measured_until: datetime | None = None) -> Burned:
    """What is known at `now`, given what was measured (default: all but the last 40 minutes) and what tokens said by
    then."""
    since = open_since(now, measured_until)
    ahead = {hour: value - measured.get(hour, 0.0) for hour, value in estimated.items() if since <= hour < now}
    extra = {hour: more for hour, more in ahead.items() if more > 0}
    return Burned(measured, extra, now, measured_until or now - NEURON_DELAY)


def open_since(now: datetime, measured_until: datetime | None = None) -> datetime:
    """The first hour of the UTC day that neurons may not have reached to its end."""
    return max(hour_of(measured_until or now - NEURON_DELAY), day_of(now))


def estimates(views: Views, account: str, window: Window) -> Hours:
    """Uncached tokens times price, by the hour; models without a price, and hours without any, are left out."""
    measures = ("uncached_tokens_in", "uncached_tokens_out")
    found: dict[datetime, float] = {}
    for pairs in of_family(views, (("account", (account,)),), burns=True):
        for (hour, model), tokens, *_ in views.view(Query("requests", window, ("hour", "model"), measures, pairs)).rows:
            if estimate := prices.neurons(model, *tokens):
                found[hour] = found.get(hour, 0.0) + estimate
    return found
