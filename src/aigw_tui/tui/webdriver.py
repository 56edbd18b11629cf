"""Textual's driver for a browser: whole packets, a mouse that can be turned off, and ASCII alone where asked for."""

from __future__ import annotations

import os
from threading import Lock
from typing import Any

from rich.cells import cell_len
from textual.drivers import web_driver

from aigw_tui.transliterate import transliterate
from aigw_tui.tui.looks import ORDINARY


class WebDriver(web_driver.WebDriver):
    """It draws in one thread and delivers files in another, and a pipe takes only parts of a packet: two would mix."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn = Lock()
        self._write = self._write_whole  # type: ignore[assignment]
        self.is_ascii = getattr(self._app, "looks", ORDINARY).is_ascii

    def write(self, data: str) -> None:
        super().write(transliterate(data, cell_len) if self.is_ascii else data)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # with the mouse, whatever was asked for
        if not self._mouse:
            self._disable_mouse_support()

    def turn_mouse(self, is_on: bool) -> None:
        """Ask the page for the mouse, or leave it to the page, in which it then selects text."""
        self._mouse = is_on
        if is_on:
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()

    def _write_whole(self, data: bytes) -> int:
        with self._turn:
            left = memoryview(data)
            while left:
                left = left[os.write(self.fileno, left) :]
        return len(data)
