"""The nearest of 256 colours."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from aigw_tui.tui.colorspace import distance, lab, linear
from aigw_tui.tui.legibility import CONTRAST, contrast
from aigw_tui.tui.nearest import GREY, Nearest256, color_of, nearest
from aigw_tui.tui.themes import HOUSE

COLORS = st.builds(Color, *[st.integers(0, 255)] * 3)


@given(COLORS)
def test_nearest(color: Color) -> None:
    """No other of the 240 is nearer, of their greys where it is almost grey; none of the sixteen is used, which every
    terminal shows as it likes."""
    here = lab(linear(color))
    found = nearest(color)
    assert 16 <= found <= 255
    distances = {number: distance(lab(linear(color_of(number))), here) for number in range(16, 256)}
    if math.hypot(*here[1:]) < GREY:
        assert len({*color_of(found).rgb}) == 1
    else:
        assert distances[found] == min(distances.values())


@given(st.integers(16, 255))
def test_what_is_there_stays(number: int) -> None:
    """A colour of the 240 is itself, unless it is almost grey."""
    color = color_of(number)
    assume(len({*color.rgb}) == 1 or math.hypot(*lab(linear(color))[1:]) >= GREY)
    assert color_of(nearest(color_of(number))) == color_of(number)


@given(COLORS, COLORS)
def test_words_stay_readable(color: Color, behind: Color) -> None:
    """Where words could be read in 24 bits, they can in 256 colours."""
    style = shown(Style(color=RichColor.from_rgb(*color.rgb), bgcolor=RichColor.from_rgb(*behind.rgb)))
    if contrast(color, behind) >= CONTRAST:
        assert contrast(number(style.color), number(style.bgcolor)) >= CONTRAST


def shown(style: Style) -> Style:
    (found,) = Nearest256().apply([Segment("x", style)], Color(0, 0, 0))
    assert found.style is not None
    return found.style


def number(color: RichColor | None) -> Color:
    assert color
    assert color.number is not None
    return color_of(color.number)


def test_the_rest_of_a_style_stays() -> None:
    """Bold is bold; the terminal's own colours, and what has none, are left alone."""
    own = Style(color="red", bold=True)
    assert shown(own) == own
    assert shown(Style(color="#ff0000", bold=True)) == Style(color=RichColor.from_ansi(196), bold=True)
    assert Nearest256().apply([Segment("x")], Color(0, 0, 0)) == [Segment("x")]


@pytest.mark.parametrize("theme", HOUSE)
def test_the_cursor_and_the_bands_show(theme: str) -> None:
    """What lies behind a row is another colour than the ground, and a grey edge is grey."""
    found = {role: nearest(Color.parse(color)) for role, color in HOUSE[theme].items()}
    assert found["ground"] not in (found["cursor"], found["warnband"], found["badband"])
    for role in ("edge", "faint", "muted"):
        assert len({*color_of(found[role]).rgb}) == 1
