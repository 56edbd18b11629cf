"""A history file as a run of the program leaves it: the tests' world, on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from aigw_tui.history.sqlite import SqliteHistory
from world import world


def kept(path: Path) -> Path:
    """Written to `path`; its server is `world.SERVER`, its last reading was at `world.NOW`."""
    history = world()
    assert isinstance(history, SqliteHistory)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        history._db.backup(database)
        database.execute("PRAGMA journal_mode = WAL")
    return path
