"""The colours: every role in every theme, readable where words are drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

import aigw_tui
from aigw_tui.tui.legibility import CONTRAST, blend, contrast, readable
from aigw_tui.tui.themes import ANSI, HOUSE, READABLE, ROLES, colors_of, house_themes, stylesheet_roles

HIGH = 7.0
"""WCAG 2, level AAA."""


@pytest.mark.parametrize("theme", [*HOUSE, *ANSI, "nord", "textual-light", "no such theme"])
def test_every_role_has_a_colour(theme: str) -> None:
    """Whatever the theme, and whatever is missing of its variables, no role is without a colour."""
    variables = BUILTIN_THEMES[theme].to_color_system().generate() if theme in BUILTIN_THEMES else {}
    assert set(colors_of(theme, variables)) == set(ROLES)


@pytest.mark.parametrize("theme", list(HOUSE))
def test_words_can_be_read(theme: str) -> None:
    """In every role that words have, on everything that lies behind them; high contrast is that of level AAA."""
    least = HIGH if theme.startswith("contrast") else CONTRAST
    assert faint_words(HOUSE[theme], least) == {}
    assert between(HOUSE[theme], "text", "ground") >= HIGH


@pytest.mark.parametrize("theme", [theme for theme in BUILTIN_THEMES if theme not in ANSI])
def test_words_can_be_read_in_any_theme(theme: str) -> None:
    """Textual's own themes are blended towards black or white until words can be read on whatever lies behind them."""
    colors = colors_of(theme, BUILTIN_THEMES[theme].to_color_system().generate())
    assert faint_words(colors, CONTRAST) == {}


@pytest.mark.parametrize("theme", list(ANSI))
def test_words_in_the_terminals_own_colours(theme: str) -> None:
    """No figure vanishes where the background is not the one that was guessed: neither black nor white is named."""
    named = {role for role, color in ANSI[theme].items() if color in ("black", "white", "bright_white")}
    assert named == set()
    assert {ANSI[theme][role] for role in ("strong", "text", "muted")} == {"default"}


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3), st.floats(1, 4.5))
def test_any_colour_becomes_readable(color: tuple[int, int, int], ground: tuple[int, int, int], least: float) -> None:
    """On any ground, and no colour is touched that can be read already."""
    before, behind = Color(*color), Color(*ground)
    found = readable(before, [behind], least)
    assert contrast(found, behind) >= least
    assert found == before or contrast(before, behind) < least


def faint_words(colors: Mapping[str, str], least: float) -> dict[tuple[str, str], float]:
    """(role, what lies behind) → its contrast, where that is too low."""
    pairs = {(role, on): between(colors, role, on) for role, behind in READABLE.items() for on in behind}
    return {pair: found for pair, found in pairs.items() if found < least}


def between(colors: Mapping[str, str], role: str, on: str) -> float:
    return contrast(Color.parse(colors[role]), Color.parse(colors[on]))


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21, a colour on itself 1, and #767676 the lightest grey for words on white."""
    white = Color.parse("white")
    assert contrast(white, Color.parse("black")) == pytest.approx(21)
    assert contrast(white, white) == 1
    assert contrast(white, Color.parse("#767676")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", house_themes(), ids=lambda theme: theme.name)
def test_the_stylesheet_sees_every_role(theme: Theme) -> None:
    """Each role is a variable of the stylesheet with exactly the palette's colour, and the theme is complete."""
    assert {role: theme.variables[role] for role in ROLES} == dict(HOUSE[theme.name])
    assert theme.to_color_system().generate()["background"].lower() == HOUSE[theme.name]["ground"]


@pytest.mark.parametrize("theme", BUILTIN_THEMES.values(), ids=lambda theme: theme.name)
def test_any_theme_can_fill_the_stylesheet(theme: Theme) -> None:
    """The roles exist for Textual's own themes, in colours that the stylesheet understands."""
    found = stylesheet_roles(theme)
    assert set(found) == set(ROLES)
    for color in found.values():
        Color.parse(color)


def test_blending_goes_from_the_ground_to_the_colour() -> None:
    """No share is the ground, all of it the colour; a terminal's own name cannot be blended."""
    assert blend("#ffffff", "#000000", 0.0) == "#000000"
    assert blend("#ffffff", "#000000", 1.0) == "#ffffff"
    assert blend("#ffffff", "#000000", 0.5) in ("#7f7f7f", "#808080")
    assert blend("bright_red", "#000000", 0.5) == "bright_red"


def test_colours_stand_in_one_file() -> None:
    """The screen has one, and the page of a report one; no other file of the program names a colour."""
    folder = Path(aigw_tui.__file__).parent
    named = {
        path.name
        for path in (*folder.rglob("*.py"), *folder.rglob("*.tcss"))
        if re.search(r"[\"' :]#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8"))
    }
    assert named == {"themes.py", "colors.py"}
