"""`web`: pages and sockets as a browser uses them, and processes that end when their tab does."""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path

import pyte
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from aigw_tui.clock import SystemClock
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.server import Server
from aigw_tui.web import server, tab
from aigw_tui.web.doors import Doors
from aigw_tui.web.server import serve

PATIENCE_S = 40.0
MOUSE = {mode << 5 for mode in (1000, 1003, 1006)}
"""Private modes of a terminal, as pyte keeps them."""
PROGRAM = (sys.executable, "-m", "aigw_tui", "web", "--port", "0")


class Screen:
    """What a page's terminal would show."""

    def __init__(self, connection: ClientWebSocketResponse, width: int, height: int) -> None:
        self.connection = connection
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.notes: list[list[str]] = []
        """Messages beside the drawing."""

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    async def until(self, is_so: Callable[[str], bool]) -> str:
        """Read until the screen is so; raises TimeoutError with the screen when it is not, or the tab was closed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while not is_so(self.text) and await self._read():
                    pass
        if not is_so(self.text):
            raise TimeoutError(f"{self.text}\n{self.notes}")
        return self.text

    async def end(self) -> None:
        """Read until the other side closes it."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._read():
                pass

    async def drop(self) -> None:
        """Read all that comes, and look at none of it."""
        async for _ in self.connection:
            pass

    async def send(self, *message: object) -> None:
        await self.connection.send_str(json.dumps(message))

    async def _read(self) -> bool:
        message = await self.connection.receive()
        if message.type is WSMsgType.BINARY:
            self._stream.feed(message.data)
        elif message.type is WSMsgType.TEXT:
            self.notes.append(json.loads(message.data))
        return message.type in (WSMsgType.BINARY, WSMsgType.TEXT)


@asynccontextmanager
async def tab_of(
    url: str, width: int = 120, height: int = 40, query: str = "", **headers: str
) -> AsyncIterator[Screen]:
    """A tab, closed at the end; `query` is what it says of its size, where that is something else."""
    address = f"{url.replace('http', 'ws')}/ws?{query or f'width={width}&height={height}'}"
    async with ClientSession() as session, session.ws_connect(address, headers=headers, max_msg_size=0) as connection:
        yield Screen(connection, width, height)


