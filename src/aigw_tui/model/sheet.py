"""What a panel shows, as a table of values: what `e` writes into a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aigw_tui.model.scope import Scope

Cell = str | int | float | datetime | None
"""None is unknown."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows in the order of the screen, also those that are scrolled away; every row has a cell for each column."""

    panel: str
    columns: tuple[str, ...]
    """With the unit in the name where it is not a count: `cost_usd`, `latency_ms`."""
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """A sheet, and what it is of."""

    sheet: Sheet
    scope: Scope
    taken_at: datetime
