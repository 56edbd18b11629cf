"""How the screen looks here: what the settings say, and where they say nothing what the terminal does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from aigw_tui.config.themes import find_themes
from aigw_tui.errors import ConfigError
from aigw_tui.ink import knows_unicode
from aigw_tui.sparing import ansi_theme
from aigw_tui.tui.keymap import read_keymap
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.terminal import Depth, depth_of

if TYPE_CHECKING:
    from aigw_tui.config import Config


class Appearance(NamedTuple):
    """What a screen of ours is opened with, and what of the configuration was left out."""

    looks: Looks
    complaints: tuple[ConfigError, ...] = ()


def appearance_of(
    config: Config, environ: Mapping[str, str], no_color: bool = False, encoding: str = "utf-8"
) -> Appearance:
    """Of a monitor in this terminal. `no_color`: the flag, or NO_COLOR; `encoding`: of standard output."""
    depth = depth_of(environ) if config.colors == "auto" else cast("Depth", config.colors)
    own = find_themes(config.path)
    theme = config.theme if config.theme and config.theme not in own.broken else _theme(depth, environ)
    keymap = read_keymap(config.later.get("keymap"))
    looks = Looks(
        theme,
        "none" if no_color else depth,
        _is_ascii(environ, encoding) if config.ascii is None else config.ascii,
        config.mouse,
        config.animation,
        own.themes,
        keymap.keys,
    )
    return Appearance(looks, (*own.complaints, *keymap.complaints))


def _is_ascii(environ: Mapping[str, str], encoding: str) -> bool:
    # The fonts of Linux's own console have frames and full blocks, but neither ▂ nor braille.
    return environ.get("TERM") == "linux" or not knows_unicode(environ, encoding)


def _theme(depth: Depth, environ: Mapping[str, str]) -> str:
    """The default: ours, or the terminal's own colours."""
    return ansi_theme(environ) if depth == "16" else ""
