"""Prices as Cloudflare says them, asked for once a day; without them the shipped ones hold, which is no fault."""

from __future__ import annotations

import logging

from aigw_tui.errors import AigwError
from aigw_tui.insight.prices import prefer
from aigw_tui.model import Clock
from aigw_tui.source import Source

log = logging.getLogger(__name__)

A_DAY_S = 86_400.0
AGAIN_S = 3_600.0
"""After a refusal."""


class Pricing:
    """Prices are the same for every account, so one that answers is enough."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self._source, self._clock = source, clock
        self._due_s: float | None = None

    async def refresh(self, account: str) -> None:
        """Ask when the day is over (or the hour, after a refusal)."""
        now_s = self._clock.monotonic()
        if self._due_s is not None and now_s < self._due_s:
            return
        try:
            found = await self._source.prices(account)
        except AigwError as error:
            log.info("no prices: %s", error)
            self._due_s = now_s + AGAIN_S
        else:
            self._due_s = now_s + A_DAY_S
            if found:
                prefer(found)
