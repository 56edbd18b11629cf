"""What a UTC month costs, and where it is heading: what was owed day by day, and what days of a kind usually owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from aigw_tui.insight.billable import billable
from aigw_tui.insight.pace import FEWEST_DAYS, MAD_TO_SIGMA, MOST_DAYS, SATURDAY, WIDE
from aigw_tui.insight.tabulate import month_of
from aigw_tui.model import DAY, Pace, Quota, Views, Window, day_of

if TYPE_CHECKING:
    from aigw_tui.insight.quotas import Allowance

LEVEL = 0.1
"""Share by which a whole month's level may drift; days vary against each other, their level does not."""


def next_month(moment: datetime) -> datetime:
    return month_of(month_of(moment) + DAY * 31)


def cost_month(views: Views, account: str, allowance: Allowance, today: Quota, now: datetime) -> Quota:
    """USD since the first of the month; unknown while a day of it was never read. `today`: the quota `cost_day`."""
    day, start, end = day_of(now), month_of(now), next_month(now)
    since = min(start, day - DAY * MOST_DAYS)
    owed = billable(views, account, allowance, Window(since, day))
    passed = [start + DAY * n for n in range((day - start) // DAY)]
    is_known = all(owed.get(one) is not None for one in passed) and (bool(passed) or today.used is not None)
    if not is_known:
        return Quota("cost_month", "USD", None, allowance.cost_month, resets_at=end, account=account)
    days = {one: cost for one, cost in owed.items() if cost is not None}
    used = sum(days[one] for one in passed) + (today.used or 0.0)
    found = _pace(days, passed, today, used, now, allowance.cost_month)
    return Quota("cost_month", "USD", used, allowance.cost_month, None, end, found, account)


def _pace(
    days: Mapping[datetime, float],
    passed: Sequence[datetime],
    today: Quota,
    used: float,
    now: datetime,
    limit: float | None,
) -> Pace:
    """By the day: the rest of today as its own pace has it, then days like those of the last weeks."""
    day = day_of(now)
    spent = today.used or 0.0
    rest = (today.pace.low - spent, today.pace.likely - spent, today.pace.high - spent) if today.pace else (0.0,) * 3
    ahead = [day + DAY * n for n in range(1, (next_month(now) - day) // DAY)]
    history = [(one, cost) for one, cost in days.items() if one >= day - DAY * MOST_DAYS]
    if len(history) >= FEWEST_DAYS:
        steps = [_typical(history, one) for one in ahead]
        likely = sum(step[0] for step in steps)
        spread = sum(step[1] ** 2 for step in steps) ** 0.5 + LEVEL * likely
        ends = (max(likely - spread, 0.0), likely + spread)
        expected = [step[0] for step in steps]
    else:
        rate = used / max((now - (passed[0] if passed else day)) / DAY, 0.25)
        likely = rate * len(ahead)
        ends = (likely * WIDE[0], likely * WIDE[1])
        expected = [rate] * len(ahead)
    low, high = used + max(rest[0], 0.0) + ends[0], used + max(rest[2], 0.0) + ends[1]
    middle = used + max(rest[1], 0.0) + likely
    coming = ((day, max(rest[1], 0.0)), *zip(ahead, expected, strict=True))
    return Pace(
        coming,
        min(low, middle),
        middle,
        max(high, middle),
        _runs_out(coming, used, limit, low, high),
        _ran_out({**{one: days[one] for one in passed}, day: spent}, limit),
        len(history),
    )


def _typical(history: Sequence[tuple[datetime, float]], day: datetime) -> tuple[float, float]:
    """Median of the same kind of day, weekday or weekend, and one robust standard deviation."""
    is_weekend = day.weekday() >= SATURDAY
    alike = [cost for one, cost in history if (one.weekday() >= SATURDAY) == is_weekend]
    costs = alike if len(alike) >= FEWEST_DAYS else [cost for _, cost in history]
    middle = median(costs)
    return middle, MAD_TO_SIGMA * median(abs(cost - middle) for cost in costs)


def _runs_out(
    coming: Sequence[tuple[datetime, float]], used: float, limit: float | None, low: float, high: float
) -> tuple[datetime, datetime | None] | None:
    if limit is None or used >= limit or high < limit:
        return None
    first = _crossing(coming, limit - used, high - used)
    return (first, _crossing(coming, limit - used, low - used)) if low >= limit else (first, None)


def _crossing(coming: Sequence[tuple[datetime, float]], needed: float, total: float) -> datetime:
    """The day on which these amounts, scaled to add up to `total`, reach `needed`."""
    whole = sum(amount for _, amount in coming)
    for day, amount in coming:
        needed -= amount * total / whole if whole > 0 else total / len(coming)
        if needed <= 0:
            return day
    return coming[-1][0]


def _ran_out(days: Mapping[datetime, float], limit: float | None) -> datetime | None:
    total = 0.0
    for day, cost in sorted(days.items()) if limit is not None else ():
        total += cost
        if limit is not None and cost > 0 and total >= limit:
            return day
    return None
