"""Texts that are kept for a while, such as what was discovered of an account: with the moment they were found out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.tables import WITHOUT_ROWID

TABLE = f"""CREATE TABLE kept (
    server TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (server, name)
) {WITHOUT_ROWID}"""


class Shelf:
    """Every method raises LocalError when the disk refuses. Moments: the wall clock."""

    def __init__(self, database: Callable[[], sqlite3.Connection], server: str) -> None:
        self._database, self._server = database, server

    @refusals_named
    def get(self, name: str) -> tuple[str, datetime] | None:
        """The text of that name, and when it was put there; None also for a moment that no clock shows."""
        found = (
            self._database()
            .execute("SELECT text, at FROM kept WHERE server = ? AND name = ?", (self._server, name))
            .fetchone()
        )
        try:
            return found and (found[0], datetime.fromtimestamp(found[1], UTC))
        except (ValueError, OverflowError, OSError):
            return None

    @refusals_named
    def put(self, name: str, text: str, at: datetime) -> None:
        self._database().execute(
            "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", (self._server, name, text, at.timestamp())
        )
