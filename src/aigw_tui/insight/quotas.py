"""What is used of each limit, and whether it will last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.insight.families import of_family
from aigw_tui.insight.joined import plus
from aigw_tui.insight.monthly import cost_month
from aigw_tui.insight.nowcast import GATEWAY_DELAY, NEURON_DELAY, burned, estimates, open_since
from aigw_tui.insight.pace import MOST_DAYS, pace
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, HOUR, USD_PER_NEURON, Query, Quota, Trust, Views, Window, day_of, hour_of


@dataclass(frozen=True, slots=True)
class Allowance:
    """An account's limits."""

    neurons: float = 10_000
    """Free neurons a UTC day (documented)."""
    is_paid: bool = False
    """On a paid plan neurons above the allowance cost money; on a free one calls fail."""
    cost_day: float | None = None
    """USD a UTC day, set by the person; None: no limit."""
    cost_month: float | None = None
    """The same of a UTC month."""


def quotas(views: Views, account: str, allowance: Allowance, now: datetime) -> tuple[Quota, ...]:
    """`neurons`, `cost_day` and `requests` of today, `cost_month` of this month (UTC), for one account."""
    neurons = neuron_quota(views, account, allowance, now)
    cost = _cost(views, account, allowance, neurons, now)
    return neurons, cost, cost_month(views, account, allowance, cost, now), _requests(views, account, now)


def neuron_quota(views: Views, account: str, allowance: Allowance, now: datetime) -> Quota:
    """The one of `quotas` that runs out."""
    hours = _hourly(views, "neurons", "neurons", account, now)
    covered = covered_until(views, "neurons", (account,), now, NEURON_DELAY)
    known = burned(hours, estimates(views, account, Window(open_since(now, covered), now)), now, covered)
    used = _used(views, "neurons", hours, account, now)
    found = pace(known.hours, now, allowance.neurons, known.covered_until) if known.hours else None
    resets_at = day_of(now) + DAY
    return Quota("neurons", "neurons", used, allowance.neurons, known.nowcast, resets_at, found, account)


def covered_until(views: Views, dataset: str, accounts: tuple[str, ...], now: datetime, delay: timedelta) -> datetime:
    """Up to when what happened is counted: `delay` ago, or the end of a settled hour, which is later in a replay."""
    known = views.known(dataset, Window(day_of(now), now), accounts)
    settled = max((hour + HOUR for hour, trust in known.items() if trust is Trust.SETTLED), default=now - delay)
    return max(now - delay, min(settled, now))


def _cost(views: Views, account: str, allowance: Allowance, neurons: Quota, now: datetime) -> Quota:
    """Billable: what all models but those of Workers AI cost, plus neurons above the allowance on a paid plan."""
    owing = of_family(views, (("account", (account,)),), burns=False)
    hours = _hourly(views, "requests", "cost_usd", account, now, owing) if owing else {}
    over = max(0.0, (neurons.used or 0.0) - allowance.neurons) if allowance.is_paid else 0.0
    if over:
        hour = hour_of(now)
        hours = {**hours, hour: hours.get(hour, 0.0) + over * USD_PER_NEURON}
    used = _used(views, "requests", hours, account, now)
    covered = covered_until(views, "requests", (account,), now, GATEWAY_DELAY)
    found = pace(hours, now, allowance.cost_day, covered) if hours else None
    return Quota("cost_day", "USD", used, allowance.cost_day, None, day_of(now) + DAY, found, account)


def _requests(views: Views, account: str, now: datetime) -> Quota:
    hours = _hourly(views, "requests", "requests", account, now)
    used = _used(views, "requests", hours, account, now)
    covered = covered_until(views, "requests", (account,), now, GATEWAY_DELAY)
    found = pace(hours, now, None, covered) if hours else None
    return Quota("requests", "requests", used, None, None, day_of(now) + DAY, found, account)


def _used(views: Views, dataset: str, hours: Mapping[datetime, float], account: str, now: datetime) -> float | None:
    """Today's sum; a 0 in hours that all still fill is nothing yet, which is unknown; a day that begins has none."""
    day = day_of(now)
    if now == day and hours:
        return 0.0
    today = {hour: value for hour, value in hours.items() if hour >= day}
    known = views.known(dataset, Window(day, now), (account,))
    is_final = any(known.get(hour) is Trust.SETTLED for hour in today)
    return sum(today.values()) if is_final or any(today.values()) else None


def _hourly(
    views: Views,
    dataset: str,
    measure: str,
    account: str,
    now: datetime,
    wheres: tuple[Pairs, ...] = (),
) -> dict[datetime, float]:
    """Hour → the measure, for every known hour of the last days and today; `wheres`: filters that are added up.

    A known hour without rows is 0; one whose rows lack the measure is left out.
    """
    window = Window(day_of(now) - DAY * MOST_DAYS, now)
    known = views.known(dataset, window, (account,))
    found: dict[datetime, float | None] = {}
    for where in wheres or ((("account", (account,)),),):
        for row in views.view(Query(dataset, window, ("hour",), (measure,), where)).rows:
            found[row.key[0]] = plus(found.get(row.key[0]), row.values[0])
    values = {**dict.fromkeys(known, 0.0), **found}
    return {hour: float(value) for hour, value in values.items() if value is not None}
