"""The clocks: the machine's own, and one that starts where it is told and may run faster."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

SHORTEST_SLEEP_S = 0.5
"""Real seconds that a fast clock's longer waits take at the least, so that speed never becomes a busy loop."""


class SystemClock:
    """The machine's wall clock and monotonic clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await _sleep(seconds)


class FastClock:
    """Time that starts at `start` and passes `speed` times as fast, in every respect."""

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._start, self._speed, self._began = start, speed, time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        await _sleep(max(seconds / self._speed, min(seconds, SHORTEST_SLEEP_S)))


async def _sleep(seconds: float) -> None:
    import asyncio  # late: it takes 14 ms, and who only wants to know the time need not wait for it

    await asyncio.sleep(seconds)
