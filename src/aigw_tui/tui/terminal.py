"""The terminal below the screen: whether it is there, how many colours it has, and whether it has gone."""

from __future__ import annotations

import logging
import os
import select
import sys
from collections.abc import Mapping
from typing import Literal, TextIO

WEB_DRIVER = "textual.drivers.web_driver:WebDriver"
"""What textual-serve sets: the screen is in a browser, at the other end of two pipes."""
Depth = Literal["24-bit", "256", "16", "none"]
"""Colours."""
TRUE_COLOR = ("direct", "kitty", "ghostty", "alacritty", "foot", "wezterm")
"""Parts of TERM that only terminals with 24-bit colours have; over SSH nothing else tells, COLORTERM is not sent."""
GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


def can_show(environ: Mapping[str, str], stdin: TextIO | None, stdout: TextIO | None) -> str | None:
    """None when a screen can be shown here, else the reason why not, for a person."""
    if environ.get("TEXTUAL_DRIVER") == WEB_DRIVER:
        return None
    if stdin is None or stdout is None or not stdin.isatty():
        return "standard input is not a terminal"
    if not stdout.isatty():
        return "standard output is not a terminal"
    return why_dumb(environ)


def why_dumb(environ: Mapping[str, str]) -> str | None:
    """Why a terminal shows lines and no screen; None when it shows one."""
    if environ.get("TERM", "") in ("", "dumb"):
        return f"TERM is {environ.get('TERM') or 'not set'}, which cannot place text on a screen"
    return None


def depth_of(environ: Mapping[str, str]) -> Depth:
    """As COLORTERM says, else TERM; what neither names has sixteen. A browser has all."""
    term = environ.get("TERM", "").lower()
    if environ.get("TEXTUAL_DRIVER") == WEB_DRIVER or environ.get("COLORTERM", "").strip().lower() in (
        "truecolor",
        "24bit",
    ):
        return "24-bit"
    if any(part in term.split("-") for part in TRUE_COLOR):
        return "24-bit"
    return "256" if "256color" in term else "16"


def has_gone() -> bool:
    """Whether the terminal was closed without telling us: SIGHUP may be ignored, and reading it then never ends."""
    return sys.__stdin__ is None or is_hung_up(sys.__stdin__.fileno())


def is_hung_up(descriptor: int) -> bool:
    """Whether nobody is at the other end of a terminal or a pipe any more."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & GONE for _, event in poll.poll(0))


def leave_at_once(code: int) -> None:
    """End without waiting for threads and without touching the terminal; the log is written first."""
    logging.shutdown()
    os._exit(code)
