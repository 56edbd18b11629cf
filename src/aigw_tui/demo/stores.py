"""The gateways' log stores: how many rows each holds, and until when it takes new ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from aigw_tui.demo.account import Account
from aigw_tui.demo.catalogue import GATEWAYS
from aigw_tui.demo.limits import Limits

LOG_LIMIT = 100_000
"""Rows."""
FULL_BEFORE_STORY = timedelta(hours=6)
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Store:
    gateway: str
    seconds_a_row: int
    full_at: float = NEVER
    """Epoch seconds."""

    def rows(self, at: int) -> int:
        """A full store stays so; the others grow evenly and start anew when they are full."""
        if self.full_at == NEVER:
            return at // self.seconds_a_row % LOG_LIMIT
        return LOG_LIMIT - int(max(self.full_at - at, 0)) // self.seconds_a_row


def stores(account: Account, limits: Limits) -> Iterator[Store]:
    """Of the gateways that collect logs."""
    midnight = datetime.combine(account.story, time(), UTC)
    full_at = (midnight - FULL_BEFORE_STORY).timestamp()
    for place, gateway in enumerate(GATEWAYS):
        if gateway.name not in limits.unlogged:
            yield Store(gateway.name, 70 + 60 * place, full_at if gateway.name in limits.full_logs else NEVER)
