"""How the screen looks: settings before what the terminal says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aigw_tui.appearance import appearance_of
from aigw_tui.config import load

FULL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def looks(environ: Mapping[str, str], flags: Mapping[str, object], no_color: bool = False) -> tuple[str, str]:
    found = appearance_of(load(flags, environ), environ, no_color).looks
    return found.theme, found.depth


@pytest.mark.parametrize(
    ("environ", "flags", "theme", "depth"),
    [
        (FULL, {}, "", "24-bit"),
        (FULL, {"theme": "nord"}, "nord", "24-bit"),
        (FULL, {"colors": "256"}, "", "256"),
        (FULL | {"AIGW_COLORS": "16"}, {}, "ansi-dark", "16"),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, {}, "ansi-light", "16"),
        ({"TERM": "xterm", "COLORFGBG": "15;default;0"}, {}, "ansi-dark", "16"),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, {"theme": "ansi-dark"}, "ansi-dark", "16"),
        ({"TERM": "xterm"}, {"colors": "24-bit"}, "", "24-bit"),
        (FULL, {"colors": "none"}, "", "none"),
    ],
)
def test_colours(environ: Mapping[str, str], flags: Mapping[str, object], theme: str, depth: str) -> None:
    """Sixteen colours lie on the terminal's own background, so that decides between dark and light."""
    assert looks(environ, flags) == (theme, depth)


def test_without_colours() -> None:
    """The flag and NO_COLOR are the last word."""
    assert looks(FULL, {"colors": "24-bit"}, no_color=True) == ("", "none")
