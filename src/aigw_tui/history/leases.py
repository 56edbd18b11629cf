"""Who asks: per account the one process that does, while others watch the same history. Moments: the wall clock."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from aigw_tui.history.tables import WITHOUT_ROWID

TABLE = f"""CREATE TABLE lease (
    server TEXT NOT NULL, tag TEXT NOT NULL, holder TEXT NOT NULL, made REAL NOT NULL, until REAL NOT NULL,
    wanted INTEGER NOT NULL, PRIMARY KEY (server, tag)
) {WITHOUT_ROWID}"""

IS_FREE = "(holder = :holder OR until <= :now OR made > :now)"
"""Ours, run out, or made in the future: then the clock was set back since, and its end means nothing."""


def take(db: sqlite3.Connection, server: str, account: str, holder: str, now: datetime, until: datetime) -> bool:
    """Have the lease up to `until`; False, without a write, while another has it."""
    place: dict[str, str | float] = {"server": server, "tag": account, "holder": holder, "now": now.timestamp()}
    theirs = f"SELECT 1 FROM lease WHERE server = :server AND tag = :tag AND NOT {IS_FREE}"
    if db.execute(theirs, place).fetchone():
        return False
    taken = db.execute(
        "INSERT INTO lease VALUES (:server, :tag, :holder, :now, :until, 0) ON CONFLICT DO UPDATE SET"
        f" holder = excluded.holder, made = excluded.made, until = excluded.until WHERE {IS_FREE}",
        {**place, "until": until.timestamp()},
    )
    return taken.rowcount > 0  # another process may have been quicker since the first look


def let_go(db: sqlite3.Connection, holder: str) -> None:
    db.execute("DELETE FROM lease WHERE holder = ?", (holder,))


def want(db: sqlite3.Connection, server: str, account: str) -> None:
    db.execute("UPDATE lease SET wanted = 1 WHERE server = ? AND tag = ?", (server, account))


def was_wanted(db: sqlite3.Connection, server: str, account: str) -> bool:
    """Whether anybody wants an answer now; the wish is then taken back."""
    place = (server, account)
    if db.execute("SELECT 1 FROM lease WHERE server = ? AND tag = ? AND wanted", place).fetchone() is None:
        return False
    db.execute("UPDATE lease SET wanted = 0 WHERE server = ? AND tag = ?", place)
    return True
