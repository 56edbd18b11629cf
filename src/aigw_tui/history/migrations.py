"""How an older database becomes one that this version reads: numbered steps, applied in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from aigw_tui.datasets import Dataset
from aigw_tui.history import counters, days, episodes, keeping, leases, ledger, outbox, selections, tables

STEPS: list[Callable[[sqlite3.Connection], None]] = []
"""The step at index n takes a database from version n to n + 1; a released step never changes."""


def step(function: Callable[[sqlite3.Connection], None]) -> Callable[[sqlite3.Connection], None]:
    STEPS.append(function)
    return function


@step
def found(connection: sqlite3.Connection) -> None:
    """An empty file becomes a store."""
    for statement in tables.FIXED:
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('revision', 0)")


@step
def shared(connection: sqlite3.Connection) -> None:
    """Several processes on one store: who asks, and how much was asked."""
    for statement in (leases.TABLE, *ledger.TABLES):
        connection.execute(statement)


@step
def doubted(connection: sqlite3.Connection) -> None:
    """Sampled hours have an interval; what was found out of an account, and what it was asked for, is remembered."""
    for column in ("lower", "upper"):
        connection.execute(f"ALTER TABLE hour ADD COLUMN {column} REAL")
    for statement in (keeping.TABLE, selections.TABLE):
        connection.execute(statement)


@step
def watched(connection: sqlite3.Connection) -> None:
    """Alerts with their episodes, messages that wait, and what a Worker's own counter said."""
    for statement in (*episodes.TABLES, outbox.TABLE, counters.TABLE):
        connection.execute(statement)


@step
def estimated(connection: sqlite3.Connection) -> None:
    """The worst value of an episode may rest on an estimate."""
    connection.execute("ALTER TABLE episode ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0")


@step
def named(connection: sqlite3.Connection) -> None:
    """Rules that are judged for each gateway, provider or model have a state, and episodes, for each."""
    for statement in episodes.BY_NAME:
        connection.execute(statement)


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, datasets: Iterable[Dataset]) -> None:
    """Bring the fixed tables to the newest version and the datasets' tables to their declarations."""
    if version_of(connection) < 0:
        raise sqlite3.DatabaseError("its version is below zero")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, apply in enumerate(STEPS[version_of(connection) :], version_of(connection) + 1):
            apply(connection)
            connection.execute(f"PRAGMA user_version = {number}")
        for dataset in datasets:
            adapt(connection, dataset)
            days.adapt(connection, dataset)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def check(connection: sqlite3.Connection, datasets: Iterable[Dataset]) -> None:
    """Raises sqlite3.DatabaseError for broken pages (8 MB: 17 ms), and for tables that lack what `migrate` makes."""
    if (said := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(said)
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh, datasets)
        missing = _columns(fresh) - _columns(connection)
    finally:
        fresh.close()
    if missing or connection.execute("SELECT 1 FROM meta WHERE name = 'revision'").fetchone() is None:
        raise sqlite3.DatabaseError("parts of the tables are missing")


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(
        connection.execute("SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c").fetchall()
    )


def adapt(connection: sqlite3.Connection, dataset: Dataset) -> None:
    """Make the dataset's table, add the columns it lacks; what that concerns is read again."""
    columns = connection.execute(f'PRAGMA table_info("{dataset.name}")').fetchall()
    if not columns:
        connection.execute(tables.create(dataset))
        return
    names, keys = {row[1] for row in columns}, [row[1] for row in columns if row[5]]
    if keys != ["account", "bucket", *dataset.key_names]:
        aside = f"{dataset.name}_before_{connection.execute('PRAGMA schema_version').fetchone()[0]}"
        connection.execute(f'ALTER TABLE "{dataset.name}" RENAME TO "{aside}"')
        connection.execute(tables.create(dataset))
        connection.execute("DELETE FROM hour WHERE dataset = ?", (dataset.name,))
        return
    for measure in dataset.measures:
        if measure.name not in names:
            connection.execute(f'ALTER TABLE "{dataset.name}" ADD COLUMN {tables.column(measure)}')
            connection.execute("UPDATE hour SET settled = 0 WHERE dataset = ?", (dataset.name,))
