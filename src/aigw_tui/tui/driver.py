"""Textual's driver for Unix, without what makes it fail: mice by the pixel, and a SIGCONT that no SIGTSTP preceded."""

from __future__ import annotations

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message


class MouseByCell(XTermParser):
    """Terminals that report a pixel size of 0 would divide by it (Textual #6706); cells are all that we need."""

    def parse_mouse_code(self, code: str) -> Message | None:
        self.mouse_pixels = False
        return super().parse_mouse_code(code)


class Driver(linux_driver.LinuxDriver):
    """Stopped by whatever signal, it comes back with one reader of keys, and remembers how the terminal was before."""

    def _enable_mouse_pixels(self) -> None:
        """Never."""

    def _sigcont_application(self, *_: object) -> None:
        # After SIGSTOP nothing was suspended. A second start would leave two readers, and raw mode at the end.
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()

    def _run_input_thread(self) -> None:
        linux_driver.XTermParser = MouseByCell  # type: ignore[attr-defined]  # the thread makes its parser by this name
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - Textual's own prints a traceback
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001
