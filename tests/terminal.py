"""A real pseudo-terminal with a program in it, and the screen that a person would see."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import pyte

ANSWERS = ((b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b[?u", b"\x1b[?0u"))
"""What a terminal says when it is asked what it is."""


class Terminal:
    """`python -m aigw_tui ARGS` in a pty. Every wait ends by itself."""

    def __init__(
        self, *args: str, size: tuple[int, int] = (80, 24), environ: Mapping[str, str] | None = None, code: str = ""
    ) -> None:
        width, height = size
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.status: int | None = None
        command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "aigw_tui", *args]
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
            os.execve(command[0], command, {**os.environ, "TERM": "xterm-256color", **(environ or {})})
        self.modes_before = termios.tcgetattr(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def until(self, is_so: Callable[[str], bool], seconds: float = 20) -> str:
        """Read until the screen's text is so; raises TimeoutError with the screen otherwise."""
        end = time.monotonic() + seconds
        while not is_so(self.text):
            if time.monotonic() > end or not self._read(0.1):
                raise TimeoutError(self.text)
        return self.text

    def press(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def resize(self, width: int, height: int) -> None:
        """As when a person drags the window; a terminal may lie, so any size is sent as it stands."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.screen.resize(max(height, 1), max(width, 1))
        self.signal(signal.SIGWINCH)

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def end(self, seconds: float = 10) -> int:
        """The exit code, once the program has ended; raises TimeoutError when it does not."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self._read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self._read(0):
                    pass
                self.status = os.waitstatus_to_exitcode(status)
                return self.status
        raise TimeoutError(self.text)

    def is_whole(self) -> bool:
        """Alternate screen left, cursor shown, mouse off, echo and line mode as before."""
        sent = self.bytes
        modes = termios.tcgetattr(self._fd)
        return (
            sent.rfind(b"\x1b[?1049l") >= sent.rfind(b"\x1b[?1049h")
            and sent.rfind(b"\x1b[?25h") >= sent.rfind(b"\x1b[?25l")
            and sent.rfind(b"\x1b[?1003l") >= sent.rfind(b"\x1b[?1003h")
            and modes[3] == self.modes_before[3]
        )

    def _read(self, seconds: float) -> bool:
        """One read; False when the terminal is closed (or nothing came, for no seconds)."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return seconds > 0
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        for asked, said in ANSWERS:
            if asked in data:
                os.write(self._fd, said)
        self.bytes += data
        self._stream.feed(data)
        return bool(data)
