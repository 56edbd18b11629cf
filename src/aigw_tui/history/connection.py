"""Connections to SQLite as history needs them: to a file, and to memory with what a file held."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from aigw_tui.datasets import all_datasets
from aigw_tui.history.migrations import check, migrate

BUSY_S = 2.0
"""How long a statement waits for another process before it is refused."""


def connect(name: str) -> sqlite3.Connection:
    """A connection as history needs it. Raises sqlite3.Error."""
    connection = sqlite3.connect(name, isolation_level=None, timeout=BUSY_S)
    connection.text_factory = as_text
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def reading(path: Path, timeout_s: float = BUSY_S, *, is_still: bool = False) -> sqlite3.Connection:
    """For reading alone, with no write and, where nobody has it open, no file beside it. Raises sqlite3.Error.

    Reading a database in WAL mode makes two files beside it, and leaves them there, where nobody has it open; but
    without a WAL nobody has, and all of it is in the file itself. `is_still`: take it so, whatever lies beside it.
    """
    has_wal = not is_still and path.with_name(f"{path.name}-wal").exists()
    where = f"{path.absolute().as_uri()}?mode=ro{'' if has_wal else '&immutable=1'}"
    connection = sqlite3.connect(where, uri=True, isolation_level=None, timeout=timeout_s)
    connection.text_factory = as_text
    return connection


def as_text(raw: bytes) -> str:
    """A bit that fell over costs one character, not the name's whole table."""
    return raw.decode("utf-8", "replace")


def in_memory() -> sqlite3.Connection:
    """An empty store."""
    connection = connect(":memory:")
    migrate(connection, all_datasets())
    return connection


def copied(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The same in memory, as far as this version can read it; an empty store where it cannot."""
    memory = connect(":memory:")
    try:
        if connection.in_transaction:  # the statement that failed may have been its end
            connection.execute("ROLLBACK")
        connection.backup(memory, progress=_no_waiting)
        migrate(memory, all_datasets())
        check(memory, all_datasets())
        memory.execute("DELETE FROM lease")  # whoever had one is not here
    except (sqlite3.Error, UnicodeDecodeError):
        memory.close()  # a database that is half copied, or broken, is none
        return in_memory()
    return memory


def _no_waiting(status: int, _remaining: int, _total: int) -> None:
    """A backup would try again for ever while its source is locked, and the screen would stand still."""
    if status not in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE):
        raise sqlite3.OperationalError("locked")
