"""`e`: the panel with the focus as a table, or the screen as a picture, into a file or the browser."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aigw_tui.errors import AigwError
from aigw_tui.model import Export, Sheet
from aigw_tui.tui.choice import Choice
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.picture import plain
from aigw_tui.tui.scene import Scene

if TYPE_CHECKING:
    from aigw_tui.tui.app import Monitor

LETTERS = {"csv": "c", "json": "j", "md": "m", "svg": "s"}
WORDS = {"md": "markdown", "svg": "picture of the screen"}
PICTURE = "svg"


class Exporter(Protocol):
    """What turns a table into a text, and a text into a file."""

    @property
    def endings(self) -> tuple[str, ...]:
        """Of texts."""

    def text(self, export: Export, ending: str) -> str: ...

    def path(self, panel: str, ending: str, export: Export) -> Path:
        """A name that is not taken."""

    def save(self, path: Path, text: str) -> None:
        """Raises LocalError."""


def question(app: Monitor, panel: Panel, scene: Scene, exporter: Exporter) -> Choice:
    """Which form it shall have; a panel that is no table has only a picture."""
    sheet = panel.sheet(scene, panel.area)
    endings = {WORDS.get(one, one): one for one in (*(exporter.endings if sheet else ()), PICTURE)}
    export = Export(sheet or Sheet(panel.TITLE, (), ()), scene.snapshot.scope, scene.snapshot.now)

    def act(word: str) -> None:
        ending = endings[word]
        text = plain(app.export_screenshot()) if ending == PICTURE else exporter.text(export, ending)
        path = exporter.path(panel.TITLE, ending, export)
        if app.is_web:
            app.deliver_text(io.StringIO(text), save_filename=path.name)
            app.say(f"sent to the browser: {path.name}")
            return
        try:
            exporter.save(path, text)
        except AigwError as error:
            app.say(f"failed: {error.why}")
        else:
            app.say(f"written: {path}")

    return Choice(f"export {panel.TITLE}", tuple((LETTERS[one], word) for word, one in endings.items()), act)
