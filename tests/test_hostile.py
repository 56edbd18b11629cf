"""Hostile names and a hostile terminal, in a real one: not one foreign escape sequence, not one crash."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aigw_tui.clock import SystemClock
from aigw_tui.demo.box import TOKEN, Box, Reply
from aigw_tui.demo.server import Server
from terminal import Terminal

NAMES = (
    "\x1b]52;c;aGFjaw==\x07", "\x1b[41mCSI", "\x9b41mC1", "\u202eevil\u202c", "[/]", "[@click=app.quit]x[/]", "[8b]",
    "[bold red", "漢字" * 30, "a\u200db" * 9, "a\u0301\u0302" * 20, "x" * 10_000, "\ud800half", "", "nul\x00byte",
    "\r\nnew\tline", "\x08\x7f", "\x1bP+q\x1b\\", "\x1b[?1049l", "(.*", "]", "/", "a/\x1b[2Jb",
)  # fmt: skip
FOREIGN = (b"\x1b]52", b"\x1b[41m", b"\x9b41m", "\x9b".encode(), "\u202e".encode(), "\u200d".encode(), b"\x1bP+q",
           b"\x1b[2J", b"\x00", b"\x08", b"\x7f")  # fmt: skip
KEYS = (
    "\x10",
    "\x1b",
    "\x10",
    "model: ",
    "\r",
    "\x1b",
    "?",
    "\x1b",
    "/",
    "[/]",
    "\x1b",
    "m",
    "w",
    "7",
    "j",
    " ",
    "\x1b",
)


class Renaming(Box):
    """The built-in account, its models, gateways, providers and itself named by an enemy."""

    def __init__(self) -> None:
        super().__init__(SystemClock())
        self._names: dict[str, str] = {}

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        plain = {name: value for name, value in headers.items() if name.lower() != "accept-encoding"}
        reply = super().answer(method, path, plain, body)
        if b"settings" in body or b"__type" in body:
            return reply
        spoiled = json.dumps(self._renamed(json.loads(reply.body))).encode()
        kept = [one for one in reply.headers if one[0].lower() != "content-length"]
        return Reply(reply.status, (*kept, ("Content-Length", str(len(spoiled)))), spoiled)

    def _renamed(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._renamed(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._renamed(inner, key) for inner in value]
        if isinstance(value, str) and key in ("model", "modelId", "gateway", "provider", "name"):
            return self._names.setdefault(value, NAMES[len(self._names) % len(NAMES)])
        return value


def is_open(text: str) -> bool:
    return "● live" in text and "llama" in text


def test_hostile_names_reach_no_terminal() -> None:
    """Panels, palette, help, filter, hours: what is foreign is shown as text, or as U+FFFD."""
    with Server(Renaming(), 0) as server:
        environ = {"CLOUDFLARE_API_BASE_URL": server.url, "CLOUDFLARE_API_TOKEN": TOKEN}
        with Terminal(size=(120, 40), environ=environ) as terminal:
            terminal.until(lambda text: "● live" in text and "�" in text)
            for key in KEYS:
                terminal.press(key)
                watch(terminal, 0.25)
            terminal.press("q")
            assert terminal.end() == 0
            assert terminal.is_whole()
            assert [bad for bad in FOREIGN if bad in terminal.bytes] == []
            assert b"Traceback" not in terminal.bytes


def test_a_terminal_without_pixels() -> None:
    """It reports a size of 0 by 0 pixels, then the mouse moves and clicks: it goes on."""
    with Terminal("--demo") as terminal:
        terminal.until(is_open)
        for size in ("24;80;0;0", "0;0;0;0", "24;80;0;0"):
            terminal.press(f"\x1b[48;{size}t\x1b[<35;30;10M\x1b[<0;31;11M\x1b[<0;31;11m")
        watch(terminal, 0.3)
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_whole()
        assert b"Traceback" not in terminal.bytes


@pytest.mark.parametrize("how", [(signal.SIGTSTP,), (signal.SIGSTOP,), ()])
def test_stopped_and_going_on(how: tuple[signal.Signals, ...]) -> None:
    """By whatever signal, or by none: keys work, and the end leaves the terminal whole."""
    with Terminal("--demo") as terminal:
        terminal.until(is_open)
        for number in (*how, signal.SIGCONT):
            terminal.signal(number)
            watch(terminal, 0.3)
        terminal.press("w")
        terminal.until(lambda text: "24 h" in text.splitlines()[0])
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_whole()


def test_a_terminal_that_is_gone(home: Path) -> None:
    """With SIGHUP ignored nobody says so; it ends by itself within 5 s."""
    code = "import signal, sys\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    code += "from aigw_tui.cli import main\nsys.exit(main(['--demo']))"
    terminal = Terminal(code=code, environ={"HOME": str(home)})
    terminal.until(is_open)
    os.close(terminal._fd)
    end, pid = time.monotonic() + 5, 0
    while not pid and time.monotonic() < end:
        pid = os.waitpid(terminal.pid, os.WNOHANG)[0]
        time.sleep(0.02)
    if not pid:
        os.kill(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)
    assert pid


def watch(terminal: Terminal, seconds: float) -> None:
    """Read for so long; the program is another process, whose time cannot be bent."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal._read(0.05)
