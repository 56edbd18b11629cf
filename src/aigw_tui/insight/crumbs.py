"""Where one stands in words: what a scope is narrowed to, from wide to narrow."""

from __future__ import annotations

from typing import NamedTuple

from aigw_tui.format import NO_NAME, model_name
from aigw_tui.model import Snapshot

FILTER, PERIOD = "filter", "period"
ALL_GATEWAYS = "all gateways"


class Crumb(NamedTuple):
    """One word of it."""

    text: str
    field: str
    """Of the scope; or `filter`, `period`."""


def crumbs(snapshot: Snapshot) -> tuple[Crumb, ...]:
    """Account › gateway › provider › model › period; what is not narrowed is `all …`, or left out below a gap."""
    scope = snapshot.scope
    labels = dict(snapshot.labels)
    accounts = list(labels.values())
    account = accounts[0] if len(accounts) == 1 else f"{len(accounts)} accounts" if accounts else "no account"
    parts = [Crumb(account, "account"), Crumb(_together(scope.values("gateway")) or ALL_GATEWAYS, "gateway")]
    for name in ("provider", "status", "model"):
        words = ", ".join(map(model_name, scope.values(name))) if name == "model" else _together(scope.values(name))
        parts += [Crumb(words, name)] if words else []
    parts += [Crumb(f"/{scope.pattern}", FILTER)] if scope.pattern else []
    return (*parts, Crumb(scope.current_period.name, PERIOD))


def _together(names: tuple[str, ...]) -> str:
    return ", ".join(name or NO_NAME for name in names)
