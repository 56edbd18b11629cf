"""Opening the history file: private, migrated, and set aside when it is broken."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aigw_tui.datasets import all_datasets
from aigw_tui.history.migrations import STEPS, migrate, version_of
from aigw_tui.history.sqlite import SqliteHistory, connect
from aigw_tui.model import Fault


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
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or not path.exists():
            return _in_memory(server, error, path, now)
        aside = path.with_name(f"{path.name}.corrupt-{now:%Y%m%dT%H%M%SZ}")
        try:
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
        return Opened(SqliteHistory(_migrated(connection), server))
    except BaseException:
        connection.close()
        raise


def _migrated(connection: sqlite3.Connection) -> sqlite3.Connection:
    migrate(connection, all_datasets())
    return connection


def _copied(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The same in memory, and the file left alone."""
    memory = connect(":memory:")
    connection.backup(memory)
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
