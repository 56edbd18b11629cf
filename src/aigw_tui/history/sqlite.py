"""History in SQLite: one file (or memory), one connection, every change in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.datasets import dataset as dataset_named
from aigw_tui.errors import LocalError
from aigw_tui.history import audit, days, leases, selections, settle, writing
from aigw_tui.history.answers import Answers
from aigw_tui.history.carrying import carry
from aigw_tui.history.connection import copied
from aigw_tui.history.counters import StoredCounters
from aigw_tui.history.episodes import StoredAlerts
from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.home import Home
from aigw_tui.history.keeping import Shelf
from aigw_tui.history.ledger import StoredLedger
from aigw_tui.history.names import Names
from aigw_tui.history.outbox import Outbox
from aigw_tui.history.protocol import NOT_SAMPLED, Intervals, StoredRow, Totals, Value
from aigw_tui.history.views import epoch, moment, rows_of, statement, together
from aigw_tui.model import HOUR, Interval, Query, Row, Trust, View, Window, hour_of

MOVE = "UPDATE meta SET value = value + 1 WHERE name = 'revision'"
RESOLUTION = datetime.resolution
T = TypeVar("T")


class SqliteHistory:
    """A History over an open, migrated connection. `server` keeps accounts of different base URLs apart.

    `home` is where it lives on disk, None for one that never had one; `is_away`: for now the connection is to memory.
    """

    def __init__(
        self, connection: sqlite3.Connection, server: str, home: Home | None = None, *, is_away: bool = False
    ) -> None:
        self._db, self._server, self._home, self._is_away = connection, server, home, is_away
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
    def record(
        self,
        account: str,
        dataset: Dataset,
        window: Window,
        rows: Sequence[StoredRow],
        totals: Totals,
        now: datetime,
        intervals: Intervals = NOT_SAMPLED,
    ) -> bool:
        with self._transaction() as db:
            number = self._names.account_number(account)
            stored = [self._stored(number, dataset, one) for one in rows]
            by_hour = writing.sums(dataset, rows)
            has_moved = writing.write(db, number, dataset, window, stored, by_hour, totals, intervals, now)
            if has_moved:
                db.execute(MOVE)
        return has_moved

    @refusals_named
    def select(self, account: str, dataset: Dataset, names: Collection[str], since: datetime) -> bool:
        with self._transaction() as db:
            has_moved = selections.take(db, self._names.account_number(account), dataset, names, epoch(since))
            if has_moved:
                db.execute(MOVE)
        return has_moved

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
    def audit(self, account: str, moved: Mapping[Dataset, Collection[int]], now: datetime) -> None:
        with self._transaction() as db:
            number = self._names.account_number(account)
            reopened = [audit.reopen(db, number, dataset, hours) for dataset, hours in moved.items()]
            if any(reopened):
                db.execute(MOVE)
            audit.done(db, number, epoch(now))

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
    def forget(self, now: datetime) -> None:
        with self._transaction() as db:
            for dataset in all_datasets():
                if dataset.keep is not None:
                    oldest = epoch(hour_of(now - dataset.keep))
                    db.execute(f'DELETE FROM "{dataset.name}" WHERE bucket < ?', (oldest,))
                    db.execute("DELETE FROM hour WHERE dataset = ? AND hour < ?", (dataset.name, oldest))

    @refusals_named
    def accounts(self) -> Collection[str]:
        return self._names.accounts()

    @refusals_named
    def take(self, account: str, holder: str, now: datetime, until: datetime) -> bool:
        return leases.take(self._db, self._server, account, holder, now, until)

    @refusals_named
    def let_go(self, holder: str) -> None:
        leases.let_go(self._db, holder)

    @refusals_named
    def want(self, account: str) -> None:
        leases.want(self._db, self._server, account)

    @refusals_named
    def was_wanted(self, account: str) -> bool:
        return leases.was_wanted(self._db, self._server, account)

    def ledger(self, user: str) -> StoredLedger:
        """The API calls of one token's user; the empty name is the user of the token at the top."""
        return StoredLedger(lambda: self._db, self._server, user)

    @property
    def shelf(self) -> Shelf:
        """What was found out, kept for a while."""
        return Shelf(lambda: self._db, self._server)

    @property
    def outbox(self) -> Outbox:
        """Messages that wait to be delivered."""
        return Outbox(lambda: self._db, self._server)

    @property
    def counters(self) -> StoredCounters:
        """What Workers' own counters said."""
        return StoredCounters(lambda: self._db, self._server)

    @property
    def alerts(self) -> StoredAlerts:
        """The state of every rule, and the episodes."""
        return StoredAlerts(lambda: self._db, self._server)

    @refusals_named
    def go_on_in_memory(self) -> None:
        self._move_to(copied(self._db), is_away=self._home is not None)

    @refusals_named
    def go_back_to_disk(self) -> bool:
        if self._home is None or not self._is_away:
            return False
        self._home.expect_room(self._size)
        disk = self._home.open()
        try:
            carry(self._db, disk)
        except BaseException:
            disk.close()
            raise
        self._move_to(disk, is_away=False)
        return True

    def in_full(self, error: LocalError) -> LocalError:
        return self._home.in_full(error, self._size) if self._home else error

    def _move_to(self, database: sqlite3.Connection, *, is_away: bool) -> None:
        old, self._db, self._is_away = self._db, database, is_away
        self._names.forget()
        self._answers.forget()
        old.close()

    @property
    def _size(self) -> int:
        """Bytes."""
        return int(
            self._db.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
        )

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            self._names.forget()  # numbers given in this transaction are gone with it
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _stored(self, account: int | None, dataset: Dataset, values: StoredRow) -> tuple[Value, ...]:
        last = 1 + len(dataset.keys)
        return (account, values[0], *(self._names.number(str(text)) for text in values[1:last]), *values[last:])
