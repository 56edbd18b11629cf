"""`collect`: real processes on a real history, ended by real signals."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from aigw_tui.clock import SystemClock
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.server import Server
from aigw_tui.demo.worker import PATH, WORKER_TOKEN

PROGRAM = (sys.executable, "-m", "aigw_tui", "collect")
SOON_S = 2.0
"""What an end may take."""
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (DEBUG|INFO|WARNING) aigw_tui[\w.]*: \S.*")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "history.sqlite"
    monkeypatch.setenv("AIGW_STORE", str(path))
    monkeypatch.setenv("AIGW_INTERVAL", "10")
    return path


@pytest.fixture
def server(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The built-in account and its Worker on loopback, now."""
    with Server(Box(SystemClock())) as server:
        monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT_ID)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        monkeypatch.setenv("AIGW_QUOTA_URL", server.url.removesuffix("/client/v4") + PATH)
        monkeypatch.setenv("AIGW_QUOTA_TOKEN_COMMAND", f"printf {WORKER_TOKEN}")
        yield server


class Collector:
    """A process with the lines that it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []

    def until(self, words: str) -> None:
        """Read its lines until one has these words."""
        stream: IO[str] | None = self.process.stderr
        assert stream is not None
        for line in stream:
            self.said.append(line.rstrip("\n"))
            if words in line:
                return
        raise AssertionError(self.said)

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """The exit code, and the seconds that the end took."""
        began = time.monotonic()
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=20)
        took = time.monotonic() - began
        self.said += rest.splitlines()
        return self.process.returncode, took


@contextmanager
def collecting(*words: str) -> Iterator[Collector]:
    with subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Collector(process)
        finally:
            process.kill()


def rows(store: Path, table: str) -> int:
    with closing(sqlite3.connect(store)) as database:
        (count,) = database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608 - a name of ours
        return int(count)


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


class TestEnd:
    """Ended cleanly by either signal, whatever it was doing."""

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
    @pytest.mark.usefixtures("server")
    def test_in_the_middle(self, store: Path, number: signal.Signals, code: int) -> None:
        """Soon, with its code; the database is closed, the lease let go, and every line is a plain one."""
        with collecting() as collector:
            collector.until("live; last answer")
            assert rows(store, "lease") == 1
            found, took = collector.end(number)
        assert (found, took < SOON_S) == (code, True)
        assert not list(store.parent.glob("*-wal"))
        assert rows(store, "lease") == 0
        assert rows(store, "hour") > 0
        assert all(LINE.fullmatch(line) for line in collector.said), collector.said
        assert collector.said[-1].endswith("ended; history is closed")
        assert TOKEN not in "".join(collector.said)
        assert WORKER_TOKEN not in "".join(collector.said)

    def test_while_cloudflare_is_silent(self, deaf: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An open request is given up."""
        monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", f"{deaf}/client/v4")
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT_ID)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        with collecting() as collector:
            collector.until("collecting every 10 s")
            code, took = collector.end(signal.SIGTERM)
        assert (code, took < SOON_S) == (0, True)

    @pytest.mark.usefixtures("server")
    def test_while_a_worker_is_silent(self, deaf: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """It delays neither the rounds nor the end."""
        monkeypatch.setenv("AIGW_QUOTA_URL", f"{deaf}/quota")
        with collecting() as collector:
            collector.until("live; last answer")
            code, took = collector.end(signal.SIGTERM)
        assert (code, took < SOON_S) == (0, True)
        assert rows(store, "hour") > 0

    @pytest.mark.usefixtures("server")
    def test_while_a_command_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A program that should print the token is not waited for."""
        monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
        monkeypatch.setenv("AIGW_TOKEN_COMMAND", "sleep 9")
        with collecting() as collector:
            collector.until("collecting every 10 s")
            code, took = collector.end(signal.SIGTERM)
        assert (code, took < SOON_S) == (0, True)

    @pytest.mark.usefixtures("server")
    def test_another_takes_over(self, store: Path) -> None:
        """Of two on one history one asks; when it ends, the other one does."""
        with collecting() as first:
            first.until("live; last answer")
            with collecting() as second:
                second.until("another process asks")
                assert first.end(signal.SIGTERM)[0] == 0
                second.until("is asked for by this process")
                assert second.end(signal.SIGTERM)[0] == 0


class TestOnce:
    """For cron."""

    @pytest.mark.usefixtures("server")
    def test_a_run(self, store: Path) -> None:
        """Fills what is missing and keeps what the Worker said; quiet when it should be, its lines otherwise."""
        done = subprocess.run([*PROGRAM, "--once", "--quiet"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert rows(store, "counter") == 1
        assert rows(store, "hour") > 24 * 4
        assert rows(store, "lease") == 0
        again = subprocess.run([*PROGRAM, "--once"], capture_output=True, text=True, check=False)
        assert again.returncode == 0
        assert all(LINE.fullmatch(line) for line in again.stderr.splitlines())
        assert "accounts: acme" in again.stderr

    @pytest.mark.usefixtures("server")
    def test_without_an_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Exit code 1, and a line that says why."""
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "x" * 40)
        done = subprocess.run([*PROGRAM, "--once", "--quiet"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert "token refused" in done.stderr

    def test_no_token(self) -> None:
        """Exit code 2."""
        done = subprocess.run([*PROGRAM, "--once"], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "there is no API token" in done.stderr

    def test_a_folder_that_cannot_be_written(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is said that nothing is kept: otherwise nobody would know."""
        monkeypatch.setenv("AIGW_STORE", "/proc/none/history.sqlite")
        done = subprocess.run([*PROGRAM, "--once", "--quiet"], capture_output=True, text=True, check=False)
        assert "history is not kept" in done.stderr

    def test_a_store_of_a_newer_version(self, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """One line, and what was asked for is done; nothing of the file changes."""
        path = tmp_path / "newer.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA user_version = 99")
        before = path.read_bytes()
        monkeypatch.setenv("AIGW_STORE", str(path))
        done = subprocess.run([*PROGRAM, "--once", "--quiet"], capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert done.stderr.count("history is only read") == 1
        assert f"{path} is of version 99, this program reads up to 6 → update aigw-tui" in done.stderr
        assert path.read_bytes() == before
        assert list(tmp_path.glob("newer*")) == [path]

    def test_the_built_in_account(self) -> None:
        """Needs nothing, loads no screen, and works with nobody at the other end of stderr."""
        script = (
            "import sys; from aigw_tui import cli; code = cli.main(['collect', '--demo', '--once']);"
            " print(*sys.modules); sys.exit(code)"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert not {"textual", "plotext", "rich"} & set(done.stdout.split())
        assert "acme: the two counts: " in done.stderr
        line = f'exec "{sys.executable}" -m aigw_tui collect --demo --once 2>&-'
        assert subprocess.run(["sh", "-c", line], check=False, env=os.environ).returncode == 0


def test_a_signal_before_it_began() -> None:
    """What was opened until then is closed all the same."""
    script = (
        "import os, signal, sys\n"
        "from aigw_tui.ending import Ending\n"
        "async def act():\n"
        "    try:\n"
        "        await ending._loop.create_future()\n"
        "    finally:\n"
        "        print('closed')\n"
        "ending = Ending()\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "sys.exit(ending.leave(ending.run(act())))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "closed\n", "")
