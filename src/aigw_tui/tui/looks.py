"""How a screen looks and feels on this terminal."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.tui.ownthemes import OwnTheme
from aigw_tui.tui.terminal import Depth


@dataclass(frozen=True, slots=True)
class Looks:
    """What a person chose, and what their terminal can show."""

    theme: str = ""
    """Empty: the default of that depth."""
    depth: Depth = "24-bit"
    own: tuple[OwnTheme, ...] = ()
    """Themes from the configuration folder."""


ORDINARY = Looks()
"""A terminal that can show everything, and a person who chose nothing."""
