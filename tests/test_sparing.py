"""Over SSH: what costs bytes is off, unless somebody asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from aigw_tui.config import Config, load
from aigw_tui.sparing import sparing

SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}


def quiet(environ: Mapping[str, str], flags: Mapping[str, object], demo: bool = False) -> Config:
    return sparing(load(flags, environ, demo=demo), environ)


def parts(config: Config) -> tuple[str | None, float, bool, bool]:
    return config.theme, config.interval, config.mouse, config.animation


@pytest.mark.parametrize(("environ", "flags"), [(SSH, {}), ({}, {"ssh": True}), ({"AIGW_SSH": "1"}, {})])
def test_by_itself_and_as_asked(environ: Mapping[str, str], flags: Mapping[str, object]) -> None:
    """Sixteen colours, no mouse, no animation, and half a minute between two questions at the least."""
    assert parts(quiet(environ, flags)) == ("ansi-dark", 60, False, False)
    assert parts(quiet(environ, flags, demo=True)) == ("ansi-dark", 30, False, False)
    assert parts(quiet({**environ, "COLORFGBG": "0;15"}, flags))[0] == "ansi-light"


@pytest.mark.parametrize(("environ", "flags"), [({}, {}), (SSH, {"ssh": False}), (SSH | {"AIGW_SSH": "no"}, {})])
def test_otherwise_nothing_changes(environ: Mapping[str, str], flags: Mapping[str, object]) -> None:
    """At home, and where a person says so."""
    assert parts(quiet(environ, flags)) == (None, 60, True, True)


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ({"theme": "house-dark"}, ("house-dark", 60, False, False)),
        ({"interval": "10"}, ("ansi-dark", 10, False, False)),
    ],
)
def test_each_part_by_its_flag(flags: Mapping[str, object], wanted: tuple[object, ...]) -> None:
    """What was asked for is as it was asked for; the rest is quiet."""
    assert parts(quiet(SSH, flags)) == wanted


def test_each_part_by_its_key(home: Path) -> None:
    """Also from config.toml and the environment."""
    file = home / ".config/aigw-tui/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("mouse = true\ninterval = 15\n")
    assert parts(quiet(SSH, {})) == ("ansi-dark", 15, True, False)
    assert parts(quiet(SSH | {"AIGW_ANIMATION": "on"}, {})) == ("ansi-dark", 15, True, True)
