"""How a screen looks and feels on this terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aigw_tui.tui.ownthemes import OwnTheme
from aigw_tui.tui.terminal import Depth


@dataclass(frozen=True, slots=True)
class Looks:
    """What a person chose, and what their terminal can show."""

    theme: str = ""
    """Empty: the default of that depth."""
    depth: Depth = "24-bit"
    is_ascii: bool = False
    """No other characters reach the terminal."""
    has_mouse: bool = True
    """At the start; a person may turn it on and off."""
    has_animation: bool = True
    own: tuple[OwnTheme, ...] = ()
    """Themes from the configuration folder."""
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Id of a binding → the keys that the person chose for it."""


ORDINARY = Looks()
"""A terminal that can show everything, and a person who chose nothing."""
