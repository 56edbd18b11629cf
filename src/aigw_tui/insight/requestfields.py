"""The fields of a request's log under the names that CSV, JSON and the clipboard have them by."""

from __future__ import annotations

from aigw_tui.format import iso
from aigw_tui.model import LogRow

FIELDS = (
    *("time", "account", "gateway", "id", "provider", "model", "status", "success", "cached"),
    *("tokens_in", "tokens_out", "cost_usd", "duration_ms", "metadata"),
)
"""In this order."""


def fields_of(row: LogRow) -> dict[str, object]:
    """As JSON has it: None is unknown, metadata an object."""
    values = (iso(row.at), row.account, row.gateway, row.id, row.provider or None, row.model or None, row.status)
    more = (row.succeeded, row.cached, row.tokens_in, row.tokens_out, row.cost_usd, row.duration_ms)
    return dict(zip(FIELDS, (*values, *more, dict(row.metadata)), strict=True))
