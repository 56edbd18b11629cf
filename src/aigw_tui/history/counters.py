"""What a Worker's own counter said, each time it was asked. Moments: the wall clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.tables import WITHOUT_ROWID
from aigw_tui.model import Count, Window

TABLE = f"""CREATE TABLE counter (
    server TEXT NOT NULL, account TEXT NOT NULL, at REAL NOT NULL, day TEXT NOT NULL, used REAL NOT NULL,
    quota REAL, inferences INTEGER, PRIMARY KEY (server, account, at)
) {WITHOUT_ROWID}"""
"""day: the UTC day that it says it counts · used, quota: neurons · inferences: its number of calls."""

KEPT = timedelta(days=31)
OF_ACCOUNT = "server = ? AND account = ?"


class StoredCounters:
    """Every method raises LocalError when the disk refuses."""

    def __init__(self, database: Callable[[], sqlite3.Connection], server: str) -> None:
        self._database, self._server = database, server

    @refusals_named
    def add(self, account: str, *counts: Count) -> None:
        """Keep these for a month."""
        db = self._database()
        db.execute("BEGIN IMMEDIATE")
        try:
            for one in counts:
                db.execute(
                    "INSERT OR REPLACE INTO counter VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        self._server, account, one.at.timestamp(), one.day.isoformat(),
                        one.used, one.limit, one.inferences,
                    ),
                )  # fmt: skip
            if counts:
                oldest = max(one.at for one in counts) - KEPT
                db.execute(f"DELETE FROM counter WHERE {OF_ACCOUNT} AND at < ?", (*self._key(account), _s(oldest)))
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    @refusals_named
    def polls(self, account: str, window: Window) -> tuple[Count, ...]:
        """All that was said in that window, oldest first; what a damaged file says of no day is left out."""
        found = self._database().execute(
            f"SELECT at, day, used, quota, inferences FROM counter WHERE {OF_ACCOUNT} AND at >= ? AND at < ?"
            " ORDER BY at",
            (*self._key(account), _s(window.since), _s(window.until)),
        )
        return tuple(
            Count(datetime.fromtimestamp(at, UTC), day, used, limit, inferences)
            for at, text, used, limit, inferences in found
            if (day := _day(text)) is not None
        )

    @refusals_named
    def newest(self, account: str) -> datetime | None:
        """When it was last asked with success."""
        (at,) = (
            self._database().execute(f"SELECT MAX(at) FROM counter WHERE {OF_ACCOUNT}", self._key(account)).fetchone()
        )
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def _key(self, account: str) -> tuple[str, str]:
        return self._server, account


def _s(moment: datetime) -> float:
    return moment.timestamp()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
