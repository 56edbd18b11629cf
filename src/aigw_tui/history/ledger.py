"""The API calls of one user, counted over all processes on the store. Moments: the wall clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.tables import STRICT, WITHOUT_ROWID

TABLES = (
    f"CREATE TABLE call (server TEXT NOT NULL, user TEXT NOT NULL, at REAL NOT NULL) {STRICT}",
    f"""CREATE TABLE silence (
        server TEXT NOT NULL, user TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (server, user)
    ) {WITHOUT_ROWID}""",
)
"""call: as many rows as the budget has calls, at the most · silence: until when nobody may call."""

OF_USER = "server = ? AND user = ?"


class StoredLedger:
    """What a meter remembers. Every method raises LocalError when the disk refuses."""

    def __init__(self, database: Callable[[], sqlite3.Connection], server: str, user: str) -> None:
        self._database, self._user = database, (server, user)

    @refusals_named
    def calls(self, since: datetime, until: datetime) -> tuple[int, datetime | None]:
        count, oldest = (
            self._database()
            .execute(
                f"SELECT COUNT(*), MIN(at) FROM call WHERE {OF_USER} AND at > ? AND at <= ?",
                (*self._user, since.timestamp(), until.timestamp()),
            )
            .fetchone()
        )
        return count, None if oldest is None else datetime.fromtimestamp(oldest, UTC)

    @refusals_named
    def add(self, at: datetime, since: datetime) -> None:
        db = self._database()
        db.execute("BEGIN IMMEDIATE")
        try:
            db.execute(
                f"DELETE FROM call WHERE {OF_USER} AND (at <= ? OR at > ?)",
                (*self._user, since.timestamp(), at.timestamp()),
            )
            db.execute("INSERT INTO call VALUES (?, ?, ?)", (*self._user, at.timestamp()))
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    @property
    @refusals_named
    def blocked_until(self) -> datetime | None:
        found = self._database().execute(f"SELECT until FROM silence WHERE {OF_USER}", self._user).fetchone()
        return None if found is None else datetime.fromtimestamp(found[0], UTC)

    @refusals_named
    def block(self, until: datetime) -> None:
        self._database().execute("INSERT OR REPLACE INTO silence VALUES (?, ?, ?)", (*self._user, until.timestamp()))
