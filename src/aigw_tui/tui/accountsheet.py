"""Accounts as a table of values."""

from __future__ import annotations

from collections.abc import Iterable

from aigw_tui.insight.standing import Standing
from aigw_tui.insight.verdict import judge
from aigw_tui.model import Cell, Sheet

COLUMNS = (
    "account",
    "label",
    "state",
    "answered_at",
    "neurons",
    "neurons_estimated",
    "neurons_limit",
    "used_share",
    "used_share_estimated",
    "verdict",
    "requests",
    "errors",
    "error_rate",
    "cache_hits",
    "hit_rate",
    "cost_usd",
)
"""`neurons_estimated` are not measured yet: beside the measured ones, and inside a share that is estimated."""


def account_sheet(panel: str, standings: Iterable[Standing]) -> Sheet:
    """Of the UTC day. `answered_at` is only known where the figures are old; shares and rates are of 1."""
    return Sheet(panel, COLUMNS, tuple(_cells(one) for one in standings))


def _cells(one: Standing) -> tuple[Cell, ...]:
    quota = one.quota
    return (
        one.account.id,
        one.account.label,
        one.account.state.value,
        one.account.as_of,
        one.neurons,
        quota.nowcast if quota else None,
        quota.limit if quota else None,
        *((None, one.share) if quota and quota.nowcast else (one.share, None)),
        judge(quota).texts[0] if quota else None,
        one.requests,
        one.errors,
        one.error_rate,
        one.cache_hits,
        one.hit_rate,
        one.cost_usd,
    )
