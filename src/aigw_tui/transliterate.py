"""Every character as ASCII that takes as much room: for terminals and files that know no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from aigw_tui.format import cells

GLYPHS = str.maketrans(
    {
        # words: unknown, ranges, shortened, separated
        "–": "-", "—": "-", "−": "-", "…": ".", "·": ".", "•": "*", "×": "x", "±": "~", "→": ">", "←": "<",
        "↑": "^", "↓": "v", "›": ">", "‹": "<", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'",
        # marks: states, verdicts, folds, swatches
        "●": "*", "○": "o", "◌": "o", "‖": "|", "■": "#", "✓": "+", "✗": "x", "▲": "^", "▼": "v", "▶": ">",
        "▸": ">", "◂": "<", "▾": "v",
        # gauges: used, surely, perhaps, free; then heights, half rows and widths
        "█": "#", "▓": "=", "▒": ":", "░": ".",
        "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "▀": '"', "▔": "-",
        "▏": "-", "▎": "-", "▍": "-", "▌": "=", "▋": "=", "▊": "=", "▉": "#", "▐": "=", "▕": "-",
        # bars made of lines
        "━": "=", "╸": "-",
    }
)  # fmt: skip
"""What stands for each glyph of ours; all others follow from what they are."""
INSTEAD = "_"
"""For each cell of a character that nothing stands for."""
UNKNOWN = re.compile(r"[ -~]?[^\x00-\x7f]+")
"""With the character in front, which what follows may combine with."""
LOWER, UPPER = 0b1110_0100, 0b0001_1011
"""Dots of a braille cell, in the order of their code: 1 2 3 4 5 6 7 8."""


def transliterate(text: str, width: Callable[[str], int] = cells) -> str:
    """ASCII alone, as wide as the text is by `width`; escape sequences stay as they are."""
    return text if text.isascii() else UNKNOWN.sub(lambda found: _fitted(found[0], width), text)


def _fitted(text: str, width: Callable[[str], int]) -> str:
    room = width(text)
    return "".join(map(_one, text))[:room].ljust(room, INSTEAD)


@cache
def _one(character: str) -> str:
    if character.isascii():
        return character
    if (glyph := GLYPHS.get(ord(character))) is not None:
        return str(glyph)
    code = ord(character)
    if 0x2800 <= code <= 0x28FF:
        return _dots(code - 0x2800)
    if 0x2500 <= code <= 0x259F:
        return _line(unicodedata.name(character))
    plain = "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))
    if len(plain) == 1 and plain.isascii():
        return plain + " " * (cells(character) - 1)
    return INSTEAD * cells(character)


def _dots(dots: int) -> str:
    """A curve keeps two heights in a row."""
    return (":" if dots & UPPER else ".") if dots & LOWER else "'" if dots & UPPER else " "


def _line(name: str) -> str:
    """Of box drawing and block elements, by what Unicode calls them."""
    words = {*name.split()}
    if "QUADRANT" in words:
        return ":" if words >= {"LOWER", "UPPER"} else "." if "LOWER" in words else "'"
    is_across, is_upright = words & {"HORIZONTAL", "LEFT", "RIGHT"}, words & {"VERTICAL", "UP", "DOWN"}
    return "-" if is_across and not is_upright else "|" if is_upright and not is_across else "+"
