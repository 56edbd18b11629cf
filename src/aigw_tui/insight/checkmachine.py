"""Judges this machine: the terminal, and the file that keeps history."""

from __future__ import annotations

from datetime import datetime, timedelta

from aigw_tui.format import age, clean, short
from aigw_tui.insight.checkup import Check, fails, ok, warning

SMALL = (80, 24)
"""Columns and rows from which every panel has room."""
SAMPLE = "▁▂▃▄▅▆▇█ ▌┃ ⣀⣤⣶⣿ ╭─╮│╰╯ ●◌ ✓✗ – ~ ±"
"""One of each kind of glyph that the screen uses: blocks, braille, lines, marks."""
MEGABYTE = 1_000_000


def size(columns: int, rows: int, is_terminal: bool) -> Check:
    if not is_terminal:
        return warning(
            "terminal",
            "standard input or output is not a terminal",
            "run it in one: the monitor needs it, nothing else",
        )
    if columns < SMALL[0] or rows < SMALL[1]:
        return warning("terminal", f"{columns} by {rows} cells", f"make it {SMALL[0]} by {SMALL[1]} to see everything")
    return ok("terminal", f"{columns} by {rows} cells")


def colors(term: str, depth: str, is_off: bool) -> Check:
    """How many colours the terminal has: `24-bit`, `256`, `16`."""
    if is_off:
        return ok("colours", "none, as asked (NO_COLOR or --no-color)")
    if depth == "24-bit":
        return ok("colours", "16 million")
    if term in ("", "dumb"):
        return warning("colours", f"TERM is {term or 'not set'}", "set TERM to what your terminal is: xterm-256color")
    if depth == "256":
        return ok("colours", f"256 (TERM={clean(term, 40)})")
    return warning("colours", f"16 (TERM={clean(term, 40)})", "set COLORTERM=truecolor if your terminal has them")


def encoding(name: str) -> Check:
    if name.lower().replace("-", "") == "utf8":
        return ok("encoding", "UTF-8")
    return warning(
        "encoding", f"{clean(name, 40)}, which lacks the glyphs", "set LANG to C.UTF-8 or another UTF-8 locale"
    )


def glyphs() -> Check:
    """Fonts cannot be asked, so a person must look."""
    return ok("glyphs", f"{SAMPLE}  (boxes or question marks here: choose a font with braille and block elements)")


def database(path: str, size_bytes: int, version: int, newest: int, damage: str) -> Check:
    """`version` of the file, and the `newest` that this program writes."""
    words = f"{path}, {size_bytes / MEGABYTE:.1f} MB"
    if damage:
        return fails(
            "database",
            f"{words}, is damaged: {clean(damage, 120)}",
            "start the monitor: it sets the file aside and reads history from Cloudflare again",
        )
    if version > newest:
        return warning("database", f"{words}, is of a newer version and only read", "update aigw-tui")
    return ok(
        "database",
        f"{words}, sound" + ("" if version == newest else ", of an older version; the next start brings it up to date"),
    )


def absent(path: str) -> Check:
    return ok("database", f"{path} does not exist yet; the first start makes it")


def lease(account: str, made: datetime, until: datetime, now: datetime) -> Check:
    """Who asks for an account: a lease is made anew every interval."""
    name = "asked by"
    if until <= now or made > now:
        return ok(name, f"nobody: the last to ask for {account} stopped {age(max(now - until, timedelta(0)))} ago")
    return ok(
        name, f"another aigw-tui asks for {account}; it said so {age(now - made)} ago, until {until:%H:%M:%S} UTC"
    )


def requests_left(used: int, limit: int) -> Check:
    """Our own calls in five minutes."""
    return ok("API budget", f"this took {short(used)} of {short(limit)} questions that Cloudflare allows in 5 minutes")
