"""Running without a screen until somebody ends it: SIGTERM is a clean end, SIGINT an interruption."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import FrameType
from typing import Any

JOIN_S = 0.1
"""How long a thread may take to end by itself; a lookup of a name, or a command for a token, may take long."""


class Threads(ThreadPoolExecutor):
    """The loop's threads, which nobody waits for at the end."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        super().shutdown(wait=False, cancel_futures=True)

    @property
    def are_busy(self) -> bool:
        for thread in self._threads:
            thread.join(JOIN_S)
        return any(thread.is_alive() for thread in self._threads)


class Ending:
    """Hears both signals from the moment it is made, whatever the program does then.

    `others`: signals that interrupt it, too, unless whoever started it wants them ignored, as nohup does.
    """

    def __init__(self, *others: signal.Signals) -> None:
        self.number: signal.Signals | None = None
        """What ended it; None: nothing yet."""
        self._loop = asyncio.new_event_loop()
        self._threads = Threads(thread_name_prefix="aigw")
        self._loop.set_default_executor(self._threads)
        self._task: asyncio.Task[int] | None = None
        heard = (one for one in others if signal.getsignal(one) is not signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGINT, *heard):
            signal.signal(number, self._hear)

    def run(self, act: Coroutine[Any, Any, int]) -> int:
        """The coroutine's exit code; after SIGTERM, which cancels it, 0, and after another signal 128 + its number."""
        self._task = self._loop.create_task(act)
        if self.number is not None:
            self._loop.call_soon(self._task.cancel)  # after its first step: what never began cleans up nothing
        try:
            with suppress(asyncio.CancelledError):
                return self._loop.run_until_complete(self._task)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
        return 128 + self.number if self.number and self.number is not signal.SIGTERM else 0

    def leave(self, code: int) -> int:
        """That code; at once where a thread still works, which Python would wait for."""
        if self._threads.are_busy:
            logging.shutdown()
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError, AttributeError):
                    stream.flush()
            os._exit(code)
        return code

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        """Cancels once; a second signal changes nothing, because closing is under way."""
        if self.number is None:
            self.number = signal.Signals(number)
            if self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
