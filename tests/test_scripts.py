"""In scripts: the README's examples run as they are written, and every exit code comes from a real run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from account import StillClock
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Limits
from aigw_tui.demo.limits import REQUESTS
from aigw_tui.demo.server import Server

README = (Path(__file__).parent.parent / "README.md").read_text()
BLOCK = README.partition("## In scripts")[2].partition("```sh")[2].partition("```")[0]
EXAMPLES = re.findall(r"^aigw-tui .*$", BLOCK, re.MULTILINE)
DEAF = """
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
server.accept()[0].recv(1)
"""


@pytest.fixture
def served() -> Iterator[tuple[Box, Server]]:
    """The built-in account over loopback, now: the programs' clock is the machine's."""
    box = Box(StillClock(datetime.now(UTC)))
    with Server(box) as server:
        yield box, server


@pytest.fixture
def environ(served: tuple[Box, Server], home: Path) -> dict[str, str]:
    """What `demo --serve` tells to export, and nobody's own configuration."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("CLOUDFLARE", "AIGW", "CF_"))},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CLOUDFLARE_API_BASE_URL": served[1].url,
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID,
        "CLOUDFLARE_API_TOKEN": TOKEN,
    }


def bash(line: str, environ: dict[str, str], folder: Path) -> tuple[int, str, str]:
    ran = subprocess.run(
        ["bash", "-c", line], env=environ, cwd=folder, capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return ran.returncode, ran.stdout, ran.stderr


def test_there_are_examples() -> None:
    """At least five."""
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_runs_as_written(line: str, environ: dict[str, str], tmp_path: Path) -> None:
    """It does what it should, and says or writes something; none ends with a complaint."""
    bash("aigw-tui usage > first.txt", environ, tmp_path)  # so that there is history, as with those who use scripts
    code, out, err = bash(line, environ, tmp_path)
    assert (code, "Traceback" in err) == (0, False), err
    written = [path for path in tmp_path.iterdir() if path.suffix in (".csv", ".json", ".ndjson")]
    assert out.strip() or any(path.stat().st_size for path in written)


WHOLE = Limits()
CODES = [
    ("usage --quiet", 0, WHOLE, {}, ""),
    ("usage | head -1", 0, WHOLE, {}, ""),
    ("usage --offline", 0, WHOLE, {}, "were never read"),
    ("usage", 1, WHOLE, {"CLOUDFLARE_API_TOKEN": "cfut_wrong_0123456789_0123456789_wrong"}, "token refused"),
    ("usage", 1, replace(WHOLE, queries=0), {}, "API budget used up"),
    ("usage", 1, replace(WHOLE, denied=frozenset({REQUESTS})), {}, "does not have access"),
    ("usage", 1, WHOLE, {"CLOUDFLARE_API_BASE_URL": "http://127.0.0.1:9/client/v4"}, "out of reach"),
    ("usage --output /dev/null/x", 1, WHOLE, {}, "cannot be written"),
    ("usage", 2, WHOLE, {"CLOUDFLARE_API_TOKEN": ""}, "there is no API token"),
    ("usage --by hor", 2, WHOLE, {}, "did you mean hour?"),
    ("usage --gateway prod-apy", 2, WHOLE, {}, "did you mean prod-api?"),
    ("usages", 2, WHOLE, {}, "did you mean usage?"),
    ("usage --since 2026-01-02 --until 2026-01-01", 2, WHOLE, {}, "ends before it begins"),
    ("quota --quiet", 0, WHOLE, {}, ""),
    ("status", 0, WHOLE, {}, ""),
    ("logs --quiet", 0, WHOLE, {}, ""),
    ("logs", 1, replace(WHOLE, has_logs=False), {}, ""),
    ("probe --gateway prod-api", 2, WHOLE, {}, "is an authenticated gateway"),
    ("doctor", 0, WHOLE, {}, ""),
    ("doctor", 1, WHOLE, {"CLOUDFLARE_API_TOKEN": "cfut_wrong_0123456789_0123456789_wrong"}, ""),
    ("doctor", 3, WHOLE, {"CLOUDFLARE_API_BASE_URL": "http://127.0.0.1:9/client/v4"}, ""),
    ("--version", 0, WHOLE, {}, ""),
]


@pytest.mark.parametrize(("line", "code", "limits", "more", "said"), CODES)
def test_an_exit_code(
    line: str,
    code: int,
    limits: Limits,
    more: dict[str, str],
    said: str,
    served: tuple[Box, Server],
    environ: dict[str, str],
    tmp_path: Path,
) -> None:
    """And at the most a few lines on standard error, never a traceback, never the token."""
    served[0].limits = limits
    got, out, err = bash(f"set -o pipefail; aigw-tui {line}", environ | more, tmp_path)
    assert got == code, err
    assert said in err
    assert "Traceback" not in err + out
    assert TOKEN not in err + out
    if code == 2:
        assert err.count("\n") == 1


def test_interrupted(environ: dict[str, str], served: tuple[Box, Server], tmp_path: Path) -> None:
    """Ctrl-C in the middle of a question: 130, without a word, and nothing half-written."""
    with subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True) as deaf:
        assert deaf.stdout
        port = deaf.stdout.readline().strip()
        own = environ | {"CLOUDFLARE_API_BASE_URL": f"http://127.0.0.1:{port}/client/v4"}
        line = [sys.executable, "-m", "aigw_tui", "usage", "--output", str(tmp_path / "x.txt")]
        with subprocess.Popen(line, env=own, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            deaf.wait(timeout=60)  # it was asked, and has hung up or fallen: the program waits, or tries again
            program.send_signal(signal.SIGINT)
            out, err = program.communicate(timeout=30)
    assert (program.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert list(tmp_path.glob("*x.txt*")) == []
