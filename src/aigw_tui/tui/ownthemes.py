"""A theme as a person writes it: colours for some roles, over another theme that has all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from textual.theme import BUILTIN_THEMES, Theme

from aigw_tui.errors import ConfigError
from aigw_tui.format import clean, did_you_mean
from aigw_tui.tui.themes import ANSI, HOUSE, ROLES, colors_of, stylesheet_colors, theme_of

KEYS = ("base", "dark")
"""What is no role."""
NAMES = (
    "default", "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright_black", "bright_red",
    "bright_green", "bright_yellow", "bright_blue", "bright_magenta", "bright_cyan", "bright_white",
)  # fmt: skip
"""The terminal's own colours: over an `ansi` theme a role may have one of these."""
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class OwnTheme:
    """One that can be shown: every role has a colour."""

    name: str
    colors: Mapping[str, str]
    is_dark: bool
    base: str

    def for_textual(self) -> Theme:
        """With every role as a variable of the stylesheet."""
        if self.base not in ANSI:
            return theme_of(self.name, self.colors, self.is_dark)
        base = BUILTIN_THEMES[self.base]
        return replace(base, name=self.name, variables={**base.variables, **stylesheet_colors(self.colors)})


def names() -> Collection[str]:
    """What a theme may lie over, and what it may not be called."""
    return {*HOUSE, *BUILTIN_THEMES}


def read_theme(name: str, table: Mapping[str, Any]) -> tuple[OwnTheme, tuple[ConfigError, ...]]:
    """The theme that a file's table makes, and what of it was left out. Never raises."""
    complaints: list[ConfigError] = []
    dark = table.get("dark")
    if dark is not None and not isinstance(dark, bool):
        complaints.append(ConfigError(f"dark is {clean(dark, 40)}", "use true or false"))
        dark = None
    default = "house-light" if dark is False else "house-dark"
    base = table.get("base", default)
    if not isinstance(base, str) or base not in names():
        remedy = did_you_mean(str(base), names(), "use house-dark, or another in the palette")
        complaints.append(ConfigError(f"there is no theme {clean(base, 40)} to lie over", remedy))
        base = default
    colors = {**_colors_of_base(base), **dict(_roles(table, base, complaints))}
    is_dark = _is_dark(base) if dark is None else dark
    return OwnTheme(name, colors, is_dark, base), tuple(complaints)


def _roles(table: Mapping[str, Any], base: str, complaints: list[ConfigError]) -> Iterator[tuple[str, str]]:
    for role, color in table.items():
        if role in KEYS:
            continue
        if role not in ROLES:
            remedy = did_you_mean(role, ROLES, "the README has them all")
            complaints.append(ConfigError(f"there is no role {clean(role, 40)}", remedy))
        elif isinstance(color, str) and HEX.fullmatch(color) and not (base in ANSI and role == "ground"):
            yield role, color if len(color) > 4 else "#" + "".join(2 * digit for digit in color[1:])
        elif base in ANSI and color in NAMES:
            yield role, color
        else:
            complaints.append(ConfigError(f"{role}: {clean(color, 40)} is no colour here", _allowed(base, role)))


def _allowed(base: str, role: str) -> str:
    if base not in ANSI:
        return "use #rrggbb; names are for themes over ansi-dark or ansi-light"
    return "use default, red, …" if role == "ground" else "use #rrggbb, or default, red, bright_red, …"


def _colors_of_base(base: str) -> Mapping[str, str]:
    variables = BUILTIN_THEMES[base].to_color_system().generate() if base in BUILTIN_THEMES else {}
    return colors_of(base, variables)


def _is_dark(base: str) -> bool:
    return BUILTIN_THEMES[base].dark if base in BUILTIN_THEMES else base.endswith("dark")
