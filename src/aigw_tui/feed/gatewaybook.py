"""Gateways with their settings, which change seldom, and cost requests of their own."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from aigw_tui.errors import AigwError
from aigw_tui.model import Gateway
from aigw_tui.source import Source

log = logging.getLogger(__name__)

LOOKED_UP_EVERY = timedelta(minutes=10)


class GatewayBook:
    """Asks for an account's gateways when somebody wants them; a refusal is logged, and tried again as seldom."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[str, tuple[datetime, tuple[Gateway, ...]]] = {}
        self._refusals: dict[str, AigwError] = {}

    async def of(self, account: str, now: datetime) -> tuple[Gateway, ...]:
        """As they were at most ten minutes ago; none while they were never told."""
        known = self._known.get(account)
        if known and is_young(known[0], now):
            return known[1]
        try:
            found = await self._source.gateways(account)
            self._refusals.pop(account, None)
        except AigwError as error:
            log.info("no gateways: %s", error)
            self._refusals[account] = error
            found = known[1] if known else ()
        self._known[account] = now, found
        return found

    def refusal(self, account: str) -> AigwError | None:
        """Why they could not be told the last time; None: they could, or were not asked for."""
        return self._refusals.get(account)

    @property
    def is_begun(self) -> bool:
        """Whether anything was looked up yet."""
        return bool(self._known)

    @property
    def all(self) -> tuple[tuple[str, tuple[Gateway, ...]], ...]:
        """(account, its gateways) of those that have any."""
        return tuple((account, found) for account, (_, found) in self._known.items() if found)


def is_young(at: datetime, now: datetime) -> bool:
    """Whether what was looked up then need not be looked up again."""
    return timedelta(0) <= now - at < LOOKED_UP_EVERY
