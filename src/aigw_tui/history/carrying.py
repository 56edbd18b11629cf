"""What memory learned while the disk refused, carried to the disk: there another process may have gone on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.history import days
from aigw_tui.history.days import DAY_S
from aigw_tui.history.writing import HOUR_S, MARKS

MERGED: Mapping[str, str] = {
    "counter": "NOTHING",
    "episode": "UPDATE SET resolved = excluded.resolved, severity = excluded.severity, peak = excluded.peak,"
    " words = excluded.words, estimated = excluded.estimated WHERE episode.resolved IS NULL",
    "alert": "UPDATE SET state = excluded.state",
    "silenced": "UPDATE SET until = MAX(until, excluded.until)",
    "silence": "UPDATE SET until = MAX(until, excluded.until)",
    "kept": "UPDATE SET text = excluded.text, at = excluded.at WHERE excluded.at > kept.at",
    "outbox": "UPDATE SET message = excluded.message, attempts = excluded.attempts, next_at = excluded.next_at,"
    " taken_until = excluded.taken_until, failure = excluded.failure WHERE outbox.message <> ''",
}
"""Table without numbers of names → what becomes of a row that the disk has, too. A message that is over stays over."""


def carry(memory: sqlite3.Connection, disk: sqlite3.Connection) -> None:
    """All or nothing. Of each hour the newer reading stays; leases, and what the accounts were asked for, are not
    carried: both are found out again. Raises sqlite3.Error.
    """
    disk.execute("BEGIN IMMEDIATE")
    try:
        accounts = {
            number: _number(disk, "account (server, tag)", server, tag)
            for number, server, tag in memory.execute("SELECT id, server, tag FROM account").fetchall()
        }

        @cache
        def name(number: int) -> int:
            found = memory.execute("SELECT text FROM name WHERE id = ?", (number,)).fetchone()
            return _number(disk, "name (text)", found[0] if found else "")

        for dataset in all_datasets():
            for number, account in accounts.items():
                _carry_hours(memory, disk, dataset, number, account, name)
        for table, then in MERGED.items():
            columns = [row[1] for row in memory.execute(f"PRAGMA table_info({table})")]
            _put(disk, table, columns, memory.execute(f"SELECT {', '.join(columns)} FROM {table}"), then)
        calls = memory.execute("SELECT server, user, at FROM call").fetchall()
        disk.executemany(
            "INSERT INTO call SELECT :server, :user, :at WHERE NOT EXISTS"
            " (SELECT 1 FROM call WHERE server = :server AND user = :user AND at = :at)",
            [{"server": server, "user": user, "at": at} for server, user, at in calls],
        )
        revision = memory.execute("SELECT value FROM meta WHERE name = 'revision'").fetchone()
        disk.execute("UPDATE meta SET value = MAX(value, ?) + 1 WHERE name = 'revision'", revision)
        disk.execute("COMMIT")
    except BaseException:
        if disk.in_transaction:
            disk.execute("ROLLBACK")
        raise


def _carry_hours(
    memory: sqlite3.Connection,
    disk: sqlite3.Connection,
    dataset: Dataset,
    number: int,
    account: int,
    name: Callable[[int], int],
) -> None:
    """Those of one account that memory read later, or alone; `number` is the account's there, `account` on disk."""
    of = f"SELECT {MARKS} FROM hour WHERE account = ? AND dataset = ?"
    theirs = {mark[2]: mark[3] for mark in disk.execute(of, (account, dataset.name))}
    marks = [mark for mark in memory.execute(of, (number, dataset.name)) if _is_newer(mark, theirs.get(mark[2]))]
    keys = len(dataset.keys)
    columns = ["account", "bucket", *(f'"{one}"' for one in (*dataset.key_names, *dataset.measure_names))]
    between = f'"{dataset.name}" WHERE account = ? AND bucket >= ? AND bucket < ?'
    for mark in marks:
        since, until = mark[2], mark[2] + HOUR_S
        disk.execute(f"DELETE FROM {between}", (account, since, until))
        rows = memory.execute(f"SELECT {', '.join(columns)} FROM {between}", (number, since, until))
        moved = [(account, row[1], *map(name, row[2 : 2 + keys]), *row[2 + keys :]) for row in rows]
        _put(disk, f'"{dataset.name}"', columns, moved, "")
    _put(disk, "hour", MARKS.split(", "), [(account, *mark[1:]) for mark in marks], "")
    for day in sorted({mark[2] - mark[2] % DAY_S for mark in marks}):
        days.add_up(disk, dataset, account, day, day + DAY_S)


def _is_newer(mark: Sequence[Any], read_at: int | None) -> bool:
    """Whether it is to replace a mark that was read then; an hour that was found empty once replaces nothing."""
    *_, read, is_settled, empty_at, _, _ = mark
    return read_at is None or (read > read_at and bool(is_settled or empty_at is None))


def _put(
    disk: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], then: str
) -> None:
    """Without a `then` a row replaces the one of the same key."""
    verb, end = ("INSERT", f" ON CONFLICT DO {then}") if then else ("INSERT OR REPLACE", "")
    marks = ", ".join("?" * len(columns))
    disk.executemany(f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({marks}){end}", rows)


def _number(disk: sqlite3.Connection, where: str, *values: str) -> int:
    """The number of what `table (columns)` holds there, given one when it has none."""
    table, _, columns = where.partition(" ")
    names = columns.strip("()").split(", ")
    disk.execute(f"INSERT OR IGNORE INTO {table} {columns} VALUES ({', '.join('?' * len(names))})", values)
    condition = " AND ".join(f"{one} = ?" for one in names)
    return int(disk.execute(f"SELECT id FROM {table} WHERE {condition}", values).fetchone()[0])
