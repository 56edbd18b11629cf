"""Messages that wait to be delivered: bounded, shared by all processes on the store. Moments: the wall clock."""

from __future__ import annotations

from aigw_tui.history.tables import WITHOUT_ROWID

TABLE = f"""CREATE TABLE outbox (
    server TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL, message TEXT NOT NULL, made REAL NOT NULL,
    attempts INTEGER NOT NULL, next_at REAL NOT NULL, taken_until REAL, failure TEXT NOT NULL,
    PRIMARY KEY (server, id, target)
) {WITHOUT_ROWID}"""
"""id: of the message, for idempotency · taken_until: a process is delivering it · failure: why the last try failed."""
