"""The README is the front door: what it says is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aigw_tui.commands.monitor import EPILOG
from aigw_tui.config.reference import env_example, table
from aigw_tui.insight.permissions import PERMISSIONS
from benchmarks import pace, spikes
from benchmarks.simulated import KINDS, SEEDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_settings_are_those_of_the_program() -> None:
    """The table and `.env.example` are generated from the fields; both stand here as generated."""
    assert table().strip() in README
    assert (ROOT / ".env.example").read_text() == env_example()


def test_two_commands_start_it_and_test_it() -> None:
    """Each is one line that makes its own environment."""
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert [command.split()[-1] for command in commands] == ["--demo", ".venv/bin/pytest"]
    assert "--demo" in EPILOG


def test_the_permissions_are_those_of_the_welcome() -> None:
    """A token made by the README is the token that the welcome asks for."""
    assert all(permission in README for permission in PERMISSIONS)


def test_every_picture_exists() -> None:
    """At the top stands one of the real screen."""
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_the_tables_of_the_back_tests() -> None:
    """They have the heads that the benchmarks print; of the many lines one is made anew."""
    assert f"`.venv/bin/python {Path(spikes.__file__).parent.relative_to(ROOT)}`" in README
    assert next(pace.by_hour([])) in README
    *head, line = spikes.table(list(spikes.trials(range(SEEDS), KINDS[1:2])))
    assert "\n".join(head) in README
    assert line in README


@pytest.mark.soak
def test_every_line_of_the_back_tests() -> None:
    """The long form: all accounts."""
    assert "\n".join(pace.by_hour(list(pace.trials(range(SEEDS))))) in README
    assert "\n".join(spikes.table(list(spikes.trials(range(SEEDS))))) in README
