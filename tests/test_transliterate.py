"""ASCII for every character, of the same width, so that no column moves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import aigw_tui
from aigw_tui.transliterate import INSTEAD, transliterate
from aigw_tui.tui.bars import EIGHTHS
from aigw_tui.tui.palette import BAD_SHADE, SHADES
from test_hostile import NAMES

SCREEN = ("tui", "insight", "format.py", "outlets", "datasets", "feed")
"""Where the characters come from that are drawn or printed."""


def ours() -> Iterator[str]:
    """Every character beyond ASCII in a text of the program."""
    for part in SCREEN:
        root = Path(aigw_tui.__file__).parent / part
        for path in root.rglob("*.py") if root.is_dir() else [root]:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield from (letter for letter in node.value if not letter.isascii())


def test_every_glyph_of_ours_has_one() -> None:
    """None of them is left to chance; what no one sees (a word joiner, the sign for what is not printable) may be."""
    left = {letter for letter in ours() if not letter.isalpha() and transliterate(letter).strip(INSTEAD) == ""}
    assert left - {"\N{WORD JOINER}", "\N{REPLACEMENT CHARACTER}"} == {"▁"}


@given(st.text())
def test_any_text(text: str) -> None:
    """ASCII alone; what was ASCII is as it was; again changes nothing."""
    found = transliterate(text)
    assert found.isascii()
    assert transliterate(found) == found
    if text.isascii():
        assert found == text


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_the_width_stays(text: str) -> None:
    """By the terminal's own measure, also of marks that combine and of pictures made of several characters."""
    assert cell_len(transliterate(text, cell_len)) == cell_len(text)


@pytest.mark.parametrize("name", NAMES)
def test_foreign_names(name: str) -> None:
    """Whatever a model is called."""
    shown = transliterate(name, cell_len)
    assert shown.isascii()
    assert len([letter for letter in shown if letter.isprintable()]) == len(shown) or not name.isprintable()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("╭─ ¹ Neurons ─╮", "+- 1 Neurons -+"),
        ("│ ─ ╰ ┼ ├ ┃ ━ ╸", "| - + + + | = -"),
        ("19:10–21:40 · 1,204 ±31 × 2 › today ▸ ▾", "19:10-21:40 . 1,204 ~31 x 2 > today > v"),
        ("● live ○ ◌ ‖ ✓ ✗ ▲ …", "* live o o | + x ^ ."),
        (EIGHTHS, " _.:-=+*#"),
        ("⠀⠁⠈⣀⡀⣿⠶", " ''..::"),
        ("▘▖▚▌", "'.:="),
        ("naïve café Ångström", "naive cafe Angstrom"),
        ("e\u0301x ﬁ ½ Ⅳ", "ex _ _ _"),
        ("模型-7b ａ", "____-7b a "),
        ("❤\ufe0fx", "__x"),
        ("\x1b[1;2H█\x1b[0m", "\x1b[1;2H#\x1b[0m"),
    ],
)
def test_what_stands_for_what(text: str, shown: str) -> None:
    assert transliterate(text, cell_len) == shown


def test_meanings_stay_apart() -> None:
    """Heights rise in ink, and the textures of a gauge, its mark and what failed are six signs."""
    assert len({*transliterate(EIGHTHS)}) == len(EIGHTHS)
    textures = [*dict.fromkeys(SHADES.values()), BAD_SHADE, "┃"]
    assert len({*map(transliterate, textures)}) == len(textures)
    assert re.fullmatch(r"[^?]*", transliterate("".join(ours())))
