"""Whether words can be read: contrast as WCAG 2 defines it, and colours moved until there is enough of it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.color import Color

from aigw_tui.tui.colorspace import luminance

CONTRAST = 4.5
"""Of words against what lies behind them, at the least (WCAG 2, level AA)."""
BLACK, WHITE = Color(0, 0, 0), Color(255, 255, 255)
SHARES = 20
"""Steps from a colour to black or white."""


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(color: Color, behind: Sequence[Color], least: float) -> Color:
    """The colour, as far towards black or white as words in it need to be read on any of `behind`."""

    def legible(one: Color) -> float:
        return min(contrast(one, ground) for ground in behind)

    extreme = max((BLACK, WHITE), key=legible)
    steps = (color.blend(extreme, n / SHARES, alpha=1) for n in range(SHARES))
    # judged as it is written: a colour is rounded to 8 bits a part
    return next((one for one in map(_rounded, steps) if legible(one) >= least), extreme)


def blend(over: str, ground: str, share: float) -> str:
    """`share` of one colour over another; a colour that only the terminal knows is returned as it is."""
    if not (over.startswith("#") and ground.startswith("#")):
        return over
    return Color.parse(ground).blend(Color.parse(over), share, alpha=1).hex6.lower()


def _rounded(color: Color) -> Color:
    return Color.parse(color.hex6)
