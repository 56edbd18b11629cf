"""In a real terminal: it sends what that terminal can show, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from terminal import Terminal
from test_pty import is_open

SGR = re.compile(rb"\x1b\[([\d;]*)m")
FULL = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}


def colors(sent: bytes) -> set[str]:
    """`24-bit`, `256`, `16`: the kinds of colour that were sent."""
    kinds = set()
    for found in SGR.finditer(sent):
        codes = found[1].decode().split(";")
        while codes:
            code = codes.pop(0)
            if code in ("38", "48"):
                kind = codes.pop(0)
                kinds.add("24-bit" if kind == "2" else "256")
                del codes[: 3 if kind == "2" else 1]
            elif code and (30 <= int(code) <= 37 or 40 <= int(code) <= 47 or 90 <= int(code) <= 107):
                kinds.add("16")
    return kinds


@pytest.mark.parametrize(
    ("words", "environ", "sent"),
    [
        ((), FULL, {"24-bit"}),
        ((), {"TERM": "xterm-256color", "COLORTERM": ""}, {"256"}),
        (("--theme", "nord"), {"TERM": "xterm-256color", "COLORTERM": ""}, {"256"}),
        ((), {"TERM": "xterm", "COLORTERM": ""}, {"16"}),
        (("--theme", "house-light"), {"TERM": "xterm", "COLORTERM": ""}, {"16"}),
        (("--theme", "contrast-dark", "--colors", "256"), FULL, {"256"}),
        (("--theme", "ansi-light"), FULL, {"16"}),
        (("--no-color",), FULL, set()),
        (("--theme", "ansi-dark"), FULL | {"NO_COLOR": "1"}, set()),
        (("--theme", "nord", "--colors", "none"), FULL, set()),
    ],
)
def test_colours(words: tuple[str, ...], environ: Mapping[str, str], sent: set[str]) -> None:
    """The dashboard, the help and the palette have no more colours than the terminal."""
    with Terminal("--demo", *words, environ=environ) as terminal:
        terminal.until(is_open)
        for key, words_there in (("?", "Next row"), ("\x10", "Search for commands")):
            terminal.press(key)
            terminal.until(lambda text, there=words_there: there in text)  # type: ignore[misc]
            terminal.press("\x1b")
            terminal.until(lambda text, there=words_there: there not in text and is_open(text))  # type: ignore[misc]
        terminal.press("q")
        assert terminal.end() == 0
        assert colors(terminal.bytes) == sent
