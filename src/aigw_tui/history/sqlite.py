"""History in SQLite: one file (or memory), one connection, every change in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.errors import LocalError
from aigw_tui.history import audit, leases, selections, writing
from aigw_tui.history.carrying import carry
from aigw_tui.history.connection import copied
from aigw_tui.history.counters import StoredCounters
from aigw_tui.history.episodes import StoredAlerts
from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.home import Home
from aigw_tui.history.keeping import Shelf
from aigw_tui.history.ledger import StoredLedger
from aigw_tui.history.outbox import Outbox
from aigw_tui.history.protocol import NOT_SAMPLED, Intervals, StoredRow, Totals, Value
from aigw_tui.history.reading import Reading
from aigw_tui.history.views import epoch
from aigw_tui.model import Window, hour_of

MOVE = "UPDATE meta SET value = value + 1 WHERE name = 'revision'"


class SqliteHistory(Reading):
    """A History over an open, migrated connection. `server` keeps accounts of different base URLs apart.

    `home` is where it lives on disk, None for one that never had one; `is_away`: for now the connection is to memory.
    """

    def __init__(
        self, connection: sqlite3.Connection, server: str, home: Home | None = None, *, is_away: bool = False
    ) -> None:
        super().__init__(connection, server)
        self._home, self._is_away = home, is_away

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
    def audit(self, account: str, moved: Mapping[Dataset, Collection[int]], now: datetime) -> None:
        with self._transaction() as db:
            number = self._names.account_number(account)
            reopened = [audit.reopen(db, number, dataset, hours) for dataset, hours in moved.items()]
            if any(reopened):
                db.execute(MOVE)
            audit.done(db, number, epoch(now))

    @refusals_named
    def forget(self, now: datetime) -> None:
        with self._transaction() as db:
            for dataset in all_datasets():
                if dataset.keep is not None:
                    oldest = epoch(hour_of(now - dataset.keep))
                    db.execute(f'DELETE FROM "{dataset.name}" WHERE bucket < ?', (oldest,))
                    db.execute("DELETE FROM hour WHERE dataset = ? AND hour < ?", (dataset.name, oldest))

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
