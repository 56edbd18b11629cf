"""A connection to SQLite as history needs it."""

from __future__ import annotations

import sqlite3

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


def as_text(raw: bytes) -> str:
    """A bit that fell over costs one character, not the name's whole table."""
    return raw.decode("utf-8", "replace")
