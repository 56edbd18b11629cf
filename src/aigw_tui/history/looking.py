"""Looking at the history file without touching it: no lock, no write, no migration, no file beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from aigw_tui.errors import LocalError
from aigw_tui.history.connection import reading
from aigw_tui.history.migrations import STEPS, version_of
from aigw_tui.history.sqlite import SqliteHistory

BUSY_S = 0.05
"""A reader waits for nobody, but for the moment in which a database is being recovered."""


def look_at_history(path: Path, server: str) -> SqliteHistory | None:
    """The history in that file for reading alone, while others may write it; None when there is no file, or an empty
    one. What a newer version added is not seen. Raises LocalError for one that is older, damaged or not readable.
    """
    try:
        if not path.stat().st_size:
            return None
        connection = reading(path, BUSY_S)
    except FileNotFoundError:
        return None
    except (OSError, sqlite3.Error) as error:
        raise LocalError(f"the history in {path} cannot be read: {error}") from error
    try:
        version = version_of(connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        connection.close()
        raise LocalError(f"the history in {path} cannot be read: {error}") from error
    if version >= len(STEPS):
        return SqliteHistory(connection, server)
    connection.close()
    if version == 0:
        return None
    raise LocalError(f"the history in {path} is of an older version", "open aigw-tui once: it brings it up to date")
