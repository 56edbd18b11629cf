"""What a stream can show: colours, and characters."""

from __future__ import annotations

import codecs
import io
from collections.abc import Mapping
from typing import TextIO

COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python may have made of LC_CTYPE."""
INSTEAD, ASCII = "aigw-transliterate", "ascii"


def colors(stream: TextIO | None, environ: Mapping[str, str], no_color: bool) -> bool:
    """A flag beats NO_COLOR (no-color.org), which beats FORCE_COLOR, which beats what the stream is.

    Both variables mean something as soon as they are not empty; FORCE_COLOR=0 means no colour. A stream that is
    closed (None) has none.
    """
    if stream is None or stream.closed or no_color or environ.get("NO_COLOR"):
        return False
    if forced := environ.get("FORCE_COLOR"):
        return forced != "0"
    return stream.isatty() and environ.get("TERM") != "dumb"


def knows_unicode(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether a person who reads text of that encoding here sees more than ASCII.

    Python writes UTF-8 in the C locale too (PEP 538, 540), and then sets LC_CTYPE itself; what was asked for stands in
    the other variables. Where none is set, Python is believed.
    """
    if not encoding.lower().startswith("utf"):
        return False
    named = [environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if named[1] in COERCED:
        named[1] = ""
    locale = next(filter(None, named), "")
    codeset = locale.partition(".")[2].partition("@")[0].lower()
    return locale not in ("C", "POSIX") and (not codeset or codeset.startswith("utf"))


def prepare(
    stream: TextIO | None, environ: Mapping[str, str], wish: bool | None = None, *, is_data: bool = False
) -> None:
    """From here on no character ends the program: what the stream cannot show is transliterated.

    `wish`: ASCII alone, or not; None: as the terminal is. `is_data`: for programs, so UTF-8 unless a person reads it.
    """
    if not isinstance(stream, io.TextIOWrapper):
        return
    is_read = not stream.closed and stream.isatty()
    if is_data and not is_read:
        stream.reconfigure(encoding="utf-8", errors="strict")
        return
    if stream.errors != INSTEAD:
        codecs.register_error(INSTEAD, _instead)
        stream.reconfigure(errors=INSTEAD)
    if wish is None:
        wish = (is_read and not knows_unicode(environ, stream.encoding)) or stream.encoding == ASCII
    if wish != (stream.encoding == ASCII):
        stream.reconfigure(encoding=ASCII if wish else "utf-8", errors=INSTEAD)


def _instead(error: UnicodeError) -> tuple[str, int]:
    from aigw_tui.transliterate import transliterate

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return transliterate(error.object[error.start : error.end]), error.end
