"""In a real terminal: it opens on the built-in account, and whatever ends it, the terminal is whole."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from aigw_tui.demo.box import TOKEN
from terminal import Terminal

CRASHES = """
import sys
from aigw_tui.tui.panels import models
def broken(*_):
    secret = {token!r}
    raise RuntimeError("the panel broke over " + secret)
models.{panel}.look = broken
from aigw_tui.cli import main
sys.exit(main(["--demo"]))
"""


def is_open(text: str) -> bool:
    return "● live" in text and "llama" in text


def test_it_opens_and_quits() -> None:
    """The first screen has figures; q leaves the terminal as it was, with exit code 0."""
    with Terminal("--demo") as terminal:
        text = terminal.until(is_open)
        assert "runs out" in text or "lasts" in text
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_whole()
        assert b"Traceback" not in terminal.bytes


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    """The exit code says which signal it was."""
    with Terminal("--demo") as terminal:
        terminal.until(is_open)
        terminal.signal(number)
        assert terminal.end(3) == 128 + number
        assert terminal.is_whole()
        assert b"Traceback" not in terminal.bytes


def test_a_crash_is_one_line_without_secrets(home: Path) -> None:
    """The traceback is in the log, without the values of locals; the token is nowhere."""
    code = CRASHES.format(token=TOKEN, panel="ModelsPanel")
    with Terminal(code=code, environ={"HOME": str(home)}) as terminal:
        assert terminal.end() == 1
        assert terminal.is_whole()
        assert b"Traceback" not in terminal.bytes
        assert "stopped by an error" in terminal.text
        written = b"".join(path.read_bytes() for path in home.rglob("*.log"))
        assert b"the panel broke" in written
        assert TOKEN.encode() not in written + terminal.bytes


def test_without_a_token_there_is_a_welcome() -> None:
    """It says how to get a token, with which permissions; d opens the built-in account."""
    with Terminal() as terminal:
        terminal.until(lambda text: "Account Analytics: Read" in text and "CLOUDFLARE_API_TOKEN" in text)
        terminal.press("d")
        terminal.until(is_open)
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_whole()


def test_the_welcome_leads_to_setup() -> None:
    """It asks for a token in the terminal, unseen; Ctrl-C leaves before anything was written."""
    with Terminal() as terminal:
        terminal.until(lambda text: "set up: paste a token" in text)
        terminal.press("s")
        terminal.until(lambda text: "Paste the token" in text, seconds=40)
        terminal.press("\x03")
        assert terminal.end() == 130
        assert b"Traceback" not in terminal.bytes


def test_capital_q_leaves_the_screen_in_the_scrollback() -> None:
    """After the screen was left, in the ordinary part of the terminal."""
    with Terminal("--demo") as terminal:
        terminal.until(is_open)
        terminal.press("Q")
        assert terminal.end() == 0
        assert terminal.is_whole()
        after = terminal.bytes.rpartition(b"\x1b[?1049l")[2]
        assert b"Neurons today" in after


def test_no_colours_when_none_are_wanted() -> None:
    """NO_COLOR: not one colour is sent, and the gauge still tells its parts."""
    with Terminal("--demo", environ={"NO_COLOR": "1"}) as terminal:
        text = terminal.until(is_open)
        assert b"38;2;" not in terminal.bytes
        assert b"38;5;" not in terminal.bytes
        assert "░" in text or "▓" in text


STUCK = """
import socket, sys, time
socket.getaddrinfo = lambda *_, **__: time.sleep(60) or []
from aigw_tui.cli import main
sys.exit(main(["--base-url", "https://localhost:1/client/v4"]))
"""


def test_quitting_waits_for_nobody() -> None:
    """A lookup of a name that hangs does not hold the person who quits."""
    with Terminal(code=STUCK, environ={"CLOUDFLARE_API_TOKEN": "x" * 40}) as terminal:
        terminal.until(lambda text: "starting" in text)
        terminal.press("q")
        assert terminal.end(5) == 0
        assert terminal.is_whole()


QUIET = """
import os, sys
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
from aigw_tui.cli import main
sys.exit(main(["--demo"]))
"""


def test_standard_error_may_go_elsewhere() -> None:
    """The screen is drawn on standard output, so `2>log` takes nothing away."""
    with Terminal(code=QUIET) as terminal:
        terminal.until(is_open)
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_whole()
