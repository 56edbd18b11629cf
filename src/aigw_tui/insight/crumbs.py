"""Whose figures a scope shows, and of when, from wide to narrow."""

from __future__ import annotations

from aigw_tui.format import model_name
from aigw_tui.model import Snapshot


def crumbs(snapshot: Snapshot) -> tuple[str, ...]:
    """Account › gateway › provider › model › period; what is not narrowed is `all …`, or left out below a gap."""
    scope = snapshot.scope
    labels = dict(snapshot.labels)
    accounts = list(labels.values())
    account = accounts[0] if len(accounts) == 1 else f"{len(accounts)} accounts" if accounts else "no account"
    parts = [account, ", ".join(scope.values("gateway")) or "all gateways"]
    parts += [", ".join(values) for name in ("provider", "status") if (values := scope.values(name))]
    parts += [", ".join(model_name(value) for value in scope.values("model"))] if scope.values("model") else []
    parts += [f"/{scope.pattern}"] if scope.pattern else []
    return (*parts, scope.current_period.name)
