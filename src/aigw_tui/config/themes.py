"""Themes of one's own: `themes/NAME.toml` beside config.toml."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from aigw_tui.config.layers import read_file
from aigw_tui.errors import ConfigError
from aigw_tui.format import clean
from aigw_tui.tui.ownthemes import OwnTheme, names, read_theme

FOLDER = "themes"


class Themes(NamedTuple):
    """What can be shown, and what is wrong with the rest."""

    themes: tuple[OwnTheme, ...]
    complaints: tuple[ConfigError, ...]
    broken: frozenset[str]
    """Names of files that make no theme at all."""


def find_themes(config_file: Path) -> Themes:
    """Those beside that file, by name. Never raises."""
    themes, complaints, broken = [], [], set()
    for path in _files(config_file.parent / FOLDER):
        place = f"{FOLDER}/{clean(path.name, 60)}"
        try:
            theme, mistakes = read_theme(_name(path), read_file(path, required=True))
        except ConfigError as error:
            complaints.append(ConfigError(error.why.replace(str(path), place), error.remedy))
            broken.add(path.stem)
        else:
            themes.append(theme)
            complaints += [ConfigError(f"{place}: {one.why}", one.remedy) for one in mistakes]
    return Themes(tuple(themes), tuple(complaints), frozenset(broken - {*names()}))


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError:  # there is none, or it is nobody's business
        return []


def _name(path: Path) -> str:
    if path.stem in names():
        raise ConfigError(f"{path}: there is a theme of that name already", "give the file another name")
    if "," in path.stem or clean(path.stem) != path.stem:
        raise ConfigError(f"{path}: this is no name for a theme", "use letters, digits and dashes")
    return path.stem
