"""Opening the history file: private, migrated, and set aside when it is broken."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aigw_tui.datasets import all_datasets
from aigw_tui.history.connection import connect
from aigw_tui.history.migrations import STEPS, check, migrate, version_of
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import Fault

DISK = frozenset(
    (
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
    )
)  # fmt: skip
"""What SQLite says when the disk, or another process, is in the way; anything else is the file's own damage."""


class Opened(NamedTuple):
    """A history that works, and what had to be said about how it came to be."""

    history: SqliteHistory
    fault: Fault | None = None


def open_history(path: Path | None, server: str, now: datetime) -> Opened:
    """The history in that file (created when absent), or in memory for None. Never raises for a bad disk or file.

    A broken file is renamed to `*.corrupt-<time>`, never deleted. A file from a newer version is only read. Where the
    folder cannot be written, history lives in memory and the fault says so. `server` is the API's base URL.
    """
    if path is None:
        return Opened(SqliteHistory(_migrated(connect(":memory:")), server))
    try:
        return _open(path, server, now)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # SQLite's words may quote a damaged name
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in DISK or not path.exists():
            return _in_memory(server, error, path, now)
        try:
            aside = _free(path.with_name(f"{path.name}.corrupt-{now:%Y%m%dT%H%M%SZ}"))
            for ending in ("-wal", "-shm", ""):
                if (part := path.with_name(path.name + ending)).exists():
                    part.rename(aside.with_name(aside.name + ending))
            opened = _open(path, server, now)
        except (OSError, sqlite3.Error) as second:
            return _in_memory(server, second, path, now)
        why = f"the history file was damaged ({error})"
        return Opened(
            opened.history, Fault("LocalError", "history rebuilt", why, f"the old file is kept as {aside}", now)
        )
    except OSError as error:
        return _in_memory(server, error, path, now)


def _open(path: Path, server: str, now: datetime) -> Opened:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
    connection = connect(str(path))
    try:
        if (version := version_of(connection)) > len(STEPS):
            why = f"{path} is of version {version}, this program writes version {len(STEPS)}"
            fault = Fault("LocalError", "history is only read", why, "update aigw-tui; until then nothing is kept", now)
            return Opened(SqliteHistory(_copied(connection), server), fault)
        migrate(connection, all_datasets())
        check(connection, all_datasets())
        return Opened(SqliteHistory(connection, server))
    except BaseException:
        connection.close()
        raise


def _migrated(connection: sqlite3.Connection) -> sqlite3.Connection:
    migrate(connection, all_datasets())
    return connection


def _free(path: Path) -> Path:
    """That path, numbered where it is taken: renaming onto a file would delete it."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def _copied(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The same in memory, as far as this version can read it, and the file left alone."""
    memory = connect(":memory:")
    try:
        connection.backup(memory)
        check(memory, all_datasets())
    except (sqlite3.Error, UnicodeDecodeError):
        memory.close()
        memory = _migrated(connect(":memory:"))
    connection.close()
    return memory


def _in_memory(server: str, error: Exception, path: Path, now: datetime) -> Opened:
    history = SqliteHistory(_migrated(connect(":memory:")), server)
    return Opened(
        history,
        Fault(
            "LocalError",
            "history is not kept",
            f"{path}: {error}",
            "make its folder writable, or set store in config.toml; figures live in memory until then",
            now,
        ),
    )
