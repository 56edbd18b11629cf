"""What a stream can show: colours, and characters."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TextIO


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


def be_lenient(stream: TextIO | None) -> None:
    """From here on a character that the stream's encoding lacks is written as `?`: for text that people read."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
