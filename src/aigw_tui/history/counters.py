"""What a Worker's own counter said, each time it was asked. Moments: the wall clock."""

from __future__ import annotations

from aigw_tui.history.tables import WITHOUT_ROWID

TABLE = f"""CREATE TABLE counter (
    server TEXT NOT NULL, account TEXT NOT NULL, at REAL NOT NULL, day TEXT NOT NULL, used REAL NOT NULL,
    quota REAL, inferences INTEGER, PRIMARY KEY (server, account, at)
) {WITHOUT_ROWID}"""
"""day: the UTC day that it says it counts · used, quota: neurons · inferences: its number of calls."""
