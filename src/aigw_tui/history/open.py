"""Opening the history file: private, migrated, and set aside when it is broken."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aigw_tui.datasets import all_datasets
from aigw_tui.history.migrations import STEPS, migrate, version_of
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import Fault

BUSY_MS = 2_000
"""How long a statement waits for another process before it is refused."""


class Opened(NamedTuple):
    """A history that works, and what had to be said about how it came to be."""

    history: SqliteHistory
    fault: Fault | None = None


def open_history(path: Path | None, server: str, now: datetime) -> Opened:
    """The history in that file (created when absent), or in memory for None. Never raises for a bad disk or file.

    A broken file is renamed to `*.corrupt-<time>`, never deleted. A file from a newer version is read only. Where the
    folder cannot be written, history lives in memory and the fault says so. `server` is the API's base URL.
    """
    if path is None:
        return Opened(SqliteHistory(_migrated(_connect(":memory:")), server))
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
    connection = _connect(str(path))
    try:
        if (version := version_of(connection)) > len(STEPS):
            connection.execute("PRAGMA query_only = ON")
            why = f"{path} is of version {version}, this program writes version {len(STEPS)}"
            return Opened(
                SqliteHistory(connection, server),
                Fault("LocalError", "history is read only", why, "update aigw-tui", now),
            )
        return Opened(SqliteHistory(_migrated(connection), server))
    except BaseException:
        connection.close()
        raise


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, isolation_level=None, timeout=BUSY_MS / 1000)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _migrated(connection: sqlite3.Connection) -> sqlite3.Connection:
    migrate(connection, all_datasets())
    return connection


def _in_memory(server: str, error: Exception, path: Path, now: datetime) -> Opened:
    history = SqliteHistory(_migrated(_connect(":memory:")), server)
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
