"""Writing a reading down: rows replaced, hours marked, days added up; in the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aigw_tui.datasets import Dataset
from aigw_tui.history import days, settle
from aigw_tui.history.protocol import Intervals, StoredRow, Totals, Value
from aigw_tui.history.views import epoch, moment
from aigw_tui.model import Interval, Window, hour_of

HOUR_S = 3600
MARKS = "account, dataset, hour, read_at, settled, empty_at, lower, upper"


def write(
    db: sqlite3.Connection,
    account: int,
    dataset: Dataset,
    window: Window,
    stored: Sequence[tuple[Value, ...]],
    sums: Mapping[int, Sequence[float | None]],
    totals: Totals,
    intervals: Intervals,
    now: datetime,
) -> bool:
    """Replace what is known of the window; `stored` begin with (account, bucket, *ids of keys). True: it changed."""
    width = 2 + len(dataset.keys)
    place = (account, epoch(window.since), epoch(window.until))
    between = "account = ? AND bucket >= ? AND bucket < ?"
    names = ["account", "bucket", *(f'"{name}"' for name in (*dataset.key_names, *dataset.measure_names))]
    columns = ", ".join(names)
    old: dict[tuple[Any, ...], tuple[Any, ...]] = {
        raw[:width]: raw for raw in db.execute(f'SELECT {columns} FROM "{dataset.name}" WHERE {between}', place)
    }
    new: dict[tuple[Any, ...], tuple[Any, ...]] = {raw[:width]: raw for raw in stored}
    before, after = marks(db, account, dataset, window), {}
    for hour in window.hours:
        second = epoch(hour)
        mark = before.get(hour)
        after[hour] = settle.verdict(
            dataset, hour, now, mark, sums.get(second), totals.get(second), intervals.get(second)
        )
        if second not in sums and not settle.erases(mark, now, totals.get(second)):
            new |= {key: raw for key, raw in old.items() if second <= key[1] < second + HOUR_S}
    changed = [raw for key, raw in new.items() if old.get(key) != raw]
    gone = [key for key in old if key not in new]
    keys = " AND ".join(f"{name} = ?" for name in names[:width])
    db.executemany(f'DELETE FROM "{dataset.name}" WHERE {keys}', gone)
    db.executemany(
        f'INSERT OR REPLACE INTO "{dataset.name}" ({columns}) VALUES ({", ".join("?" * len(names))})', changed
    )
    db.executemany(
        f"INSERT OR REPLACE INTO hour ({MARKS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(account, dataset.name, epoch(hour), *_columns(mark)) for hour, mark in after.items()],
    )
    has_moved = bool(changed or gone) or any(_differ(before.get(hour), mark) for hour, mark in after.items())
    if has_moved:
        days.add_up(db, dataset, *place)
    return has_moved


def marks(db: sqlite3.Connection, account: int | None, dataset: Dataset, window: Window) -> dict[datetime, settle.Mark]:
    """What is known of each hour of the window."""
    found = db.execute(
        "SELECT hour, read_at, settled, empty_at, lower, upper FROM hour"
        " WHERE account = ? AND dataset = ? AND hour >= ? AND hour < ?",
        (account, dataset.name, epoch(hour_of(window.since)), epoch(window.until)),
    )
    return {
        moment(hour): settle.Mark(
            moment(read),
            bool(settled),
            None if empty is None else moment(empty),
            None if lower is None else Interval(lower, upper),
        )
        for hour, read, settled, empty, lower, upper in found
    }


def sums(dataset: Dataset, rows: Sequence[StoredRow]) -> dict[int, list[float | None]]:
    """Hour in epoch seconds → the sum of each checked measure over its rows."""
    names = ("bucket", *dataset.key_names, *dataset.measure_names)
    places = [names.index(name) for name in dataset.checked]
    found: dict[int, list[float | None]] = {}
    for values in rows:
        second = int(values[0] or 0)
        hour = found.setdefault(second - second % HOUR_S, [None] * len(places))
        for n, place in enumerate(places):
            if isinstance(value := values[place], int | float):
                hour[n] = (hour[n] or 0) + value
    return found


def _columns(mark: settle.Mark) -> tuple[int | float | None, ...]:
    lower, upper = mark.interval or (None, None)
    empty_at = None if mark.empty_at is None else epoch(mark.empty_at)
    return epoch(mark.read_at), mark.is_settled, empty_at, lower, upper


def _differ(before: settle.Mark | None, after: settle.Mark) -> bool:
    """Whether a view may look different: when an hour was read does not count."""
    return before is None or (before.is_settled, before.interval) != (after.is_settled, after.interval)
