"""Failures as a table of values."""

from __future__ import annotations

from collections.abc import Iterable

from aigw_tui.model import Cell, Sheet
from aigw_tui.tui.failurelines import Entry

COLUMNS = ("since", "kind", "status", "code", "provider", "model", "requests", "inferences", "trust")
"""Workers AI's own codes count inferences; they are often the same failures once more."""


def failure_sheet(panel: str, entries: Iterable[Entry]) -> Sheet:
    """A row an hour or day, status (or code) and model. The kind is `failed`, `rate-limited` or `code`."""
    return Sheet(panel, COLUMNS, tuple(_cells(one) for one in entries))


def _cells(one: Entry) -> tuple[Cell, ...]:
    trust = "filling" if one.is_filling else "settled"
    if one.is_code:
        return (one.since, "code", None, one.status, None, one.model, None, one.requests, trust)
    kind = "rate-limited" if one.is_limited else "failed"
    return (one.since, kind, one.status, None, one.provider, one.model, one.requests, None, trust)
