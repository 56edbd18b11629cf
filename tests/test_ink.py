"""Colours: who decides whether there are any."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TextIO

import pytest

from aigw_tui.ink import be_lenient, colors


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "no_color", "has_colors"),
    [
        (Tty(), {}, False, True),
        (io.StringIO(), {}, False, False),
        (None, {"FORCE_COLOR": "1"}, False, False),
        (Tty(), {"TERM": "dumb"}, False, False),
        (Tty(), {"NO_COLOR": "1"}, False, False),
        (Tty(), {"NO_COLOR": ""}, False, True),
        (Tty(), {}, True, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, False, True),
        (io.StringIO(), {"FORCE_COLOR": ""}, False, False),
        (Tty(), {"FORCE_COLOR": "0"}, False, False),
        (io.StringIO(), {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_who_decides(stream: TextIO | None, environ: Mapping[str, str], no_color: bool, has_colors: bool) -> None:
    """The flag first, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal that knows colours."""
    assert colors(stream, environ, no_color) is has_colors


def test_a_closed_stream() -> None:
    """Nothing is written to a stream that is closed, and asking is no error."""
    stream = Tty()
    stream.close()
    assert colors(stream, {}, False) is False


def test_a_character_that_is_not_there() -> None:
    """What the encoding of the output lacks is a question mark, not the end of the program."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    be_lenient(stream)
    stream.write("72 % – ✓")
    stream.flush()
    assert raw.getvalue() == b"72 % ? ?"
    be_lenient(None)
    be_lenient(io.StringIO())
