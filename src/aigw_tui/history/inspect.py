"""A look at a history file that changes nothing: neither migrated, nor repaired, nor set aside."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from aigw_tui.errors import LocalError
from aigw_tui.history.migrations import STEPS, version_of

SQLITE = sqlite3.sqlite_version
NEWEST = len(STEPS)
"""The version of a store that this program writes."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that asks for an account, while others watch."""

    account: str
    made: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a history file is like."""

    size: int
    """Bytes, with what is not yet written back into the file."""
    version: int
    damage: str
    """SQLite's first complaint; empty: none."""
    holders: tuple[Holder, ...] = ()


def inspect(path: Path, server: str) -> Inspected | None:
    """None when there is no such file. Raises LocalError when it cannot be read; a damaged file is an answer."""
    log = path.with_name(f"{path.name}-wal")
    try:
        if not path.exists():
            return None
        is_open = log.exists()
        size = path.stat().st_size + (log.stat().st_size if is_open else 0)
        # Without its log nobody has it open; read as a live one, it would be given a log, which then stays.
        access = "mode=ro" if is_open else "mode=ro&immutable=1"
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{access}", uri=True, timeout=1)
    except (OSError, sqlite3.Error) as error:
        raise LocalError(f"{path}: {error}") from error
    found = _looked(connection, path, size, server)
    return inspect(path, server) if found.damage and not is_open and log.exists() else found  # opened meanwhile


def _looked(connection: sqlite3.Connection, path: Path, size: int, server: str) -> Inspected:
    try:
        said = connection.execute("PRAGMA quick_check(1)").fetchone()
        damage = "" if said == ("ok",) else str(said[0] if said else "no answer")
        return Inspected(size, version_of(connection), damage, () if damage else _holders(connection, server))
    except sqlite3.OperationalError as error:
        raise LocalError(f"{path}: {error}") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return Inspected(size, 0, str(error))
    finally:
        connection.close()


def _holders(connection: sqlite3.Connection, server: str) -> tuple[Holder, ...]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'lease'").fetchone():
        return ()
    rows = connection.execute("SELECT tag, made, until FROM lease WHERE server = ? ORDER BY tag", (server,))
    return tuple(
        Holder(tag, datetime.fromtimestamp(made, UTC), datetime.fromtimestamp(until, UTC)) for tag, made, until in rows
    )
