"""What history answers to questions; answers are kept until the rows move."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Hashable, Mapping
from datetime import datetime
from typing import TypeVar

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.datasets import dataset as dataset_named
from aigw_tui.history import audit, days, settle, writing
from aigw_tui.history.answers import Answers
from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.names import Names
from aigw_tui.history.protocol import Totals
from aigw_tui.history.views import epoch, moment, rows_of, statement, together
from aigw_tui.model import HOUR, Interval, Query, Row, Trust, View, Window, hour_of

RESOLUTION = datetime.resolution
T = TypeVar("T")


class Reading:
    """The questions to a History, over an open, migrated connection."""

    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        self._db, self._server = connection, server
        self._names = Names(lambda: self._db, server)
        self._answers = Answers()

    @property
    @refusals_named
    def revision(self) -> int:
        return int(self._db.execute("SELECT value FROM meta WHERE name = 'revision'").fetchone()[0])

    @refusals_named
    def view(self, query: Query) -> View:
        return self._once(query, lambda: self._read(query))

    def _once(self, question: Hashable, read: Callable[[], T]) -> T:
        return self._answers.once(self.revision, question, read)

    def _read(self, query: Query) -> View:
        dataset = dataset_named(query.dataset)
        wanted = query if "account" in dict(query.where) else self._of_this_server(query)
        first_open = self._once(("first open", dataset.name), lambda: self._first_open(dataset))
        asked = statement(dataset, wanted, self._names.known, first_open)
        rows: tuple[Row, ...] = ()
        if query.by:
            texts = {name: self._names.tag if name == "account" else self._names.text for name in query.by}
            found = self._db.execute(asked.groups, {**asked.parameters, **asked.page}).fetchall()
            rows = rows_of(query, found, texts)
        is_all = query.limit is None and not query.offset
        if query.by and is_all:
            total = together(query, rows)
        else:
            alone = Query(query.dataset, query.window, (), query.measures)
            (total,) = rows_of(alone, [self._one(asked.total, asked.parameters)], {})
        count = len(rows) if is_all or not query.by else int(self._one(asked.count, asked.parameters)[0] or 0)
        return View(query, rows, total, count)

    def _of_this_server(self, query: Query) -> Query:
        return Query(
            query.dataset, query.window, query.by, query.measures, (*query.where, ("account", tuple(self.accounts()))),
            query.order, query.limit, query.offset,
        )  # fmt: skip

    def _one(self, sql: str, parameters: Mapping[str, int | str]) -> tuple[float | None, ...]:
        return tuple(self._db.execute(sql, parameters).fetchone())

    def _first_open(self, dataset: Dataset) -> int:
        found = self._db.execute("SELECT MIN(hour) FROM hour WHERE dataset = ? AND settled = 0", (dataset.name,))
        return int(found.fetchone()[0] or 0)

    @refusals_named
    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        hours = Window(hour_of(window.since), hour_of(window.until + HOUR - RESOLUTION))
        return self._once((dataset, hours, account), lambda: self._known(dataset, hours, account))

    def _known(self, dataset: str, window: Window, account: tuple[str, ...]) -> dict[datetime, Trust]:
        chosen = [found for tag in account or self.accounts() if (found := self._names.account(tag)) is not None]
        marks = self._db.execute(
            f"SELECT hour, MIN(settled), COUNT(*) FROM hour WHERE dataset = ? AND hour >= ? AND hour < ?"
            f" AND account IN ({', '.join('?' * len(chosen))}) GROUP BY hour",
            (dataset, epoch(window.since), epoch(window.until), *chosen),
        )
        return {
            moment(hour): Trust.SETTLED if settled and count == len(chosen) else Trust.FILLING
            for hour, settled, count in marks
        }

    @refusals_named
    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        hours = Window(hour_of(window.since), hour_of(window.until + HOUR - RESOLUTION))
        return self._once(("sampled", dataset, hours, account), lambda: self._sampled(dataset, hours, account))

    def _sampled(self, dataset: str, window: Window, account: tuple[str, ...]) -> dict[datetime, Interval]:
        chosen = [found for tag in account or self.accounts() if (found := self._names.account(tag)) is not None]
        rows = self._db.execute(
            f"SELECT hour, SUM(lower), SUM(upper) FROM hour WHERE dataset = ? AND hour >= ? AND hour < ?"
            f" AND lower IS NOT NULL AND account IN ({', '.join('?' * len(chosen))}) GROUP BY hour",
            (dataset, epoch(window.since), epoch(window.until), *chosen),
        )
        return {moment(hour): Interval(lower, upper) for hour, lower, upper in rows}

    @refusals_named
    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        declared = dataset_named(dataset)
        if key == "account":
            return tuple(sorted(self.accounts()))
        if key not in declared.key_names:
            raise KeyError(f"{dataset} has no key {key!r}")
        return self._once((dataset, key), lambda: self._distinct(declared, key))

    def _distinct(self, dataset: Dataset, key: str) -> tuple[str, ...]:
        table = days.table(dataset) if days.has_days(dataset) else f'"{dataset.name}"'
        found = self._db.execute(
            f'SELECT DISTINCT "{key}" FROM {table} WHERE account IN (SELECT id FROM account WHERE server = ?)',
            (self._server,),
        )
        return tuple(sorted(self._names.text(number) for (number,) in found))

    @refusals_named
    def unsettled(self, account: str, dataset: Dataset, window: Window, now: datetime) -> tuple[datetime, ...]:
        number = self._names.account(account)
        marks = {} if number is None else writing.marks(self._db, number, dataset, window)
        return tuple(hour for hour in window.hours if settle.is_due(dataset, hour, now, marks.get(hour)))

    @refusals_named
    def sums(self, account: str, dataset: Dataset, window: Window) -> Totals:
        return audit.sums(self._db, self._names.account(account), dataset, epoch(window.since), epoch(window.until))

    @refusals_named
    def is_audit_due(self, account: str, since: datetime, now: datetime) -> bool:
        number, names = self._names.account(account), [dataset.name for dataset in all_datasets()]
        return number is not None and audit.is_due(self._db, number, names, epoch(since), epoch(now))

    @refusals_named
    def read_at(self, account: str) -> datetime | None:
        found = self._db.execute(
            "SELECT MAX(read_at) FROM hour WHERE account = ?", (self._names.account(account),)
        ).fetchone()
        return moment(found[0]) if found[0] is not None else None

    @refusals_named
    def first_hour(self, account: str) -> datetime | None:
        found = self._db.execute(
            "SELECT MIN(hour) FROM hour WHERE account = ? AND dataset = 'requests'", (self._names.account(account),)
        ).fetchone()
        return moment(found[0]) if found[0] is not None else None

    @refusals_named
    def accounts(self) -> Collection[str]:
        return self._names.accounts()
