"""Limits that gateways set themselves (spending, requests, stored logs), and the one of our own calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from aigw_tui.insight.bypass import LIMITED
from aigw_tui.insight.logstorage import judge
from aigw_tui.model import HOUR, Budget, Gateway, Query, Quota, Snapshot, Views, Window, day_of, hour_of

BUDGET_WINDOW = timedelta(minutes=5)
TOO_MANY = "429"


def gateway_quotas(snapshot: Snapshot) -> tuple[Quota, ...]:
    """`spend`, `rate_limit` and `logs` of every gateway whose settings the snapshot has."""
    rows = {
        (answer.account, str(gateway)): count
        for answer in snapshot.answers("storage", "gateway")
        for gateway, count in answer.rows
    }
    found: list[Quota] = []
    for account, gateways in snapshot.gateways:
        for gateway in gateways:
            found += _spending(snapshot, account, gateway)
            found += _requests(snapshot, account, gateway)
            found += _logs(account, gateway, rows.get((account, gateway.id)))
    return tuple(found)


def budget_quota(budget: Budget) -> Quota:
    """`api`: our own GraphQL queries of the last five minutes."""
    note = "ours in 5 minutes; those of other programs are unknown"
    return Quota("api", "requests", float(budget.used), float(budget.limit), window=BUDGET_WINDOW, note=note)


def _spending(snapshot: Snapshot, account: str, gateway: Gateway) -> Iterator[Quota]:
    """Estimated (~) for rules of the whole gateway over an hour or more; Cloudflare tells its own count nowhere."""
    for rule in gateway.spend_limits:
        window = timedelta(seconds=rule.window_s)
        used, note = None, "not estimated: "
        if rule.model or rule.provider:
            note += "it counts one model or provider"
        elif window < HOUR:
            note += "shorter than an hour"
        else:
            used, note = _spent(snapshot, account, gateway, window), "requests beyond it are refused"
        yield Quota(
            "spend", "USD", used, rule.limit_usd, account=account, gateway=gateway.id, window=window, note=note,
            is_estimate=used is not None,
        )  # fmt: skip


def _spent(snapshot: Snapshot, account: str, gateway: Gateway, length: timedelta) -> float | None:
    """List price of the last `length`; of the hour that it begins in, a part. None where an hour of it is unknown."""
    since = snapshot.now - length
    window = Window(hour_of(since), snapshot.now)
    if any(hour not in snapshot.views.known("requests", window, (account,)) for hour in window.hours):
        return None
    pairs = (("account", (account,)), ("gateway", (gateway.id,)))
    hourly = Query("requests", window, ("hour",), ("cost_usd",), pairs)
    total = 0.0
    for (hour,), (cost,), unknown, _ in snapshot.views.view(hourly).rows:
        if cost is None and unknown:
            return None
        total += (cost or 0.0) * min((hour + HOUR - since) / HOUR, 1.0)
    return total


def _requests(snapshot: Snapshot, account: str, gateway: Gateway) -> Iterator[Quota]:
    """How much of it is used cannot be seen; what it turned away can."""
    if gateway.rate_limit and gateway.rate_interval_s:
        refused = _turned_away(snapshot.views, account, gateway.id, Window(day_of(snapshot.now), snapshot.now))
        counted = "what it turned away is not known" if refused is None else f"{refused or 'none'} turned away today"
        yield Quota(
            "rate_limit", "requests", None, float(gateway.rate_limit), account=account, gateway=gateway.id,
            window=timedelta(seconds=gateway.rate_interval_s), refused=refused, note=counted,
        )  # fmt: skip


def _turned_away(views: Views, account: str, gateway: str, window: Window) -> int | None:
    """By the mark of a rate limit; by status 429 where the account has none."""
    if not views.known("failures", window, (account,)):
        return None
    pairs = (("account", (account,)), ("gateway", (gateway,)))
    rows = views.view(Query("failures", window, ("rate_limited", "status"), ("requests",), pairs)).rows
    has_mark = any(row.key[0] for row in rows)
    return sum(
        int(row.values[0] or 0) for row in rows if (row.key[0] in LIMITED if has_mark else row.key[1] == TOO_MANY)
    )


def _logs(account: str, gateway: Gateway, rows: int | None) -> Iterator[Quota]:
    found = judge(gateway, rows)
    if found.limit is not None and gateway.collects_logs is not False:
        used = None if rows is None else float(rows)
        yield Quota("logs", "rows", used, float(found.limit), account=account, gateway=gateway.id, note=found.remark)
