"""Sorting more than memory should hold: the rows wait in a temporary database that vanishes with its reader."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import TypeVar

from aigw_tui.errors import LocalError

Row = TypeVar("Row")


def in_order(
    rows: Iterable[Row], place: Callable[[Row], float | str | None], *, is_descending: bool = False
) -> Iterator[Row]:
    """All rows by their place, equal ones as they came, those without a place last. Raises LocalError."""
    direction = "DESC" if is_descending else "ASC"
    try:
        with closing(sqlite3.connect("", isolation_level=None)) as base:  # an empty name: a file that has none
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("CREATE TABLE waiting (id INTEGER PRIMARY KEY, place, row BLOB NOT NULL)")
            base.execute("BEGIN")
            waiting = ((place(row), pickle.dumps(row, pickle.HIGHEST_PROTOCOL)) for row in rows)
            base.executemany("INSERT INTO waiting (place, row) VALUES (?, ?)", waiting)
            for (row,) in base.execute(f"SELECT row FROM waiting ORDER BY place {direction} NULLS LAST, id"):
                yield pickle.loads(row)  # noqa: S301 - written above, into a file that nobody else can open
    except sqlite3.OperationalError as error:
        raise LocalError(f"the rows cannot be sorted: {error}", "make room in the folder of temporary files") from error
