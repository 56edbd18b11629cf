"""Opening the history file: private, migrated, and set aside when it is broken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aigw_tui.errors import LocalError, NewerError
from aigw_tui.history.connection import copied, in_memory, reading
from aigw_tui.history.guarded import named
from aigw_tui.history.home import Home
from aigw_tui.history.migrations import version_of
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import DISK, Fault

REFUSED = frozenset(
    (
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
    )
)  # fmt: skip
"""What SQLite says when the disk, or another process, is in the way; anything else is the file's own damage."""
ELSEWHERE = "make its folder writable, or set store in config.toml; figures live in memory until then"


class Opened(NamedTuple):
    """A history that works, and what had to be said about how it came to be."""

    history: SqliteHistory
    fault: Fault | None = None


def open_history(path: Path | None, server: str, now: datetime) -> Opened:
    """The history in that file (created when absent), or in memory for None. Never raises for a bad disk or file.

    A broken file is renamed to `*.corrupt-<time>`, never deleted. A file from a newer version is only read: nothing of
    it changes. Where the folder cannot be written, history lives in memory and the fault says so; once it can be, the
    history goes back there when it is told to. `server` is the API's base URL.
    """
    if path is None:
        return Opened(SqliteHistory(in_memory(), server))
    home = Home(path)
    try:
        return Opened(SqliteHistory(home.open(), server, home))
    except NewerError as error:
        return _only_read(home, server, error, now)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # SQLite's words may quote a damaged name
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in REFUSED or not path.exists():
            return _away(home, server, error, now)
        try:
            aside = _set_aside(path, now)
            history = SqliteHistory(home.open(), server, home)
        except (OSError, sqlite3.Error, NewerError) as second:
            return _away(home, server, second, now)
        why, remedy = f"the history file was damaged ({error})", f"the old file is kept as {aside}"
        return Opened(history, Fault("LocalError", "history rebuilt", why, remedy, now))
    except OSError as error:
        return _away(home, server, error, now)


def _set_aside(path: Path, now: datetime) -> Path:
    """Where the broken file is now."""
    aside = _free(path.with_name(f"{path.name}.corrupt-{now:%Y%m%dT%H%M%SZ}"))
    for ending in ("-wal", "-shm", ""):
        if (part := path.with_name(path.name + ending)).exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _free(path: Path) -> Path:
    """That path, numbered where it is taken: renaming onto a file would delete it."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def _only_read(home: Home, server: str, error: NewerError, now: datetime) -> Opened:
    history = SqliteHistory(_read(home), server, home, is_away=True)
    return Opened(history, _fault(error, error.what, now))


def _read(home: Home) -> sqlite3.Connection:
    """What this version can read of the file, in memory; on a full disk the files beside it cannot be made."""
    for is_still in (False, True):
        try:
            with closing(reading(home.path, is_still=is_still)) as connection:
                version_of(connection)
                return copied(connection)
        except (sqlite3.Error, UnicodeDecodeError):
            continue
    return in_memory()


def _away(home: Home, server: str, error: Exception, now: datetime) -> Opened:
    history = SqliteHistory(_read(home), server, home, is_away=True)
    cause = error if isinstance(error, LocalError) else named(error)
    told = history.in_full(cause)
    if type(told) is LocalError:
        told = LocalError(f"{home.path}: {error}", ELSEWHERE)
    return Opened(history, _fault(told, "history is not kept" if type(told) is LocalError else told.what, now))


def _fault(error: LocalError, what: str, now: datetime) -> Fault:
    return Fault(type(error).__name__, what, error.why, error.remedy, now, dataset=DISK)
