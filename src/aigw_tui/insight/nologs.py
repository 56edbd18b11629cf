"""Why there are no request logs to show, and what a person does about it."""

from __future__ import annotations

from aigw_tui.format import clean, whole
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import MOST_ACCOUNTS, Gateway, Query, Snapshot

SWITCH_ON = "turn on Collect logs in the dashboard (AI, AI Gateway, the gateway's settings)"
NAMED = 3
"""Gateways that are named; of more the rest is counted."""


def unlogged(snapshot: Snapshot) -> tuple[Gateway, ...]:
    """The scope's gateways whose logging is switched off, as far as their settings are known."""
    return tuple(one for one in _gateways(snapshot) if one.collects_logs is False)


def no_logs(snapshot: Snapshot) -> str:
    """The first reason that fits: what is so, and behind a semicolon what to do."""
    scope, answers = snapshot.scope, snapshot.newest
    accounts = scope.values("account") or tuple(account for account, _ in snapshot.labels)
    if len(accounts) > MOST_ACCOUNTS:
        none = f"request logs of more than {MOST_ACCOUNTS} accounts are not read at once"
        return f"{none}; {{row.narrow}} in Accounts narrows"
    if not answers:
        return "request logs are being read; they come over REST, newest first"
    if refused := next((one for one in answers if one.why), None):
        return "; ".join(clean(text) for text in (refused.why, refused.remedy) if text)
    if scope.pattern:
        return f"no request log of a model that matches /{clean(scope.pattern)}; {{scope.back}} clears the filter"
    off, all_ = unlogged(snapshot), _gateways(snapshot)
    if off and len(off) == len(all_):
        return f"logging is off for {names(off)}; {SWITCH_ON}"
    if not all_ and not any(one.unread for one in answers):
        return "there is no gateway here, and so no request log; aigw-tui setup --create-gateway NAME makes one"
    period = scope.current_period.name
    if snapshot.logs_with:
        among = "the newest that are read at once" if any(one.is_cut for one in answers) else f"those of {period}"
        return f"no request log with {said(snapshot.logs_with)} among {among}; {{scope.back}} goes back"
    if counted := _counted(snapshot):
        none = f"no request log of this time ({period}), though {whole(counted)} requests were counted"
        return f"{none}; the panel Log coverage says why ({{app.palette}})"
    where_ = "in this selection" if scope.where else "through these gateways"
    return f"no request log {where_} in this time ({period}); {{scope.window}} looks further back"


def said(metadata: tuple[tuple[str, str], ...]) -> str:
    """`team: search`"""
    return ", ".join(f"{clean(key, 40)}: {clean(value, 40)}" for key, value in metadata)


def names(gateways: tuple[Gateway, ...]) -> str:
    """`prod, batch and 2 more`"""
    called = [clean(one.id) for one in gateways[:NAMED]]
    rest = [f"{len(gateways) - NAMED} more"] if len(gateways) > NAMED else []
    *first, last = [*called, *rest]
    return f"{', '.join(first)} and {last}" if first else last


def _gateways(snapshot: Snapshot) -> tuple[Gateway, ...]:
    """Those of the scope, with their settings."""
    accounts, allowed = snapshot.scope.values("account"), snapshot.scope.values("gateway")
    return tuple(
        gateway
        for account, found in snapshot.gateways
        if not accounts or account in accounts
        for gateway in found
        if not allowed or gateway.id in allowed
    )


def _counted(snapshot: Snapshot) -> int:
    """Requests that analytics has of this scope and time; 0 also where that is not known."""
    dataset = "requests" if is_covered(snapshot.scope, "requests") else "failures"
    query = Query(dataset, snapshot.window, (), ("requests",), where(snapshot.views, snapshot.scope, dataset))
    return int(snapshot.views.view(query).total.values[0] or 0)
