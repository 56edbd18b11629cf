"""Alerts that fired, and the state in which each rule is. Moments: the wall clock."""

from __future__ import annotations

from aigw_tui.history.tables import WITHOUT_ROWID

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
"""alert: the state of each rule and what it looks at, as JSON · episode: from pending to resolved."""
