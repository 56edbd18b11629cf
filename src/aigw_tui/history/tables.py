"""Tables made from the datasets' declarations."""

from __future__ import annotations

import sqlite3

from aigw_tui.datasets import Dataset, Measure

STRICT = "STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""
WITHOUT_ROWID = ", ".join(filter(None, ("WITHOUT ROWID", STRICT)))

FIXED = (
    f"CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) {STRICT}",
    f"""CREATE TABLE account (
        id INTEGER PRIMARY KEY, server TEXT NOT NULL, tag TEXT NOT NULL, UNIQUE (server, tag)
    ) {STRICT}""",
    f"CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) {STRICT}",
    f"""CREATE TABLE hour (
        account INTEGER NOT NULL, dataset TEXT NOT NULL, hour INTEGER NOT NULL,
        read_at INTEGER NOT NULL, settled INTEGER NOT NULL, empty_at INTEGER,
        PRIMARY KEY (account, dataset, hour)
    ) {WITHOUT_ROWID}""",
)
"""meta: revision · name: every text key once · hour: what is known of each hour of each dataset."""


def column(measure: Measure) -> str:
    return f'"{measure.name}" {"INTEGER" if measure.is_integer else "REAL"}'


def create(dataset: Dataset) -> str:
    """The statement that makes the dataset's table: integer ids for text, times in epoch seconds."""
    keys = [f'"{key.name}"' for key in dataset.keys]
    columns = [
        "account INTEGER NOT NULL",
        "bucket INTEGER NOT NULL",
        *(f"{key} INTEGER NOT NULL" for key in keys),
        *(column(measure) for measure in dataset.measures),
    ]
    primary = ", ".join(["account", "bucket", *keys])
    return f'CREATE TABLE "{dataset.name}" ({", ".join(columns)}, PRIMARY KEY ({primary})) {WITHOUT_ROWID}'
