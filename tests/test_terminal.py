"""What a terminal says of its colours."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aigw_tui.tui.terminal import depth_of


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "24-bit"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "24-bit"),
        ({"TERM": "xterm-kitty"}, "24-bit"),
        ({"TERM": "xterm-direct"}, "24-bit"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "tmux-256color", "COLORTERM": "yes"}, "256"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "screen"}, "16"),
        ({}, "16"),
    ],
)
def test_the_terminal_says(environ: Mapping[str, str], depth: str) -> None:
    """COLORTERM first, then TERM; what says nothing has sixteen."""
    assert depth_of(environ) == depth
