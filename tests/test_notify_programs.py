"""Targets that are programs: a command of one's own, and Apprise."""

from __future__ import annotations

import asyncio
import builtins
import json
import os
import select
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aigw_tui.errors import ConfigError, TransientError
from aigw_tui.outlets.notify import Target, command
from aigw_tui.outlets.notify.channels import channel_of
from aigw_tui.outlets.notify.document import bounded, document
from messages import FIRED, HOOK, HOSTILE, at, hostile


def program(code: str, *words: str) -> Target:
    return Target("team", "command", command=(sys.executable, "-c", code, *words))


async def test_a_command_gets_the_document(tmp_path: Path) -> None:
    """On standard input, one line of JSON, to the last byte; its words reach it as they are, without a shell."""
    code = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read() + sys.argv[2])"
    for text in HOSTILE:
        message = bounded(hostile(text))
        await channel_of("command").send(program(code, str(tmp_path / "x"), "; $HOME"), message)
        assert (tmp_path / "x").read_text() == json.dumps(document(message)) + "\n; $HOME"


async def test_a_command_that_does_not_read() -> None:
    """Its exit code alone counts."""
    big = bounded(hostile("x" * 10_000))
    await channel_of("command").send(program("import sys; sys.stdin.close()"), big)


async def test_a_command_that_fails(capfd: pytest.CaptureFixture[str]) -> None:
    """It is tried again later; what it printed is shown nowhere."""
    with pytest.raises(TransientError) as caught:
        await channel_of("command").send(program(f"print('{HOOK}', flush=True); raise SystemExit(3)"), FIRED)
    assert caught.value.why.endswith("failed with exit code 3")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("words", [("/no/such/program", HOOK), ("/",), ("x\0y",)])
async def test_a_command_that_cannot_run(words: tuple[str, ...]) -> None:
    """The program is named, not its words."""
    with pytest.raises(ConfigError) as caught:
        await channel_of("command").send(Target("team", "command", command=words), FIRED)
    assert "cannot run" in caught.value.why
    assert HOOK not in str(caught.value)
    assert str(caught.value).isprintable()


async def test_a_command_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended at the deadline, and so is what it started."""
    monkeypatch.setattr(command, "DEADLINE_S", 0.5)
    code = (
        "import subprocess, sys, pathlib, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path(sys.argv[1]).write_text(str(child.pid))\ntime.sleep(60)"
    )
    with pytest.raises(TransientError, match="longer than"):
        await channel_of("command").send(program(code, str(tmp_path / "pid")), FIRED)
    assert await asyncio.to_thread(ends, int((tmp_path / "pid").read_text()))


def ends(pid: int) -> bool:
    """Whether that process is gone, or goes within 5 s."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 5)[0])
    finally:
        os.close(descriptor)


async def test_apprise_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that says how to get it, and no URL."""
    found = builtins.__import__

    def importing(name: str, *rest: Any) -> Any:
        if name == "apprise":
            raise ImportError(name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(ConfigError) as caught:
        await channel_of("apprise").send(at(f"json://127.0.0.1/{HOOK}", "apprise"), FIRED)
    assert "pip install 'aigw-tui[notify]'" in str(caught.value)
    assert HOOK not in str(caught.value)


class FakeApprise:
    """As much of Apprise as we use."""

    sent: list[dict[str, Any]]

    def __init__(self) -> None:
        type(self).sent = []

    def add(self, url: str) -> bool:
        return url.startswith("json://")

    def notify(self, **words: Any) -> bool:
        self.sent.append(words)
        return "fails" not in words["title"]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    types = SimpleNamespace(FAILURE="failure", WARNING="warning", INFO="info", SUCCESS="success")
    module = SimpleNamespace(Apprise=FakeApprise, NotifyType=types, NotifyFormat=SimpleNamespace(TEXT="text"))
    monkeypatch.setitem(sys.modules, "apprise", module)


@pytest.mark.usefixtures("fake")
async def test_apprise() -> None:
    """It is given the words as text, and the kind that they are of."""
    await channel_of("apprise").send(at(f"json://127.0.0.1/{HOOK}", "apprise"), FIRED)
    (sent,) = FakeApprise.sent
    assert (sent["title"], sent["notify_type"], sent["body_format"]) == (
        "warning: errors on prod at 7.2 %", "warning", "text",
    )  # fmt: skip


@pytest.mark.usefixtures("fake")
async def test_apprise_fails() -> None:
    """A URL of no kind is the configuration's; a delivery that failed is tried again."""
    with pytest.raises(ConfigError, match="does not know such a url"):
        await channel_of("apprise").send(at("nothing://x", "apprise"), FIRED)
    with pytest.raises(TransientError, match="could not deliver"):
        await channel_of("apprise").send(at("json://x", "apprise"), hostile("fails"))
