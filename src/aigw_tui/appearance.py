"""How the screen looks here: what the settings say, and where they say nothing what the terminal does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from aigw_tui.tui.looks import Looks
from aigw_tui.tui.terminal import Depth, depth_of

if TYPE_CHECKING:
    from aigw_tui.config import Config

LIGHT = frozenset(("7", "9", "10", "11", "12", "13", "14", "15"))
"""Backgrounds on which words are dark, as COLORFGBG numbers them."""


def looks_of(config: Config, environ: Mapping[str, str], no_color: bool = False) -> Looks:
    """What a screen of ours is opened with. `no_color`: the flag, or NO_COLOR."""
    depth = depth_of(environ) if config.colors == "auto" else cast("Depth", config.colors)
    return Looks(config.theme or _theme(depth, environ), "none" if no_color else depth)


def _theme(depth: Depth, environ: Mapping[str, str]) -> str:
    """The default: ours, or the terminal's own colours, which lie on its own background."""
    if depth != "16":
        return ""
    return "ansi-light" if environ.get("COLORFGBG", "").rpartition(";")[2] in LIGHT else "ansi-dark"
