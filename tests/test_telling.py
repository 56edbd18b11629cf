"""`--plain`: how things stand, then what changes, in lines that a voice can read; ended cleanly by whatever ends it."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.assembly import demo_feed
from aigw_tui.config import load
from aigw_tui.demo.box import Box
from aigw_tui.errors import TransientError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.model import MONTH, Scope
from aigw_tui.outlets.teller import Told
from aigw_tui.telling import tell
from terminal import Terminal
from test_feed import request_row

GOLDEN = Path(__file__).parent / "golden" / "plain.txt"
AFTERNOON = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
LINE = re.compile(r"\d\d:\d\d UTC: \S.*")
COLOR = re.compile(rb"\x1b\[\d*m")


class Enough(Exception):  # noqa: N818 - no error
    """What was to be heard was heard."""


class Listener:
    """Hears lines until the clock is there."""

    def __init__(self, clock: StillClock, minutes: float) -> None:
        self.clock, self.end = clock, clock.now() + timedelta(minutes=minutes)
        self.lines: list[str] = []

    def say(self, told: Told | None) -> None:
        if told:
            self.lines.append(told.text)
        elif self.clock.now() >= self.end:
            raise Enough

    async def hear(self, feed: Feed, scope: Scope | None = None) -> list[str]:
        with pytest.raises(Enough):
            await tell(feed, (), scope or Scope(), self.say)
        return self.lines


async def test_golden_quarter_of_an_hour() -> None:
    """The built-in account from 14:05 on, one round a minute, until the alert of its projection has fired."""
    random.seed(1)  # a round comes up to a tenth early or late
    clock = StillClock(AFTERNOON)
    feed = demo_feed(load({"interval": "60"}, {}, demo=True), clock, Box(clock))
    lines = await Listener(clock, 16).hear(feed)
    if not GOLDEN.exists():
        GOLDEN.write_text("\n".join(lines) + "\n")
        pytest.fail("plain.txt is new: look at it, and run the test again")
    assert lines == GOLDEN.read_text().splitlines()


def made_up(clock: StillClock) -> tuple[Feed, MadeUpAccount]:
    """A feed of an account with one request in the running hour."""
    account = MadeUpAccount(clock)
    account.rows["requests"] = [request_row(AFTERNOON.replace(minute=0))]
    history = open_history(None, "https://x", AFTERNOON).history
    return Feed(account, history, clock, FeedSettings(("a",), timedelta(seconds=60))), account


def having(lines: Sequence[str], words: str) -> list[str]:
    return [line for line in lines if words in line]


async def test_a_fault_is_told_when_it_comes_and_when_it_goes() -> None:
    """Each once, with cause and remedy, however many rounds it lasts."""
    clock = StillClock(AFTERNOON)
    feed, account = made_up(clock)
    account.failures = [TransientError("the network is away") for _ in range(4)]
    lines = await Listener(clock, 30).hear(feed)
    words = "problem: Cloudflare out of reach: the network is away; to do: retried by itself; check the network"
    assert len(having(lines, words)) == 1
    assert len(having(lines, "over: Cloudflare out of reach")) == 1
    assert lines.index(having(lines, words)[0]) < lines.index(having(lines, "over: ")[0])
    assert having(lines, "1 request, no errors, 0 % from the cache")


async def test_silence_is_broken_by_a_heartbeat() -> None:
    """Where nothing changes: every ten minutes a line that says so, and with what state."""
    clock = StillClock(AFTERNOON)
    feed, _ = made_up(clock)
    lines = await Listener(clock, 45).hear(feed)
    beats = having(lines, "no change; live, last answer ")
    assert 3 <= len(beats) <= 4
    assert all(LINE.fullmatch(beat) for beat in beats)


async def test_a_name_that_nothing_has_is_told() -> None:
    """The scope's globs are spelled out as everywhere; a stranger is a line with what was meant, and no end."""
    clock = StillClock(AFTERNOON)
    feed, _ = made_up(clock)
    lines = await Listener(clock, 5).hear(feed, Scope().narrow(gateway="x*"))
    assert len(having(lines, "there is no gateway x*; to do: use one of g")) == 1


async def test_globs_are_spelled_out() -> None:
    """As in every command that prints once."""
    clock = StillClock(AFTERNOON)
    feed, _ = made_up(clock)
    lines = await Listener(clock, 5).hear(feed, Scope().narrow(gateway="g*"))
    assert having(lines, "acme, g, today, ")
    assert not having(lines, "problem")


async def test_a_longer_window_says_what_was_not_read() -> None:
    """While the past is read a total is never told as if it were whole."""
    clock = StillClock(AFTERNOON)
    feed, _ = made_up(clock)
    lines = await Listener(clock, 0.5).hear(feed, Scope(MONTH))
    assert having(lines, "the last 30 days")
    assert re.search(r"1 request, .*; \d{3} of 711 hours were not read", "\n".join(lines))


class TestTerminal:
    """In a real one."""

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
    def test_a_signal_ends_it(self, number: signal.Signals, code: int) -> None:
        """With the codes of `collect`, and without a traceback; the terminal was never touched."""
        with Terminal("--plain", "--demo", size=(200, 24)) as terminal:
            terminal.until(lambda text: "busiest: " in text)
            terminal.signal(number)
            assert terminal.end() == code
            assert terminal.is_whole()
            assert b"Traceback" not in terminal.bytes

    def test_lines_and_nothing_else(self) -> None:
        """Colours are all that a terminal is sent besides text, and none when none are wanted."""
        with Terminal("--plain", "--demo", size=(200, 24)) as terminal:
            terminal.until(lambda text: "busiest: " in text)
            terminal.press("\x03")
            assert terminal.end() == 130
            assert COLOR.search(terminal.bytes)
            assert b"\x1b" not in COLOR.sub(b"", terminal.bytes)
        with Terminal("--plain", "--demo", "--no-color", "--gateway", "*-api", "--hours", "6") as terminal:
            text = terminal.until(lambda text: "busiest: " in text)
            assert "prod-api, the last 6 hours" in text
            assert b"\x1b" not in terminal.bytes
            assert not re.search("[─-▟⠀-⣿✓▲–~]", text)

    @pytest.mark.parametrize("term", ["dumb", ""])
    def test_a_terminal_without_a_screen(self, term: str) -> None:
        """Gets it unasked, told why."""
        with Terminal("--demo", size=(200, 24), environ={"TERM": term}) as terminal:
            text = terminal.until(lambda text: "busiest: " in text)
            assert f"no screen, because TERM is {term or 'not set'}" in text
            terminal.signal(signal.SIGTERM)
            assert terminal.end() == 0
            assert b"\x1b" not in terminal.bytes


LOADED = """
import sys
from aigw_tui.cli import main
code = main(["--plain", "--demo", "--interval", "10"])
print(code, "textual" in sys.modules, "rich" in sys.modules, file=sys.stderr)
"""


def test_nobody_reads_any_more() -> None:
    """A pipe that is closed ends it, code 0, also while nothing is told; the screen's library was not loaded."""
    command = [sys.executable, "-c", LOADED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        assert "starting" in process.stdout.readline()
        assert LINE.match(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == "0 False False\n"
        assert process.wait(10) == 0


def test_without_a_token(capfd: pytest.CaptureFixture[str]) -> None:
    """No welcome that nobody could read: one line with the remedy."""
    done = subprocess.run([sys.executable, "-m", "aigw_tui", "--plain"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "aigw-tui: configuration: there is no API token → set CLOUDFLARE_API_TOKEN, run aigw-tui setup, or add --demo\n"
    )
