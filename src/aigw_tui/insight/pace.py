"""Where a running total is heading by 00:00 UTC, from today's hours and the same hours of the days before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aigw_tui.model import Pace


def pace(
    hours: Mapping[datetime, float], now: datetime, limit: float | None = None, covered_until: datetime | None = None
) -> Pace:
    """The pace of today's total.

    `hours` maps the start of every known hour, today's and earlier ones, to what was used in it. What lies behind
    `covered_until` (default: `now`) has not been counted yet although it has happened. Without a limit only the
    totals and `expected` are known.
    """
    raise NotImplementedError
