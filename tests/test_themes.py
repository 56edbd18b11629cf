"""The colours: every role in every theme, readable where words are drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

import aigw_tui
from aigw_tui.tui.themes import ANSI, HOUSE, ROLES, blend, colors_of, house_themes, stylesheet_roles


@pytest.mark.parametrize("theme", [*HOUSE, *ANSI, "nord", "textual-light", "no such theme"])
def test_every_role_has_a_colour(theme: str) -> None:
    """Whatever the theme, and whatever is missing of its variables, no role is without a colour."""
    variables = BUILTIN_THEMES[theme].to_color_system().generate() if theme in BUILTIN_THEMES else {}
    assert set(colors_of(theme, variables)) == set(ROLES)


@pytest.mark.parametrize("theme", list(HOUSE))
@pytest.mark.parametrize(
    ("role", "on", "least"),
    [
        ("strong", "ground", 7.0),
        ("text", "ground", 7.0),
        ("muted", "ground", 4.5),
        ("text", "cursor", 7.0),
        ("warn", "warnband", 4.5),
        ("bad", "badband", 4.5),
        ("accent", "ground", 4.5),
        ("faint", "ground", 3.0),
    ],
)
def test_words_can_be_read(theme: str, role: str, on: str, least: float) -> None:
    """Contrast of words against what lies behind them; faint is for zeros and axes only."""
    colors = HOUSE[theme]
    lighter, darker = sorted((luminance(colors[role]), luminance(colors[on])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def luminance(color: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in Color.parse(color).normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


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
    """No other file of the program names a colour."""
    folder = Path(aigw_tui.__file__).parent
    named = {
        path.name
        for path in (*folder.rglob("*.py"), *folder.rglob("*.tcss"))
        if re.search(r"[\"' :]#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8"))
    }
    assert named == {"themes.py"}
