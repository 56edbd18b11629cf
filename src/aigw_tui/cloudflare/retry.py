"""When a failed exchange is tried again: three times, with full jitter, within one deadline."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aigw_tui.errors import TransientError
from aigw_tui.model import Clock

Result = TypeVar("Result")

TRIES = 3
FIRST_S, LONGEST_S = 0.5, 8.0
TOTAL_S = 30.0


class Deadline:
    """A point on the monotonic clock that several exchanges share."""

    def __init__(self, clock: Clock, seconds: float = TOTAL_S) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds

    @property
    def left_s(self) -> float:
        return max(0.0, self._end - self._clock.monotonic())


async def insist(act: Callable[[], Awaitable[Result]], clock: Clock, deadline: Deadline) -> Result:
    """The result of `act`, tried again after TransientError as long as the deadline leaves room for the wait."""
    import stamina  # 28 ms, like httpx not before the first request

    logging.getLogger("stamina").setLevel(logging.ERROR)  # its warnings would be written over the screen
    tries, wait_s = 0, 0.0

    def is_worth_it(error: Exception) -> bool | float:
        nonlocal wait_s
        if not isinstance(error, TransientError):
            return False
        longest_s = min(LONGEST_S, FIRST_S * 2 ** (tries - 1))
        wait_s = random.uniform(0, longest_s) if error.retry_after_s is None else error.retry_after_s  # noqa: S311
        return 0.0 if wait_s < deadline.left_s else False

    async for attempt in stamina.retry_context(on=is_worth_it, attempts=TRIES, timeout=None):
        await clock.sleep(wait_s)  # stamina counts, our clock waits: a test bends it
        tries += 1
        with attempt:
            return await act()
    raise AssertionError("stamina reraises the last failure")
