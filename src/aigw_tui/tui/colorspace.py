"""Colours as places: how light they are, and how far apart two of them look."""

from __future__ import annotations

import math

from textual.color import Color

Place = tuple[float, float, float]
"""L* (0 black to 100 white), a*, b*."""


def linear(color: Color) -> Place:
    """Red, green and blue light, 0 to 1, without sRGB's curve."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in color.normalized
    )
    return red, green, blue


def luminance(color: Color) -> float:
    """Relative luminance, as WCAG 2 defines it: 0 is black, 1 is white."""
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lab(light: Place) -> Place:
    """CIE 1976 L*a*b* of light as `linear` gives it, white point D65."""
    red, green, blue = light
    x = _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = _root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: Place, other: Place) -> float:
    """ΔE*ab of two places; about 2 can just be seen."""
    return math.dist(one, other)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else value * 841 / 108 + 4 / 29
