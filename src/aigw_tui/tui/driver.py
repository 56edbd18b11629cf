"""Textual's driver for Unix, without what makes it fail, and with ASCII alone where the terminal knows no more."""

from __future__ import annotations

import os
import selectors
import sys
from types import SimpleNamespace
from typing import Any

from rich.cells import cell_len
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from aigw_tui.transliterate import transliterate
from aigw_tui.tui.looks import ORDINARY


class MouseByCell(XTermParser):
    """Terminals that report a pixel size of 0 would divide by it (Textual #6706); cells are all that we need."""

    def parse_mouse_code(self, code: str) -> Message | None:
        self.mouse_pixels = False
        return super().parse_mouse_code(code)


class Waiting(selectors.SelectSelector):
    """Waits for keys, or for a byte in the pipe `leaving`; does not wait at all when there are no keys to wait for."""

    def __init__(self, leaving: int) -> None:
        super().__init__()
        self._leaving = leaving
        self.register(leaving, selectors.EVENT_READ)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        has_keys = len(self.get_map()) > 1
        return [(key, mask) for key, mask in super().select(timeout if has_keys else 0) if key.fd != self._leaving]


class Driver(linux_driver.LinuxDriver):
    """Stopped by whatever signal, it comes back with one reader of keys, and remembers how the terminal was before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Textual draws on standard error: `2>log` would leave an empty terminal, a stray line spoil the screen.
        self._file = sys.__stdout__ or self._file
        self._leaving, self._leave = os.pipe()
        self.is_ascii = getattr(self._app, "looks", ORDINARY).is_ascii

    def write(self, data: str) -> None:
        super().write(transliterate(data, cell_len) if self.is_ascii else data)

    def start_application_mode(self) -> None:
        if glass := getattr(self._app, "glass", None):
            glass.forget()  # also when it comes back from the shell
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def turn_mouse(self, is_on: bool) -> None:
        """Ask the terminal for the mouse, or leave it to the terminal, which then selects text with it."""
        if is_on:
            self._mouse = True
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()
            self._mouse = False

    def disable_input(self) -> None:
        # Textual lets its reader of keys time out, twice 0.1 s; a byte wakes it, so that quitting takes 50 ms, not 230.
        os.write(self._leave, b".")
        super().disable_input()
        os.read(self._leaving, 1)

    def _enable_mouse_pixels(self) -> None:
        """Never."""

    def _sigcont_application(self, *_: object) -> None:
        # After SIGSTOP nothing was suspended. A second start would leave two readers, and raw mode at the end.
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()

    def _run_input_thread(self) -> None:
        linux_driver.XTermParser = MouseByCell  # type: ignore[attr-defined]  # the thread makes its parser by this name
        wait = SimpleNamespace(SelectSelector=lambda: Waiting(self._leaving), EVENT_READ=selectors.EVENT_READ)
        linux_driver.selectors = wait  # type: ignore[attr-defined, assignment]  # and its selector
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - Textual's own prints a traceback
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001
