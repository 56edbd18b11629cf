"""Commands where there is no UTF-8: nothing ends with an error, nothing is a `?`, and data stay what they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from terminal import Terminal

PROGRAM = (sys.executable, "-m", "aigw_tui")
COMMANDS = (
    "usage --demo --by day,model",
    "usage --demo --format markdown",
    "quota --demo",
    "status --demo",
    "check --demo",
    "compare --demo",
    "doctor --demo",
    "logs --demo --since 1h",
    "alerts list --demo",
    "report --demo",
    "--help",
    "usage --help",
)


def run(words: str, *more: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **environ, "PYTHONUTF8": "0"}
    return subprocess.run([*PROGRAM, *words.split(), *more], env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("words", COMMANDS)
def test_text_for_people(words: str) -> None:
    """With an output of ASCII alone every command says what it says, in ASCII."""
    done = run(words, PYTHONIOENCODING="ascii:strict")
    assert done.returncode in (0, 1)
    assert done.stdout
    assert done.stdout.isascii()
    assert done.stderr.isascii()
    assert b"UnicodeEncodeError" not in done.stderr
    assert b"\\u" not in done.stderr
    assert b"?" not in done.stdout


def test_a_foreign_name_in_a_complaint() -> None:
    """What was written is said again, a sign for each of its cells."""
    done = run("usage --demo --gateway 模型", PYTHONIOENCODING="ascii:strict")
    assert done.returncode == 2
    assert b"there is no gateway ____ > use one of" in done.stderr


@pytest.mark.parametrize("words", ["usage --demo --format json", "logs --demo --since 1h --format ndjson"])
def test_data_for_programs(words: str) -> None:
    """The same bytes in any locale, with and without `--ascii`."""
    usual, odd = run(words, "--at", "14:05"), run(words, "--at", "14:05", "--ascii", PYTHONIOENCODING="latin-1")
    assert usual.returncode == odd.returncode == 0
    assert usual.stdout.decode().splitlines()[0] == odd.stdout.decode().splitlines()[0]
    assert json.loads(odd.stdout.splitlines()[0] if "ndjson" in words else odd.stdout)


LOCALES = [((), {"LANG": "C"}), ((), {"LC_ALL": "POSIX"}), (("--ascii",), {}), ((), {"AIGW_ASCII": "1"})]


@pytest.mark.parametrize(("words", "environ"), LOCALES)
def test_on_a_terminal(words: tuple[str, ...], environ: dict[str, str]) -> None:
    """The locale counts where a person reads, although Python writes UTF-8 there; so do flag and variable."""
    with Terminal("usage", "--demo", *words, size=(100, 60), environ=environ) as terminal:
        assert terminal.end() == 0
        assert "Summary" in terminal.text
        assert max(terminal.bytes) < 0x80


def test_with_utf_8_nothing_changes() -> None:
    """A terminal that shows everything gets everything; also where no locale is set."""
    for environ in ({"LANG": "en_US.UTF-8"}, {}):
        with Terminal("usage", "--demo", size=(100, 60), environ=environ) as terminal:
            assert terminal.end() == 0
            assert "─" in terminal.text
