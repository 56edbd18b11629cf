"""Alerts that fired, and the state in which each rule is. Moments: the wall clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.tables import WITHOUT_ROWID
from aigw_tui.model import Episode, Estimate, Place, Silences

NEVER = datetime.max.replace(tzinfo=UTC)

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
"""alert: the state of each rule and what it looks at (an account), as JSON · episode: from pending to resolved; a later
step adds `estimated`: whether its peak is."""

ENDS = "COALESCE(resolved, 1e18)"
BY_NAME = (
    *(f"ALTER TABLE {table} RENAME TO {table}_before" for table in ("alert", "episode", "silenced")),
    f"""CREATE TABLE alert (
        server TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL, PRIMARY KEY (server, rule, subject, name)
    ) {WITHOUT_ROWID}""",
    f"""CREATE TABLE episode (
        server TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
        began REAL NOT NULL, fired REAL NOT NULL, resolved REAL, severity TEXT NOT NULL, peak REAL, words TEXT NOT NULL,
        estimated INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (server, rule, subject, name, fired)
    ) {WITHOUT_ROWID}""",
    f"""CREATE TABLE silenced (
        server TEXT NOT NULL, rule TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', until REAL NOT NULL,
        PRIMARY KEY (server, rule, name)
    ) {WITHOUT_ROWID}""",
    "INSERT INTO alert (server, rule, subject, state) SELECT server, rule, subject, state FROM alert_before",
    """INSERT INTO episode (server, rule, subject, began, fired, resolved, severity, peak, words, estimated)
        SELECT server, rule, subject, began, fired, resolved, severity, peak, words, estimated FROM episode_before""",
    "INSERT INTO silenced (server, rule, until) SELECT server, rule, until FROM silenced_before",
    *(f"DROP TABLE {table}_before" for table in ("alert", "episode", "silenced")),
    f"CREATE INDEX episode_ends ON episode (server, {ENDS})",
)
"""name: of a rule that is judged for each gateway, provider or model, which; empty: all that matches is one sum."""


COLUMNS = "rule, subject, name, began, fired, resolved, severity, peak, words, estimated"
WIDTH = COLUMNS.count(",") + 1


class Verdicts(NamedTuple):
    """What is to be stored after the rules were judged."""

    states: Mapping[Place, str] = {}
    """Texts that differ from what was stored."""
    episodes: Iterable[Episode] = ()
    """New ones, and those that changed: one is known by its place and when it fired."""
    forgotten: Iterable[Place] = ()
    """Whose states are of no use any more."""


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
            found = act(self._states(db))
            db.executemany(
                "INSERT OR REPLACE INTO alert (server, rule, subject, name, state) VALUES (?, ?, ?, ?, ?)",
                [(self._server, *place, state) for place, state in found.states.items()],
            )
            db.executemany(
                "DELETE FROM alert WHERE server = ? AND rule = ? AND subject = ? AND name = ?",
                [(self._server, *place) for place in found.forgotten],
            )
            db.executemany(
                f"INSERT OR REPLACE INTO episode (server, {COLUMNS}) VALUES (?, {', '.join('?' * WIDTH)})",
                [(self._server, *_row(one)) for one in found.episodes],
            )
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    @refusals_named
    def states(self) -> Mapping[Place, str]:
        return self._states(self._database())

    def _states(self, db: sqlite3.Connection) -> Mapping[Place, str]:
        rows = db.execute("SELECT rule, subject, name, state FROM alert WHERE server = ?", (self._server,))
        return {Place(rule, subject, name): state for rule, subject, name, state in rows}

    @refusals_named
    def episodes(self, since: datetime, most: int = 1_000, until: datetime = NEVER) -> tuple[Episode, ...]:
        """Those that were not over at `since` and had fired at `until`, the newest first."""
        rows = self._database().execute(
            f"SELECT {COLUMNS} FROM episode WHERE server = ? AND {ENDS} > ? AND fired <= ?"
            " ORDER BY fired DESC, rule, subject, name LIMIT ?",
            (self._server, since.timestamp(), until.timestamp(), most),
        )
        return tuple(_episode(*row) for row in rows)

    @refusals_named
    def silence(self, rule: str, until: datetime, name: str = "") -> None:
        """All of it, or one of the names that it is judged for."""
        self._database().execute(
            "INSERT OR REPLACE INTO silenced (server, rule, name, until) VALUES (?, ?, ?, ?)",
            (self._server, rule, name, until.timestamp()),
        )

    @refusals_named
    def unsilence(self, rule: str, name: str = "") -> bool:
        """Whether it was silenced."""
        found = self._database().execute(
            "DELETE FROM silenced WHERE server = ? AND rule = ? AND name = ?", (self._server, rule, name)
        )
        return found.rowcount > 0

    @refusals_named
    def silenced(self, now: datetime) -> Silences:
        """Until when nobody is told of them."""
        rows = self._database().execute(
            "SELECT rule, name, until FROM silenced WHERE server = ? AND until > ?", (self._server, now.timestamp())
        )
        return Silences({(rule, name): datetime.fromtimestamp(until, UTC) for rule, name, until in rows})


def _row(one: Episode) -> tuple[str | float | None, ...]:
    resolved = one.resolved.timestamp() if one.resolved else None
    moments = (one.began.timestamp(), one.fired.timestamp(), resolved)
    is_estimate = isinstance(one.peak, Estimate)
    return (one.rule, one.account, one.name, *moments, one.severity, one.peak, one.words, is_estimate)


def _episode(
    rule: str,
    account: str,
    name: str,
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
    return Episode(rule, account, *times, over, severity, worst, words, name)
