"""Alerts that fired, and the state in which each rule is. Moments: the wall clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.tables import WITHOUT_ROWID
from aigw_tui.model import Episode, Estimate

Place = tuple[str, str]
"""(rule, what it looks at: an account)"""

TABLES = (
    f"""CREATE TABLE alert (
        server TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (server, rule, subject)
    ) {WITHOUT_ROWID}""",
    f"""CREATE TABLE episode (
        server TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, began REAL NOT NULL, fired REAL NOT NULL,
        resolved REAL, severity TEXT NOT NULL, peak REAL, words TEXT NOT NULL,
        PRIMARY KEY (server, rule, subject, fired)
    ) {WITHOUT_ROWID}""",
    f"""CREATE TABLE silenced (
        server TEXT NOT NULL, rule TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (server, rule)
    ) {WITHOUT_ROWID}""",
)
"""alert: the state of each rule and what it looks at, as JSON · episode: from pending to resolved; a later step adds
`estimated`: whether its peak is."""


class Verdicts(NamedTuple):
    """What is to be stored after the rules were judged."""

    states: Mapping[Place, str] = {}
    """Texts that differ from what was stored."""
    episodes: Iterable[Episode] = ()
    """New ones, and those that changed: one is known by its rule, its account and when it fired."""


class StoredAlerts:
    """What is remembered of alerts. Every method raises LocalError when the disk refuses."""

    def __init__(self, database: Callable[[], sqlite3.Connection], server: str) -> None:
        self._database, self._server = database, server

    @refusals_named
    def judge(self, act: Callable[[Mapping[Place, str]], Verdicts]) -> None:
        """Let `act` see all states and say what becomes of them, with no other process in between: all or nothing."""
        db = self._database()
        db.execute("BEGIN IMMEDIATE")
        try:
            rows = db.execute("SELECT rule, subject, state FROM alert WHERE server = ?", (self._server,))
            found = act({(rule, subject): state for rule, subject, state in rows})
            db.executemany(
                "INSERT OR REPLACE INTO alert VALUES (?, ?, ?, ?)",
                [(self._server, *place, state) for place, state in found.states.items()],
            )
            db.executemany(
                "INSERT OR REPLACE INTO episode VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(self._server, *_row(one)) for one in found.episodes],
            )
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    @refusals_named
    def states(self) -> Mapping[Place, str]:
        rows = self._database().execute("SELECT rule, subject, state FROM alert WHERE server = ?", (self._server,))
        return {(rule, subject): state for rule, subject, state in rows}

    @refusals_named
    def episodes(self, since: datetime, most: int = 1_000) -> tuple[Episode, ...]:
        """Those that were not over at `since`, the newest first."""
        rows = self._database().execute(
            "SELECT rule, subject, began, fired, resolved, severity, peak, words, estimated FROM episode"
            " WHERE server = ? AND COALESCE(resolved, fired) > ? OR server = ? AND resolved IS NULL"
            " ORDER BY fired DESC, rule, subject LIMIT ?",
            (self._server, since.timestamp(), self._server, most),
        )
        return tuple(_episode(*row) for row in rows)

    @refusals_named
    def silence(self, rule: str, until: datetime) -> None:
        self._database().execute(
            "INSERT OR REPLACE INTO silenced VALUES (?, ?, ?)", (self._server, rule, until.timestamp())
        )

    @refusals_named
    def unsilence(self, rule: str) -> bool:
        """Whether it was silenced."""
        found = self._database().execute("DELETE FROM silenced WHERE server = ? AND rule = ?", (self._server, rule))
        return found.rowcount > 0

    @refusals_named
    def silenced(self, now: datetime) -> Mapping[str, datetime]:
        """Rule → until when nobody is told of it."""
        rows = self._database().execute(
            "SELECT rule, until FROM silenced WHERE server = ? AND until > ?", (self._server, now.timestamp())
        )
        return {rule: datetime.fromtimestamp(until, UTC) for rule, until in rows}


def _row(one: Episode) -> tuple[str | float | None, ...]:
    resolved = one.resolved.timestamp() if one.resolved else None
    moments = (one.began.timestamp(), one.fired.timestamp(), resolved)
    return (one.rule, one.account, *moments, one.severity, one.peak, one.words, isinstance(one.peak, Estimate))


def _episode(
    rule: str,
    account: str,
    began: float,
    fired: float,
    resolved: float | None,
    severity: str,
    peak: float | None,
    words: str,
    estimated: int,
) -> Episode:
    over = datetime.fromtimestamp(resolved, UTC) if resolved is not None else None
    times = datetime.fromtimestamp(began, UTC), datetime.fromtimestamp(fired, UTC)
    worst = Estimate(peak) if estimated and peak is not None else peak
    return Episode(rule, account, *times, over, severity, worst, words)
