"""Colours on a terminal that has 256: the nearest of them, and words that can still be read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from aigw_tui.tui.colorspace import Place, distance, lab, linear
from aigw_tui.tui.legibility import CONTRAST, contrast

STEPS = (0, 95, 135, 175, 215, 255)
FIRST_GREY = 232
GREY = 14
"""Chroma (in L*a*b*) below which a colour is a tinted grey: the cube's nearest would be purple or teal."""


class Nearest256(LineFilter):
    """Every 24-bit colour as the nearest of the 240 that all terminals with 256 colours agree on.

    Rich's own choice makes dark tints blue and grey borders teal.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [Segment(text, style and _in_256(style), control) for text, style, control in segments]


@cache
def _in_256(style: Style) -> Style:
    color, behind = _parsed(style.color), _parsed(style.bgcolor)
    number, ground = color and nearest(color), behind and nearest(behind)
    if color and behind and ground and contrast(color, behind) >= CONTRAST:
        number = _readable(color, ground)
    return style + Style(
        color=None if number is None else RichColor.from_ansi(number),
        bgcolor=None if ground is None else RichColor.from_ansi(ground),
    )


def _parsed(color: RichColor | None) -> Color | None:
    """None for what is no 24-bit colour."""
    return Color(*color.triplet) if color is not None and color.type is ColorType.TRUECOLOR and color.triplet else None


@cache
def nearest(color: Color) -> int:
    """Its number, 16 to 255; of what is almost grey the nearest grey."""
    here = lab(linear(color))
    return min(_places(_is_grey(here)).items(), key=lambda item: distance(item[1], here))[0]


@cache
def _readable(color: Color, behind: int) -> int:
    """The nearest in which words can still be read on that number: black or white at the worst."""
    here, ground = lab(linear(color)), color_of(behind)
    by_distance = sorted(_places(_is_grey(here)).items(), key=lambda item: distance(item[1], here))
    return next(number for number, _ in by_distance if contrast(color_of(number), ground) >= CONTRAST)


@cache
def _places(only_greys: bool) -> Mapping[int, Place]:
    found = {number: color_of(number) for number in range(16, 256)}
    return {number: lab(linear(one)) for number, one in found.items() if not only_greys or one.r == one.g == one.b}


def _is_grey(place: Place) -> bool:
    return math.hypot(place[1], place[2]) < GREY


def color_of(number: int) -> Color:
    """What xterm shows for 16 to 255: a cube of six steps, then 24 greys."""
    if number >= FIRST_GREY:
        return Color(*(8 + 10 * (number - FIRST_GREY),) * 3)
    red, rest = divmod(number - 16, 36)
    return Color(STEPS[red], STEPS[rest // 6], STEPS[rest % 6])
