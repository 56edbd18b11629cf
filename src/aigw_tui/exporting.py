"""Where `e` writes what is on the screen."""

from __future__ import annotations

import re
from pathlib import Path

from aigw_tui.model import Export
from aigw_tui.outlets.files import free_name, write
from aigw_tui.outlets.sheets import FORMATS


class Exporter:
    """Files in one folder, written whole or not at all, that only their owner may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def endings(self) -> tuple[str, ...]:
        return tuple(FORMATS)

    def text(self, export: Export, ending: str) -> str:
        """Raises KeyError for an ending that no text has."""
        return "".join(FORMATS[ending](export))

    def path(self, panel: str, ending: str, export: Export) -> Path:
        """`aigw-tui-models-2026-11-23.csv`, or with a number behind: a name that is not taken."""
        name = re.sub(r"[^a-z0-9]+", "-", panel.casefold()).strip("-")
        return free_name(self._folder, export.taken_at.date(), ending, f"aigw-tui-{name}")

    def save(self, path: Path, text: str) -> None:
        """Raises LocalError."""
        write(path, [text])
