"""How a scope stands, in the few figures that a person asks for first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from aigw_tui.insight.crumbs import crumbs
from aigw_tui.insight.joined import Usage, plus, total, usage
from aigw_tui.insight.quality import Quality, quality
from aigw_tui.insight.verdict import judge
from aigw_tui.insight.worst import owner, quota_of
from aigw_tui.model import Alert, Quota, Scope, Snapshot, heard

MOST_MODELS = 3


@dataclass(frozen=True, slots=True)
class Money:
    """USD of the window. None is unknown."""

    owed: float | None = None
    listed: float | None = None
    """List price of Workers AI, never owed."""
    unpriced: int = 0
    """Models without a price, missing in what is owed."""
    quota: Quota | None = None
    """Of the day, with its limit and where it is heading; None: other windows, narrower scopes, several accounts."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands at the top of every screen, without a screen."""

    crumbs: tuple[str, ...]
    """Without the period."""
    is_part: bool
    """The scope is narrower than its accounts."""
    owner: str
    """Whose the neurons are, where there are several accounts."""
    neurons: Quota | None
    """Of the UTC day; of several accounts that of the one that is worst off."""
    role: str
    """What the neurons mean: `good`, `warn`, `bad` or `muted`."""
    usage: Usage
    """Of the window, all models together."""
    busiest: tuple[Usage, ...]
    """Models, the one with most requests first."""
    money: Money
    read: Quality
    """How much of the window's requests was read."""
    alerts: tuple[Alert, ...]
    """Those that fire and are not silenced."""


def summary_of(snapshot: Snapshot) -> Summary:
    """Of what history holds for the snapshot's scope."""
    scope, views, window = snapshot.scope, snapshot.views, snapshot.window
    uses = usage(views, scope, window)
    together = total(uses)
    neurons = quota_of(snapshot, "neurons")
    by_requests = sorted((use for use in uses if use.requests), key=lambda use: -(use.requests or 0))
    return Summary(
        tuple(crumb.text for crumb in crumbs(snapshot)[:-1]),
        _is_part(scope),
        owner(snapshot, neurons),
        neurons,
        judge(neurons).role,
        together,
        tuple(by_requests[:MOST_MODELS]),
        _money(snapshot, together),
        quality(views, "requests", window, [account for account, _ in snapshot.labels], snapshot.now),
        heard(snapshot.alerts),
    )


def _is_part(scope: Scope) -> bool:
    return bool(scope.pattern) or any(name != "account" for name, _ in scope.where)


def _money(snapshot: Snapshot, together: Usage) -> Money:
    """Of a whole account's day what its quota says, because that counts neurons above the allowance of a paid plan."""
    owed, accounts = together.owed_usd, {account for account, _ in snapshot.labels}
    days = [quota for quota in snapshot.quotas if quota.name == "cost_day" and quota.account in accounts]
    if snapshot.scope.current_period.days != 1 or _is_part(snapshot.scope) or not days:
        return Money(owed, together.listed_usd, together.unpriced)
    spent = reduce(plus, (quota.used for quota in days), None)
    quota = days[0] if len(days) == 1 else None
    return Money(owed if spent is None else spent, together.listed_usd, together.unpriced, quota)
