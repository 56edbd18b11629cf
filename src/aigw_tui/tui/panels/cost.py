"""² Cost: what is owed for the window, against its limit or hour by hour; list prices only in parentheses."""

from __future__ import annotations

from dataclasses import replace

from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.insight.worst import quota_of
from aigw_tui.model import Query, Quota, Sheet, Snapshot
from aigw_tui.tui.costlines import Seen, drawing, listed, named, rows
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target
from aigw_tui.tui.series import NOTHING, Series
from aigw_tui.tui.seriessheet import series_sheet
from aigw_tui.tui.spending import heading_of, spent_by_time, sum_of
from aigw_tui.tui.words import nothing

ZOOMED_FROM = 9
"""Rows from which there is room for the hours and the providers."""
CENTS = 2
LEAST_USD = 0.001


class Cost(Panel):
    """What is owed."""

    TITLE = "Cost"
    KEY = "2"
    NEEDS = ("requests", "neurons")
    HELP = (
        "What is owed: the cost of all providers but Workers AI, and neurons above the allowance on a paid plan. "
        "Workers AI's own cost is a list price inside the free allowance: it stands in parentheses and is never added. "
        "With a limit per day (cost_limit_day) the gauge judges it; without one the bars show each hour. Zoomed it "
        "lists the providers; {row.narrow} narrows to one."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        seen = look_at(scene.snapshot, has_room=area.height >= ZOOMED_FROM)
        return replace(seen, listed=listed(seen.providers, rows(seen, area.height)))

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(name, (("provider", name),)) for name in named(seen))

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        seen = look_at(scene.snapshot, has_room=True)
        return series_sheet(self.TITLE, ("list_usd" if seen.is_list_price else "owed_usd",), seen.hours or NOTHING)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        return drawing(seen, area)


def look_at(snapshot: Snapshot, has_room: bool = False) -> Seen:
    """The scope's money; `has_room` adds what only a zoomed panel shows."""
    scope, views = snapshot.scope, snapshot.views
    period = scope.current_period.name
    if not is_covered(scope, "requests"):
        return Seen(period, empty="cost is not known by status")
    pairs = where(views, scope, "requests")
    models = views.view(Query("requests", snapshot.window, ("provider", "model"), ("cost_usd",), pairs)).rows
    hours = spent_by_time(snapshot, pairs)
    if not models:
        return Seen(period, empty=nothing(snapshot, hours.is_known))
    is_today = scope.current_period.days == 1
    quotas = _quotas(snapshot) if is_today and not [name for name, _ in pairs if name != "account"] else ()
    owed = [row for row in models if not burns_neurons(*row.key)]
    if not owed and not sum_of([quota.used for quota in quotas]):
        listed = spent_by_time(snapshot, pairs, is_owed=False) if has_room else None
        unpriced = sum(1 for row in models if row.unknown)
        return _list_price(snapshot, period, sum_of([row.values[0] for row in models]), unpriced, listed)
    limits = [quota.limit for quota in quotas]
    heading = heading_of(snapshot, pairs, quotas) if is_today else None
    spent = sum_of([quota.used for quota in quotas]) if quotas else sum_of([row.values[0] for row in owed])
    limit = limits[0] if len(limits) == 1 else None
    return Seen(
        period=period,
        spent=spent,
        is_sampled=is_sampled(views, scope, snapshot.window),
        limit=limit,
        low=_cents(heading.low) if heading else None,
        likely=_cents(heading.likely) if heading else None,
        high=_cents(heading.high) if heading else None,
        a_day=_a_day(hours, spent),
        unpriced=sum(1 for row in owed if row.unknown),
        hours=hours if has_room or not limit else None,
        providers=_providers([(row.key[0], row.values[0]) for row in owed]) if has_room else (),
    )


def _cents(usd: float) -> float:
    """In whole cents, so that it moves seldom; less than half of one stays more than nothing."""
    return round(usd, CENTS) or min(usd, LEAST_USD)


def _list_price(snapshot: Snapshot, period: str, price: float | None, unpriced: int, hours: Series | None) -> Seen:
    quota = quota_of(snapshot, "neurons")
    share = quota.share if quota else None
    return Seen(
        period,
        price,
        is_sampled=is_sampled(snapshot.views, snapshot.scope, snapshot.window),
        is_list_price=True,
        allowance=quota.limit if quota else None,
        is_used_up=share is not None and share >= 1.0,
        unpriced=unpriced,
        hours=hours,
    )


def _quotas(snapshot: Snapshot) -> tuple[Quota, ...]:
    accounts = snapshot.scope.values("account")
    return tuple(q for q in snapshot.quotas if q.name == "cost_day" and (not accounts or q.account in accounts))


def _a_day(hours: Series, spent: float | None) -> float | None:
    """The average over the days that are known, today as a whole one."""
    days = sum(1 for day in hours.moments if day.state in ("settled", "filling"))
    return spent / days if hours.unit == "day" and days and spent is not None else None


def _providers(costs: list[tuple[str, float | None]]) -> tuple[tuple[str, float | None], ...]:
    """Dearest first."""
    names = dict.fromkeys(name for name, _ in costs)
    sums = [(name, sum_of([cost for other, cost in costs if other == name])) for name in names]
    return tuple(sorted(sums, key=lambda one: -(one[1] or 0.0)))
