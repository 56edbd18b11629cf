"""Prices as Cloudflare says them, asked for once a day; without them the shipped ones hold, which is no fault."""

from __future__ import annotations

import json
import logging
import math
from contextlib import suppress
from datetime import timedelta

from aigw_tui.errors import AigwError, LocalError
from aigw_tui.history import Shelf
from aigw_tui.insight.prices import prefer
from aigw_tui.model import Clock, Price
from aigw_tui.source import Source

log = logging.getLogger(__name__)

A_DAY_S = 86_400.0
AGAIN_S = 3_600.0
"""After a refusal."""


NAME = "prices"


class Pricing:
    """Prices are the same for every account, so one that answers is enough; a day of them outlives the process."""

    def __init__(self, source: Source, clock: Clock, shelf: Shelf) -> None:
        self._source, self._clock, self._shelf = source, clock, shelf
        self._due_s: float | None = None

    async def refresh(self, account: str) -> None:
        """Ask when the day is over (or the hour, after a refusal)."""
        now_s = self._clock.monotonic()
        if self._due_s is None:
            self._due_s = now_s + self._from_shelf()
        if now_s < self._due_s:
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
                text = {model: (price.tokens_in, price.tokens_out) for model, price in found.items()}
                with suppress(LocalError):
                    self._shelf.put(NAME, json.dumps(text), self._clock.now())

    def _from_shelf(self) -> float:
        """Take the prices that were asked for less than a day ago; the seconds for which they hold, 0 for none."""
        try:
            found = self._shelf.get(NAME)
            said = json.loads(found[0]) if found else {}
            prices = {str(model): Price(*map(_neurons, pair)) for model, pair in said.items()}
        except (LocalError, ValueError, TypeError, AttributeError, RecursionError):
            return 0.0
        if found is None or not timedelta(0) <= (age := self._clock.now() - found[1]) < timedelta(seconds=A_DAY_S):
            return 0.0
        prefer(prices)
        return A_DAY_S - age.total_seconds()


def _neurons(value: float | None) -> float | None:
    """Raises ValueError or TypeError for what is no price."""
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise ValueError("no price")
    return value
