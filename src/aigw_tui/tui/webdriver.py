"""Textual's driver for a browser, whose packets stay whole."""

from __future__ import annotations

import os
from threading import Lock
from typing import Any

from textual.drivers import web_driver


class WebDriver(web_driver.WebDriver):
    """It draws in one thread and delivers files in another, and a pipe takes only parts of a packet: two would mix."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn = Lock()
        self._write = self._write_whole  # type: ignore[assignment]

    def _write_whole(self, data: bytes) -> int:
        with self._turn:
            left = memoryview(data)
            while left:
                left = left[os.write(self.fileno, left) :]
        return len(data)
