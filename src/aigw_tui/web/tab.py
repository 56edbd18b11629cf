"""A browser's tab: a process of the monitor, which lives no longer than the tab."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from aigw_tui.format import clean
from aigw_tui.secret import redact

READY = b"__GANGLION__\n"
"""What Textual's driver writes before its first packet."""
GRACE_S = 3.0
"""What the process may take to end before it is made to, by one signal and then by another."""
MOST_WORDS = 4096
"""Bytes that are kept of what it says on standard error: the last ones."""
SIZES = range(2, 1001)
"""Columns or rows that a terminal may have."""

IN_A_BROWSER = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
OF_THE_TERMINAL = frozenset(("SSH_CONNECTION", "COLORFGBG"))
"""What the server's terminal is like is nothing to its pages: they lie at the end of no SSH and know all characters."""


class Tab(AppService):
    """textual-serve's, but it runs a program and no shell, reads on until the program's end, and leaves none behind."""

    def __init__(self, argv: Sequence[str], socket: web.WebSocketResponse, downloads: DownloadManager) -> None:
        super().__init__(
            "",
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=lambda: closed(socket),
            download_manager=downloads,
        )
        self._argv = tuple(argv)
        self._downloads = downloads

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environ = self._build_environment(width=width, height=height) | IN_A_BROWSER
        environ = {name: value for name, value in environ.items() if name not in OF_THE_TERMINAL}
        self._process = process = await asyncio.create_subprocess_exec(
            *self._argv, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environ, start_new_session=True
        )
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Pass on what it draws, then close the tab. Where it ended before it drew anything: what it said instead."""
        process = self._process
        if process is None or process.stdout is None or process.stderr is None:
            raise RuntimeError("start comes first")
        last_words = asyncio.create_task(_last_of(process.stderr))
        has_begun = False
        try:
            with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await process.stdout.readuntil(READY)
                has_begun = True
                while True:
                    await self._pass_on(process.stdout)
        finally:
            if not process.stdout.at_eof():  # what it sends is no packet
                process.kill()
            words = await last_words
            await process.wait()
            with suppress(ConnectionError):
                if not has_begun:
                    await self.remote_write_bytes("\r\n".join(words or ["It ended without a word."]).encode())
                await self.remote_close()
        _say(words)

    async def _pass_on(self, stream: asyncio.StreamReader) -> None:
        """One packet; what nobody is there to see is read all the same, or the process would wait to be read."""
        kind, size = await stream.readexactly(1), await stream.readexactly(4)
        payload = await stream.readexactly(int.from_bytes(size, "big"))
        take = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}.get(kind)
        if take:
            with suppress(ConnectionError):
                await take(payload)

    async def stop(self) -> None:
        """Ask it to quit, and see that it does."""
        task, process, self._task = self._task, self._process, None
        if task is None or process is None:
            return
        try:
            await self._downloads.cancel_app_downloads(app_service_id=self.app_service_id)
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE_S):
                    await self.send_meta({"type": "quit"})
                    await asyncio.shield(task)
            if process.returncode is None:
                process.terminate()
                await asyncio.wait({task}, timeout=GRACE_S)
        finally:
            if process.returncode is None:
                process.kill()
        await task

    async def resize(self, width: object, height: object) -> None:
        """To that many cells; what no terminal has is left alone."""
        if isinstance(width, int) and isinstance(height, int) and width in SIZES and height in SIZES:
            await self.set_terminal_size(width, height)


async def closed(socket: web.WebSocketResponse) -> None:
    await socket.close()


async def _last_of(stream: asyncio.StreamReader) -> list[str]:
    """The last lines of a stream, clean and without secrets."""
    kept = b""
    while data := await stream.read(MOST_WORDS):
        kept = (kept + data)[-MOST_WORDS:]
    return [clean(redact(line)) for line in kept.decode(errors="replace").splitlines() if line]


def _say(words: Sequence[str]) -> None:
    if words and sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(*words, sep="\n", file=sys.stderr, flush=True)
