"""What every screen of ours shares: themes, signals, and an end without a traceback that leaves the terminal whole."""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, runtime_checkable

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import NoColor
from textual.screen import Screen

from aigw_tui.errors import ConfigError
from aigw_tui.tui.driver import Driver as OurDriver
from aigw_tui.tui.frame import Form
from aigw_tui.tui.glass import Glass, Written
from aigw_tui.tui.looks import ORDINARY, Looks
from aigw_tui.tui.nearest import Nearest256
from aigw_tui.tui.palette import Palette
from aigw_tui.tui.pen import Pen
from aigw_tui.tui.pressed import Keys
from aigw_tui.tui.terminal import WEB_DRIVER, Depth, has_gone, leave_at_once
from aigw_tui.tui.themes import stylesheet_roles

DARK = "house-dark"
ANSI_DARK, ANSI_LIGHT = "ansi-dark", "ansi-light"
SYSTEMS: dict[Depth, ColorSystem] = {
    "24-bit": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
    "none": ColorSystem.STANDARD,
}
JOIN_S = 0.05
LOOK_AROUND_S = 4.0
"""How often the terminal is checked for having gone."""


class Threads(ThreadPoolExecutor):
    """The loop's threads, which a person who quits does not wait for: a lookup of a name may take long."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="aigw")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        super().shutdown(wait=False, cancel_futures=True)

    @property
    def are_busy(self) -> bool:
        """Whether one still works a moment after the shutdown; Python would wait for it before it ends."""
        for thread in self._threads:
            thread.join(JOIN_S)
        return any(thread.is_alive() for thread in self._threads)


@runtime_checkable
class MouseSwitch(Protocol):
    """A driver that can leave the mouse to the terminal, or to the page; Textual's own for tests cannot."""

    def turn_mouse(self, is_on: bool) -> None: ...


class House(App[str]):
    """An app in our colours. `failure` holds what ended it, for the caller to report."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, looks: Looks = ORDINARY) -> None:
        super().__init__()
        self.looks = looks
        self.console._color_system = SYSTEMS[looks.depth]  # noqa: SLF001 - Textual makes its own console
        if looks.depth == "none":  # Textual's own choice for NO_COLOR sends shades of grey
            self._filters[:] = [NoColor()]
        elif looks.depth == "256":
            self._filters.append(Nearest256())
        for one in (*Palette.themes(), *(own.for_textual() for own in looks.own)):
            self.register_theme(one)
        if looks.theme and looks.theme not in self.available_themes:
            raise ConfigError(
                f"theme: there is no {looks.theme}", f"use one of {', '.join(sorted(self.available_themes))}"
            )
        self.theme = self._shown(looks.theme)
        self.set_keymap(looks.keymap)
        self.keys = Keys.of(looks.keymap)
        self.has_mouse = looks.has_mouse
        if not looks.has_animation:
            self.animation_level = "none"
        self.failure: Exception | None = None
        self.threads = Threads()
        self.glass = Glass()
        self._has_said_blur = False
        self._palettes: dict[tuple[str, bool], Palette] = {}

    @property
    def themes(self) -> list[str]:
        """Names of those that this terminal can show."""
        return sorted({self._shown(name) for name in self.available_themes})

    def _shown(self, theme: str) -> str:
        """The theme, or with sixteen colours the one that is made of them, dark or light as the other is."""
        if self.looks.depth != "16":
            return theme or DARK
        found = self.available_themes[theme or ANSI_DARK]
        return found.name if found.ansi else ANSI_DARK if found.dark else ANSI_LIGHT

    def get_driver_class(self) -> type[Driver]:
        """Ours where Textual would take its own for Unix or for a browser; not what else TEXTUAL_DRIVER names."""
        found = super().get_driver_class()
        if os.environ.get("TEXTUAL_DRIVER") == WEB_DRIVER:
            from aigw_tui.tui.webdriver import WebDriver

            return WebDriver
        return OurDriver if found is LinuxDriver else found

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(self.threads)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self.exit, None, 128 + number)
        self.set_interval(LOOK_AROUND_S, self._look_around)

    def on_app_blur(self, event: events.AppBlur) -> None:
        # Textual's web driver says at the start that the focus is elsewhere, often after the browser said it is here.
        if self.is_web and not self._has_said_blur:
            self._has_said_blur = True
            event.prevent_default()

    def open(self) -> str | None:
        """Run until the person leaves; what ended it otherwise is in `failure`."""
        return self.run(mouse=self.has_mouse)

    def turn_mouse(self) -> None:
        """On, or off: the terminal's own selection of text works then."""
        self.has_mouse = not self.has_mouse
        if isinstance(self._driver, MouseSwitch):
            self._driver.turn_mouse(self.has_mouse)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The stylesheet's names, for themes that do not have them."""
        return dict(stylesheet_roles(self.current_theme))

    def palette(self, is_stale: bool) -> Palette:
        """The colours of the current theme, paler when the data are stale."""
        key = (self.theme, is_stale)
        if key not in self._palettes:
            self._palettes[key] = Palette.of(
                self.theme,
                self.theme_variables,
                is_stale=is_stale,
                has_color=self.looks.depth != "none",
                is_ascii=self.looks.is_ascii,
                own=next((own.colors for own in self.looks.own if own.name == self.theme), None),
            )
        return self._palettes[key]

    def form(self, panel: str) -> Form:  # noqa: ARG002
        return "box"

    def _handle_exception(self, error: Exception) -> None:
        # Textual's own prints a traceback with the values of all locals, and with them the token.
        self.failure = self.failure or error
        self._return_code = 1
        if self._exception is None:  # for tests, which raise it again
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        is_shown = self._running and not self._closed and not self.is_headless and not self._batch_count
        if is_shown and isinstance(renderable, CompositorUpdate):
            pen = Pen(self.console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001
            self.glass.write(renderable, pen)
            written = pen.lift()
            renderable = Written(written) if written else None
        super()._display(screen, renderable)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self.glass.forget()  # terminals differ in what they keep

    def action_redraw(self) -> None:
        """Something else wrote to the terminal."""
        self.glass.forget()
        self.screen.refresh()

    def _look_around(self) -> None:
        if not self.is_headless and has_gone():
            leave_at_once(128 + signal.SIGHUP)
