"""Days added up: beside each hourly table one that is always its sum by day, so that long windows read few rows."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from aigw_tui.datasets import Adds, Dataset, Measure
from aigw_tui.history.tables import WITHOUT_ROWID, column

DAY_S = 86_400

IS_OPEN = """EXISTS (SELECT 1 FROM hour AS h WHERE h.account = t.account AND h.dataset = :dataset
    AND h.hour = t.bucket - t.bucket % 3600 AND h.settled = 0)"""
"""Whether the hour of a stored row may still change."""


def has_days(dataset: Dataset) -> bool:
    """Hourly and kept for ever: what is forgotten by the hour would leave days too large."""
    return dataset.bucket == timedelta(hours=1) and dataset.keep is None


def table(dataset: Dataset) -> str:
    return f'"{dataset.name}_by_day"'


def added(dataset: Dataset) -> tuple[Measure, ...]:
    """The measures that a day has."""
    return tuple(measure for measure in dataset.measures if measure.adds is Adds.BY_SUM)


def bit(dataset: Dataset, measure: str) -> int:
    """Its place in `lacks`."""
    return 1 << [one.name for one in added(dataset)].index(measure)


def adapt(connection: sqlite3.Connection, dataset: Dataset) -> None:
    """Make the table of days, or make it again where its columns are not those of the dataset."""
    if not has_days(dataset):
        return
    found = [row[1] for row in connection.execute(f"PRAGMA table_info({table(dataset)})")]
    keys = [f'"{name}" INTEGER NOT NULL' for name in dataset.key_names]
    fixed = ["account INTEGER NOT NULL", "bucket INTEGER NOT NULL", *keys, "lacks INTEGER NOT NULL"]
    # rows with the same measures unknown are added up: so a sum of nothing known stays unknown, and can be counted
    wanted = ["account", "bucket", *dataset.key_names, "lacks", "stored", "filling"]
    if found == [*wanted, *(measure.name for measure in added(dataset))]:
        return
    columns = [*fixed, "stored INTEGER NOT NULL", "filling INTEGER NOT NULL", *map(column, added(dataset))]
    primary = ", ".join(f'"{name}"' for name in wanted[: len(fixed)])
    connection.execute(f"DROP TABLE IF EXISTS {table(dataset)}")
    connection.execute(f"CREATE TABLE {table(dataset)} ({', '.join(columns)}, PRIMARY KEY ({primary})) {WITHOUT_ROWID}")
    connection.execute(_sums(dataset, "1"), {"dataset": dataset.name})


def add_up(connection: sqlite3.Connection, dataset: Dataset, account: int | None, since: int, until: int) -> None:
    """Every day that `[since, until)` (epoch seconds) touches, again, from its hours."""
    if not has_days(dataset):
        return
    place = {"account": account, "since": since - since % DAY_S, "until": until + -until % DAY_S}
    between = "account = :account AND bucket >= :since AND bucket < :until"
    connection.execute(f"DELETE FROM {table(dataset)} WHERE {between}", place)
    connection.execute(_sums(dataset, between), {**place, "dataset": dataset.name})


def _sums(dataset: Dataset, condition: str) -> str:
    keys = "".join(f'"{name}", ' for name in dataset.key_names)
    lacks = " | ".join(f'("{one.name}" IS NULL) * {bit(dataset, one.name)}' for one in added(dataset))
    sums = "".join(f', SUM("{one.name}")' for one in added(dataset))
    groups = ", ".join(str(n + 1) for n in range(3 + len(dataset.keys)))
    return (
        f"INSERT INTO {table(dataset)} SELECT account, bucket - bucket % {DAY_S}, {keys}{lacks}, COUNT(*),"
        f' MAX({IS_OPEN}){sums} FROM "{dataset.name}" AS t WHERE {condition} GROUP BY {groups}'
    )
