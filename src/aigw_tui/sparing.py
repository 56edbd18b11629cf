"""Over SSH: defaults that cost fewer bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigw_tui.config import Config

INTERVAL_S = 30.0
LIGHT = frozenset(("7", "9", "10", "11", "12", "13", "14", "15"))
"""Backgrounds on which words are dark, as COLORFGBG numbers them."""


def sparing(config: Config, environ: Mapping[str, str]) -> Config:
    """With them where the person comes by SSH, or asked for them; what was set anywhere stays as it was set."""
    if not (config.ssh if config.ssh is not None else environ.get("SSH_CONNECTION")):
        return config
    quiet: dict[str, Any] = {
        "interval": max(config.interval, INTERVAL_S),
        "theme": ansi_theme(environ),
        "mouse": False,
        "animation": False,
    }
    return replace(config, **{key: value for key, value in quiet.items() if config.sources.get(key) == "default"})


def ansi_theme(environ: Mapping[str, str]) -> str:
    """Sixteen colours lie on the terminal's own background, which COLORFGBG may tell."""
    return "ansi-light" if environ.get("COLORFGBG", "").rpartition(";")[2] in LIGHT else "ansi-dark"
