"""The last screen, kept for the terminal's scrollback after the program has left."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from textual.strip import Strip


def kept(strips: Sequence[Strip], console: Console) -> str:
    """The rows as they stand, in the console's colours, without the empty ones at the end; ends with a newline."""
    rows = list(strips)
    while rows and not rows[-1].text.strip():
        rows.pop()
    return "".join(
        f"{strip.render(console)}\x1b[0m\n" if console.color_system else f"{strip.text.rstrip()}\n" for strip in rows
    )
