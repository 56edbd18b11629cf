"""Which keys and measures each dataset was last asked for: with more than before, what is settled is read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from aigw_tui.datasets import Dataset
from aigw_tui.history import audit
from aigw_tui.history.tables import WITHOUT_ROWID

TABLE = f"""CREATE TABLE selection (
    account INTEGER NOT NULL, dataset TEXT NOT NULL, names TEXT NOT NULL, PRIMARY KEY (account, dataset)
) {WITHOUT_ROWID}"""


def take(db: sqlite3.Connection, account: int, dataset: Dataset, names: Collection[str], since: int) -> bool:
    """Remember the names; True when that reopened hours from `since` (epoch seconds) on, which lack what is new."""
    found = db.execute("SELECT names FROM selection WHERE account = ? AND dataset = ?", (account, dataset.name))
    before = found.fetchone()
    text = " ".join(sorted(names))
    if before is not None and before[0] == text:
        return False
    db.execute("INSERT OR REPLACE INTO selection VALUES (?, ?, ?)", (account, dataset.name, text))
    if before is None or set(names) <= set(before[0].split()):
        return False
    hours = db.execute(
        "SELECT hour FROM hour WHERE account = ? AND dataset = ? AND hour >= ? AND settled = 1",
        (account, dataset.name, since),
    ).fetchall()
    return audit.reopen(db, account, dataset, [hour for (hour,) in hours])