@asynccontextmanager
async def serving(code: str, doors: Doors | None = None) -> AsyncIterator[str]:
    """The address where a little program is served to each tab."""
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    argv = (sys.executable, "-c", code)
    task = asyncio.create_task(serve(argv, "a <title>", "127.0.0.1", 0, doors or Doors(), port.set_result))
    try:
        yield f"http://127.0.0.1:{await port}"
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Web:
    """A running `aigw-tui web`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout
        self.url = process.stdout.readline().strip()

    def children(self) -> list[int]:
        return children_of(self.process.pid)

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Exit code, and what it said on standard error."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


@contextmanager
def running(*words: str) -> Iterator[Web]:
    """From the moment it can be opened."""
    pipe = subprocess.PIPE
    with subprocess.Popen([*PROGRAM, *words], stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield Web(process)
        finally:
            process.kill()


def children_of(pid: int) -> list[int]:
    """Process ids."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def is_gone(pid: int) -> bool:
    """Whether that process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


async def gone(pids: list[int], seconds: float) -> bool:
    """Whether all of them end within that time."""
    watched = [os.pidfd_open(pid) for pid in pids if not is_gone(pid)]
    end = time.monotonic() + seconds
    try:
        return all(
            [
                await asyncio.to_thread(select.select, [one], [], [], max(end - time.monotonic(), 0)) != ([], [], [])
                for one in watched
            ]
        )
    finally:
        for one in watched:
            os.close(one)


def has_said(word: str, text: str) -> bool:
    """In the bottom line."""
    return text.splitlines()[-1].strip() == word


def is_open(text: str) -> bool:
    return "● live" in text and "llama" in text


class TestMonitor:
    """The whole program, as a browser meets it."""

    async def test_keys_and_sizes(self) -> None:
        """It opens with the words that were said, hears keys, follows the window's size, and q ends the tab alone."""
        with running("--demo", "--at", "14:05", "--gateway", "prod-api", "--hours", "6") as web:
            async with tab_of(web.url) as page:
                text = await page.until(lambda text: is_open(text) and "enter narrow" in text)
                assert re.search(r"prod-api › 6 h .* 14:0\d UTC", text)
                assert len(web.children()) == 1
                await page.send("stdin", "\r")
                await page.until(lambda text: "esc back" in text)
                page.screen.resize(24, 80)
                await page.send("resize", {"width": 80, "height": 24})
                await page.until(lambda text: "quit" in text.splitlines()[-1])
                await page.send("ping", "7")
                await page.send("stdin", "q")
                await page.end()
                assert ["pong", "7"] in page.notes
            async with tab_of(web.url) as page:
                await page.until(is_open)

    async def test_what_no_terminal_sends(self) -> None:
        """Is left alone: the tab goes on, in its old size."""
        with running("--demo") as web:
            async with tab_of(web.url, 80, 24, "width=1000000000&height=-7") as page:
                await page.until(is_open)
                for rubbish in (
                    "[",
                    "{}",
                    "null",
                    "[" * 100_000,
                    '["stdin", 7]',
                    '["resize", {"width": 1e99}]',
                    '["\ud800"]',
                ):
                    await page.connection.send_bytes(rubbish.encode("utf-8", "replace"))
                    await page.connection.send_str(rubbish.encode("utf-8", "replace").decode())
                await page.send("resize", {"width": 10**9, "height": -1})
                await page.send("resize", {"width": "80", "height": None})
                await page.send("stdin", "?")
                await page.until(lambda text: "Keys" in text)

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
    async def test_a_signal_ends_it_and_every_tab(self, number: signal.Signals, code: int) -> None:
        """No process is left; browsers are told that it goes away."""
        with running("--demo") as web:
            async with tab_of(web.url) as one, tab_of(web.url) as two:
                await one.until(is_open)
                await two.until(is_open)
                children = web.children()
                assert len(children) == 2
                ending = asyncio.create_task(asyncio.to_thread(web.end, number))
                await one.end()
                await two.end()
                assert await ending == (code, "aigw-tui: ctrl-c ends it and every tab\n")
                assert (one.connection.close_code, two.connection.close_code) == (1001, 1001)
                assert all(map(is_gone, children))

    async def test_a_server_that_was_killed_leaves_no_process(self) -> None:
        """Each notices that nobody is at the other end of its pipes."""
        with running("--demo") as web:
            async with tab_of(web.url) as page:
                await page.until(is_open)
                children = web.children()
                web.process.kill()
                assert await gone(children, 15)

    async def test_a_tab_that_is_closed_ends_its_process(self) -> None:
        """Also one that goes without a goodbye."""
        with running("--demo") as web:
            async with tab_of(web.url) as page:
                await page.until(is_open)
                children = web.children()
            assert await gone(children, 10)
            async with tab_of(web.url) as page:
                await page.until(is_open)
                children = web.children()
                transport = page.connection._response.connection.transport  # type: ignore[union-attr]
                assert transport
                transport.abort()
            assert await gone(children, 10)

    async def test_the_token_is_nowhere_to_be_seen(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """It reaches the processes by the environment: not by their command lines, and no page holds it."""
        with Server(Box(SystemClock())) as cloud:
            monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", cloud.url)
            monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT_ID)
            monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
            monkeypatch.setenv("AIGW_STORE", str(tmp_path / "history.sqlite"))
            with running("--quiet") as web:
                async with tab_of(web.url) as page, ClientSession() as session:
                    await page.until(lambda text: "● live" in text)
                    lines = [command_line(pid) for pid in (web.process.pid, *web.children())]
                    for path in ("/", "/page.js", "/page.css", "/static/"):
                        async with session.get(web.url + path) as answer:
                            lines.append(await answer.text())
                assert len(lines) == 6
                assert TOKEN not in "".join(lines)
                assert web.end(signal.SIGTERM) == (0, "")

    async def test_the_terminal_of_the_server_is_none_of_the_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also where that lies at the end of SSH, has no colours or knows ASCII alone."""
        for name, value in (("SSH_CONNECTION", "a 1 b 2"), ("LC_ALL", "C"), ("TERM", "linux"), ("COLORTERM", "")):
            monkeypatch.setenv(name, value)
        with running("--demo") as web:
            async with tab_of(web.url) as page:
                text = await page.until(lambda text: is_open(text) and "enter narrow" in text)
                assert "mouse off" not in text
                y, x = next((y, line.index("llama")) for y, line in enumerate(page.screen.display) if "llama" in line)
                assert re.fullmatch("[0-9a-f]{6}", page.screen.buffer[y][x].bg), "a colour of ours, not the terminal's"

    async def test_ascii_alone(self) -> None:
        """When asked for."""
        with running("--demo", "--ascii") as web:
            async with tab_of(web.url) as page:
                assert (await page.until(lambda text: "live" in text and "llama" in text)).isascii()

    @pytest.mark.parametrize(("wish", "words"), [("true", ("off", "on")), ("false", ("on", "off"))])
    async def test_the_mouse(self, wish: str, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        """The page is asked for it where the person wants it; `M` turns it on and off."""
        monkeypatch.setenv("AIGW_MOUSE", wish)
        with running("--demo") as web:
            async with tab_of(web.url) as page:
                await page.until(lambda text: is_open(text) and "enter narrow" in text)
                assert bool(page.screen.mode & MOUSE) is (wish == "true")
                for word in words:
                    await page.send("stdin", "M")
                    await page.until(partial(has_said, f"mouse {word}"))
                    assert bool(page.screen.mode & MOUSE) is (word == "on")

    async def test_beyond_this_machine(self) -> None:
        """Only when asked for, and with a warning; the machine's name and addresses are let in, other names are not."""
        with running("--demo", "--host", "0.0.0.0") as web:
            port = web.url.rpartition(":")[2]
            assert web.url == f"http://{socket.gethostname()}:{port}"
            async with ClientSession() as session:
                for name, status in ((socket.gethostname(), 200), ("192.0.2.7", 200), ("site.example", 403)):
                    headers = {"Host": f"{name}:{port}"}
                    async with session.get(f"http://127.0.0.1:{port}", headers=headers) as answer:
                        assert answer.status == status
            _, said = web.end(signal.SIGTERM)
            assert said.splitlines()[0] == (
                f"aigw-tui: warning: anyone who reaches port {port} of 0.0.0.0 sees the account; nothing is encrypted"
            )


