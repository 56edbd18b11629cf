"""Which fields each dataset was last asked for: with more of them than before, what is settled is read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from aigw_tui.datasets import Dataset
from aigw_tui.history import audit
from aigw_tui.history.tables import WITHOUT_ROWID

TABLE = f"""CREATE TABLE selection (
    account INTEGER NOT NULL, dataset TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (account, dataset)
) {WITHOUT_ROWID}"""


def take(db: sqlite3.Connection, account: int, dataset: Dataset, fields: Collection[str], since: int) -> bool:
    """Remember the fields; True when that reopened hours from `since` (epoch seconds) on, which lack what is new."""
    found = db.execute("SELECT fields FROM selection WHERE account = ? AND dataset = ?", (account, dataset.name))
    before = found.fetchone()
    text = " ".join(sorted(fields))
    if before is not None and before[0] == text:
        return False
    db.execute("INSERT OR REPLACE INTO selection VALUES (?, ?, ?)", (account, dataset.name, text))
    if before is None or set(fields) <= set(before[0].split()):
        return False
    hours = db.execute(
        "SELECT hour FROM hour WHERE account = ? AND dataset = ? AND hour >= ? AND settled = 1",
        (account, dataset.name, since),
    ).fetchall()
    return audit.reopen(db, account, dataset, [hour for (hour,) in hours])
