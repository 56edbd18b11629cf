"""How the screen looks here: what the settings say, and where they say nothing what the terminal does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from aigw_tui.config.themes import find_themes
from aigw_tui.errors import ConfigError
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.terminal import Depth, depth_of

if TYPE_CHECKING:
    from aigw_tui.config import Config

LIGHT = frozenset(("7", "9", "10", "11", "12", "13", "14", "15"))
"""Backgrounds on which words are dark, as COLORFGBG numbers them."""


class Appearance(NamedTuple):
    """What a screen of ours is opened with, and what of the configuration was left out."""

    looks: Looks
    complaints: tuple[ConfigError, ...] = ()


def appearance_of(config: Config, environ: Mapping[str, str], no_color: bool = False) -> Appearance:
    """Of a monitor in this terminal. `no_color`: the flag, or NO_COLOR."""
    depth = depth_of(environ) if config.colors == "auto" else cast("Depth", config.colors)
    own = find_themes(config.path)
    theme = config.theme if config.theme and config.theme not in own.broken else _theme(depth, environ)
    return Appearance(Looks(theme, "none" if no_color else depth, own.themes), own.complaints)


def _theme(depth: Depth, environ: Mapping[str, str]) -> str:
    """The default: ours, or the terminal's own colours, which lie on its own background."""
    if depth != "16":
        return ""
    return "ansi-light" if environ.get("COLORFGBG", "").rpartition(";")[2] in LIGHT else "ansi-dark"
