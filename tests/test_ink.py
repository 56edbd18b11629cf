"""Colours: who decides whether there are any."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TextIO

import pytest

from aigw_tui.ink import colors, knows_unicode, prepare


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


def stream(encoding: str, *, is_terminal: bool = False) -> tuple[io.BytesIO, io.TextIOWrapper]:
    raw = io.BytesIO()
    found = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    if is_terminal:
        found.isatty = lambda: True  # type: ignore[method-assign]
    return raw, found


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("ascii", b"72 % - + 1,204 ~31 cafe __"), ("latin-1", b"72 % - + 1,204 \xb131 caf\xe9 __")],
)
def test_a_character_that_is_not_there(encoding: str, written: bytes) -> None:
    """What the encoding lacks is written as its ASCII, what it has as it is; never `?`, never an error."""
    raw, out = stream(encoding)
    prepare(out, {})
    out.write("72 % – ✓ 1,204 ±31 café 型")
    out.flush()
    assert raw.getvalue() == written
    prepare(None, {})
    prepare(io.StringIO(), {})


@pytest.mark.parametrize(
    ("environ", "encoding", "wish", "is_terminal", "written"),
    [
        ({"LANG": "en_US.UTF-8"}, "utf-8", None, True, "–"),
        ({"LANG": "C"}, "utf-8", None, True, "-"),
        ({"LC_ALL": "POSIX"}, "utf-8", None, True, "-"),
        ({"LANG": "C"}, "utf-8", None, False, "–"),
        ({"LANG": "C"}, "utf-8", False, True, "–"),
        ({"LANG": "en_US.UTF-8"}, "utf-8", True, True, "-"),
        ({"LANG": "en_US.UTF-8"}, "utf-8", True, False, "-"),
        ({}, "ascii", False, False, "–"),
    ],
)
def test_ascii_alone(
    environ: Mapping[str, str], encoding: str, wish: bool | None, is_terminal: bool, written: str
) -> None:
    """As was asked for, else as the locale of the terminal says; twice is as once."""
    raw, out = stream(encoding, is_terminal=is_terminal)
    prepare(out, environ)
    prepare(out, environ, wish)
    out.write("–")
    out.flush()
    assert raw.getvalue().decode() == written


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_data_are_utf_8(encoding: str) -> None:
    """Names in files for programs are never changed; on a terminal they are read by a person."""
    raw, out = stream(encoding)
    prepare(out, {"LANG": "C"}, True, is_data=True)
    out.write("型")
    out.flush()
    assert raw.getvalue() == "型".encode()
    raw, out = stream(encoding, is_terminal=True)
    prepare(out, {"LANG": "C"}, True, is_data=True)
    out.write("型")
    out.flush()
    assert raw.getvalue() == b"__"


@pytest.mark.parametrize(
    ("environ", "encoding", "is_known"),
    [
        ({}, "utf-8", True),
        ({}, "ascii", False),
        ({}, "iso8859-1", False),
        ({"LANG": "C"}, "utf-8", False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", False),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8", True),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, "utf-8", True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "utf-8", False),
        ({"LC_ALL": "POSIX"}, "utf-8", False),
        ({"LANG": "C.utf8"}, "utf-8", True),
        ({"LANG": "de_DE.utf8@euro"}, "utf-8", True),
        ({"LANG": "de_DE.ISO-8859-1"}, "utf-8", False),
        ({"LANG": "de_DE"}, "utf-8", True),
    ],
)
def test_the_locale(environ: Mapping[str, str], encoding: str, is_known: bool) -> None:
    """What was asked for counts, not the UTF-8 that Python makes of the C locale."""
    assert knows_unicode(environ, encoding) is is_known
