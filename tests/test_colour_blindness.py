"""The colours that judge are told apart by people who do not tell red from green; a word or glyph stands there too."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pytest
from textual.color import Color

from aigw_tui.tui.colorspace import Place, distance, lab, linear
from aigw_tui.tui.nearest import color_of, nearest
from aigw_tui.tui.themes import HOUSE

JUDGES = ("good", "warn", "bad", "accent", "text")
"""Roles that mean something by their hue; words without a verdict are `text`."""
LEAST = 15
"""ΔE*ab; about 2 can just be seen."""
LEAST_OF_256 = 10

Matrix = tuple[Place, Place, Place]
SIGHT: Mapping[str, Matrix] = {
    "ordinary": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
"""What light (linear sRGB) looks like: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based
Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009, doi:10.1109/TVCG.2009.113, severity 1."""


def seen(color: Color, sight: str) -> Place:
    """Where in L*a*b* a person with that sight sees the colour."""
    light = linear(color)
    red, green, blue = (sum(a * b for a, b in zip(row, light, strict=True)) for row in SIGHT[sight])
    return lab((clamped(red), clamped(green), clamped(blue)))


def clamped(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def apart(colors: Mapping[str, Color], sight: str) -> dict[tuple[str, str], float]:
    return {
        (one, other): distance(seen(colors[one], sight), seen(colors[other], sight))
        for one, other in combinations(JUDGES, 2)
    }


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", HOUSE)
def test_verdicts_differ(theme: str, sight: str) -> None:
    """Any two of them, in every theme of ours."""
    colors = {role: Color.parse(HOUSE[theme][role]) for role in JUDGES}
    assert {pair: found for pair, found in apart(colors, sight).items() if found < LEAST} == {}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", HOUSE)
def test_verdicts_differ_in_256_colours(theme: str, sight: str) -> None:
    """Also where the terminal has only colours that come near."""
    colors = {role: color_of(nearest(Color.parse(HOUSE[theme][role]))) for role in JUDGES}
    assert {pair: found for pair, found in apart(colors, sight).items() if found < LEAST_OF_256} == {}


def test_the_simulation() -> None:
    """Greys stay as they are for everybody; pure red and a dark yellow are one colour for people without red cones."""
    for sight in SIGHT:
        grey = Color(128, 128, 128)
        assert distance(seen(grey, sight), seen(grey, "ordinary")) < 1
    red, yellow = Color(255, 0, 0), Color(110, 95, 0)
    assert distance(seen(red, "ordinary"), seen(yellow, "ordinary")) > 50
    assert distance(seen(red, "protanopia"), seen(yellow, "protanopia")) < 15
