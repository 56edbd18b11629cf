"""What a daily audit needs of the database: stored sums, hours reopened, and when the last audit was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from aigw_tui.datasets import Dataset
from aigw_tui.history import days
from aigw_tui.history.days import DAY_S
from aigw_tui.history.settle import LONGEST_RETRY

HOUR_S = 3600


def sums(
    connection: sqlite3.Connection, account: int | None, dataset: Dataset, since: int, until: int
) -> dict[int, tuple[int | float | None, ...]]:
    """Hour in epoch seconds → the checked measures over its stored rows; hours without rows are absent."""
    columns = ", ".join(f'SUM("{name}")' for name in dataset.checked)
    found = connection.execute(
        f'SELECT bucket - bucket % {HOUR_S}, {columns} FROM "{dataset.name}"'
        f" WHERE account = ? AND bucket >= ? AND bucket < ? GROUP BY 1",
        (account, since, until),
    )
    return {hour: tuple(values) for hour, *values in found}


def reopen(connection: sqlite3.Connection, account: int, dataset: Dataset, hours: Iterable[int]) -> bool:
    """These hours of those that are settled are not any more, and are due at once; False: there were none."""
    has_changed = False
    for hour in hours:
        cursor = connection.execute(
            "UPDATE hour SET settled = 0, empty_at = NULL, read_at = read_at - ?"
            " WHERE account = ? AND dataset = ? AND hour = ? AND settled = 1",
            (int(LONGEST_RETRY.total_seconds()), account, dataset.name, hour),
        )
        if cursor.rowcount:
            has_changed = True
            days.add_up(connection, dataset, account, hour, hour + HOUR_S)
    return has_changed


def is_due(connection: sqlite3.Connection, account: int, names: Sequence[str], since: int, now: int) -> bool:
    """No audit on this UTC day yet, and there are hours from `since` on that settled before it began."""
    today = now - now % DAY_S
    last = connection.execute("SELECT value FROM meta WHERE name = ?", (_mark(account),)).fetchone()
    if last is not None and last[0] - last[0] % DAY_S == today:
        return False
    old = connection.execute(
        f"SELECT 1 FROM hour WHERE account = ? AND dataset IN ({', '.join('?' * len(names))})"
        " AND hour >= ? AND settled = 1 AND read_at < ? LIMIT 1",
        (account, *names, since, today),
    )
    return old.fetchone() is not None


def done(connection: sqlite3.Connection, account: int, now: int) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_mark(account), now))


def _mark(account: int) -> str:
    return f"audit of {account}"