HOLDS = """
import sys
sys.stdout.write("__GANGLION__\\n")
sys.stdout.flush()
sys.stdin.read(1)
"""
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.stdout.write("__GANGLION__\\n")
sys.stdout.flush()
time.sleep(600)
"""
DRAWS_ON = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, b"__GANGLION__\\n")
while True:
    os.write(1, b"D" + (4096).to_bytes(4, "big") + b"x" * 4096)
"""
REFUSES = """
import sys
print("aigw-tui: it cannot be \\x1b[31mred", file=sys.stderr)
sys.exit(2)
"""
DELIVERS = """
import io
from aigw_tui.tui.house import House
class Delivering(House):
    BINDINGS = [("e", "export", "")]
    def action_export(self):
        self.set_interval(0.003, lambda: self._driver.write("\\x1b[H" + "x" * 9000))
        self.deliver_text(io.StringIO("hour,requests\\n" * 100_000), save_filename="usage.csv")
Delivering().run()
"""
LINES = "hour,requests\n" * 100_000


class TestSite:
    """Pages, headers and processes, whatever is served."""

    async def test_the_page(self) -> None:
        """Nothing on it comes from elsewhere, its title is text, and no other site may frame it or run in it."""
        async with serving(HOLDS) as url, ClientSession() as session:
            async with session.get(url) as answer:
                page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
            assert "<title>a &lt;title&gt;</title>" in page
            links = re.findall(r'(?:src|href)="([^"]*)"', page)
            assert len(links) == 5
            for link in links:
                assert "//" not in link
                if not link.startswith("data:"):
                    async with session.get(f"{url}/{link}") as answer:
                        assert answer.status == 200
            assert "default-src 'none'; script-src 'self';" in policy
            assert "frame-ancestors 'none'" in policy

    async def test_foreign_pages_are_kept_out(self) -> None:
        """By their name, by whose page asks, on every path: one clear line, and no process."""
        async with serving(HOLDS) as url, ClientSession() as session:
            for path in ("/", "/ws", "/static/js/textual.js", "/download/x", "/nothing"):
                for header in ({"Host": "site.example"}, {"Origin": "http://site.example"}):
                    async with session.get(url + path, headers=header) as answer:
                        assert answer.status == 403
                        assert re.fullmatch(r"aigw-tui was (called by|asked by) [^\n]*\n", await answer.text())
            with pytest.raises(WSServerHandshakeError) as refused:
                async with tab_of(url, Origin="http://site.example"):
                    pass
            assert refused.value.status == 403
            async with tab_of(url, Origin=url):
                pass

    async def test_what_could_not_start_says_why(self, capfd: pytest.CaptureFixture[str]) -> None:
        """In the page and on standard error, clean; then the tab is closed."""
        async with serving(REFUSES) as url, tab_of(url) as page:
            await page.end()
            assert "aigw-tui: it cannot be �[31mred" in page.text
        assert capfd.readouterr().err == "aigw-tui: it cannot be �[31mred\n"

    @pytest.mark.parametrize("code", [STUBBORN, DRAWS_ON])
    async def test_a_process_that_will_not_end(self, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Is made to."""
        monkeypatch.setattr(tab, "GRACE_S", 0.2)
        async with serving(code) as url:
            async with tab_of(url):
                children = children_of(os.getpid())
                assert children
            assert await gone(children, 10)

    async def test_not_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each tab is a process; one too many is told so, and a place that is free again is given away."""
        monkeypatch.setattr(server, "MOST_TABS", 1)
        async with serving(HOLDS) as url:
            async with tab_of(url), tab_of(url) as other:
                await other.end()
                assert "tabs open already: close one" in other.text
            notes: list[list[str]] = []
            async with asyncio.timeout(PATIENCE_S):
                while not notes:  # the first tab's process is ending
                    with suppress(ConnectionError):
                        async with tab_of(url) as later:
                            await later.send("ping", "1")
                            await later._read()
                            notes = later.notes
            assert notes == [["pong", "1"]]

    async def test_a_file_is_delivered(self) -> None:
        """What a screen delivers arrives as a download, whole and by its name, also while it is drawn upon."""
        async with serving(DELIVERS) as url, tab_of(url) as page, ClientSession() as session:
            await page._read()
            await page.send("stdin", "e")
            async with asyncio.timeout(PATIENCE_S):
                while not page.notes:
                    await page._read()
            (kind, key), *_ = page.notes
            assert kind == "deliver_file_start"
            reading = asyncio.create_task(page.drop())
            async with session.get(f"{url}/download/{key}") as answer:
                assert "filename=usage.csv" in answer.headers["Content-Disposition"]
                assert await answer.text() == LINES
            reading.cancel()


WITHOUT = """
import sys
sys.modules[{missing!r}] = None
from aigw_tui.cli import main
sys.exit(main(["web", "--demo"]))
"""


class TestRefusals:
    """One line: cause and remedy."""

    def refused(self, *words: str, code: str = "") -> str:
        command = [sys.executable, "-c", code] if code else [*PROGRAM, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        return done.stderr

    @pytest.mark.parametrize("missing", ["aiohttp", "textual_serve"])
    def test_without_the_extra(self, missing: str) -> None:
        said = self.refused(code=WITHOUT.format(missing=missing))
        assert said == (
            f"aigw-tui: configuration: the monitor in a browser needs {missing} → pip install 'aigw-tui[web]'\n"
        )

    def test_what_every_tab_would_refuse(self) -> None:
        """Is refused before there is one."""
        assert "there is no API token → set CLOUDFLARE_API_TOKEN" in self.refused()
        assert "--since: x is no time" in self.refused("--demo", "--since", "x")
        assert "tabs cannot share standard input" in self.refused("--token-file", "-")

    @pytest.mark.parametrize(
        "url", ["", "monitor.example", "ftp://x", "https://", "https://u:p@x", "https://x/y", "https://[x"]
    )
    def test_no_public_url(self, url: str) -> None:
        assert "--public-url: use https:// and a name" in self.refused("--demo", f"--public-url={url}")

    def test_no_address(self) -> None:
        assert "--host: no address → use 127.0.0.1" in self.refused("--demo", "--host=")

    def test_a_port_that_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            words = [*PROGRAM[:4], "--demo", "--port", str(port)]
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"cannot serve on port {port} of 127.0.0.1" in done.stderr
        assert done.stderr.endswith("→ choose another --port, or 0 for a free one\n")
        assert done.stderr.count("\n") == 1
