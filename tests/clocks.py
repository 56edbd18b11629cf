"""A clock that a test moves by hand."""

from __future__ import annotations

import asyncio
import heapq
from datetime import datetime, timedelta


class HandClock:
    """Time stands still until `advance`; sleepers wake when their moment has come."""

    def __init__(self, start: datetime) -> None:
        self._now, self._passed = start, 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return await asyncio.sleep(0)
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self._passed + seconds, id(woken), woken))
        await woken.wait()
        return None

    @property
    def has_sleepers(self) -> bool:
        """Whether somebody waits: then there is nothing left to do at this moment."""
        return bool(self._sleepers)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._passed += seconds
        while self._sleepers and self._sleepers[0][0] <= self._passed:
            heapq.heappop(self._sleepers)[2].set()
