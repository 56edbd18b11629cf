"""Messages that wait to be delivered: bounded, shared by all processes on the store. Moments: the wall clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aigw_tui.history.guarded import refusals_named
from aigw_tui.history.tables import WITHOUT_ROWID
from aigw_tui.history.undelivered import DROPPED, Row, by_target
from aigw_tui.model import DAY, Undelivered

TABLE = f"""CREATE TABLE outbox (
    server TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL, message TEXT NOT NULL, made REAL NOT NULL,
    attempts INTEGER NOT NULL, next_at REAL NOT NULL, taken_until REAL, failure TEXT NOT NULL,
    PRIMARY KEY (server, id, target)
) {WITHOUT_ROWID}"""
"""id: of the message, for idempotency · taken_until: a process is delivering it · failure: why the last try failed.

A row without a message is over (delivered; given up or dropped where it has a failure), at next_at: it stays so that
the same message is not sent again.
"""

MOST = 1_000
"""Rows that wait; the oldest make room."""
REMEMBERED = timedelta(days=7)
"""How long a row that is over is kept, 10,000 at the most."""
MOST_REMEMBERED = 10_000
TAKEN = timedelta(seconds=60)
"""Longer than any target may take; then another process may try."""
LONGEST_PAUSE = timedelta(minutes=15)

OURS = "server = :server"
WAITS = f"{OURS} AND message <> ''"
IS_FREE = "(taken_until IS NULL OR taken_until <= :now OR taken_until > :soon)"
IS_DUE = f"{IS_FREE} AND (next_at <= :now OR next_at > :later)"
"""Moments too far ahead are of a clock that was set back since, and mean nothing."""
THIS = f"{OURS} AND id = :id AND target = :target AND taken_until = :taken"
"""A row as it was taken: whoever took it too late, and slept, no longer changes it."""
COLUMNS = "id, target, message, made, attempts, next_at, failure, taken_until"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on its way to one target, or (without its text) at the end of it."""

    id: str
    target: str
    message: str
    made: datetime
    attempts: int
    """Tries that failed."""
    next_at: datetime
    """Not tried before; of one that is over: since when."""
    failure: str
    """Why the last try failed; empty: it did not."""
    taken: float | None = None


class Outbox:
    """Every method raises LocalError when the disk refuses. Moments: UTC."""

    def __init__(self, database: Callable[[], sqlite3.Connection], server: str) -> None:
        self._database, self._server = database, server

    @refusals_named
    def add(self, id_: str, targets: Iterable[str], message: str, now: datetime) -> int:
        """Let it wait for each of them, unless it did before; how many older rows were dropped to make room."""
        with self._transaction() as db:
            known = {"server": self._server, "id": id_, "message": message, "now": now.timestamp()}
            db.executemany(
                "INSERT OR IGNORE INTO outbox VALUES (:server, :id, :target, :message, :now, 0, :now, NULL, '')",
                [{**known, "target": target} for target in targets],
            )
            end = "UPDATE outbox SET message = '', next_at = :now, taken_until = NULL, failure = :dropped"
            dropped = self._reduce(db, end, WAITS, MOST, now)
            over = f"{OURS} AND message = ''"
            db.execute(f"DELETE FROM outbox WHERE {over} AND next_at <= :past", {**known, "past": _past(now)})
            self._reduce(db, "DELETE FROM outbox", over, MOST_REMEMBERED, now)
            if dropped:
                db.execute(
                    "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
                    (self._counter, dropped),
                )
        return dropped

    def _reduce(self, db: sqlite3.Connection, act: str, which: str, most: int, now: datetime) -> int:
        """Do that to the oldest beyond `most`, but to none that is being delivered; to how many."""
        (count,) = db.execute(f"SELECT COUNT(*) FROM outbox WHERE {which}", {"server": self._server}).fetchone()
        if count <= most:
            return 0
        oldest = f"SELECT id, target FROM outbox WHERE {which} AND {IS_FREE} ORDER BY made, id, target LIMIT :many"
        place = {**self._at(now), "many": count - most, "dropped": DROPPED}
        return db.execute(f"{act} WHERE {OURS} AND (id, target) IN ({oldest})", place).rowcount

    @refusals_named
    def take(self, target: str, now: datetime) -> Waiting | None:
        """The oldest that is due for that target, to be delivered by the caller within `TAKEN`; None: nothing is."""
        place = {**self._at(now), "target": target}
        due = f"SELECT {COLUMNS} FROM outbox WHERE {WAITS} AND target = :target AND {IS_DUE} ORDER BY made, id LIMIT 1"
        if self._database().execute(due, place).fetchone() is None:
            return None  # without a write, as nearly always
        with self._transaction() as db:
            found = db.execute(due, place).fetchone()
            if found is None:
                return None  # another process was quicker
            place |= {"id": found[0], "taken": (now + TAKEN).timestamp()}
            db.execute(f"UPDATE outbox SET taken_until = :taken WHERE {OURS} AND id = :id AND target = :target", place)
        return _waiting((*found[:-1], place["taken"]))

    @refusals_named
    def delivered(self, row: Waiting, now: datetime) -> None:
        """It arrived."""
        self._over(row, "", now)

    @refusals_named
    def give_up(self, row: Waiting, failure: str, now: datetime) -> None:
        """It will never arrive."""
        self._over(row, failure, now)

    def _over(self, row: Waiting, failure: str, now: datetime) -> None:
        self._database().execute(
            "UPDATE outbox SET message = '', attempts = attempts + :tried, failure = :failure, next_at = :now,"
            f" taken_until = NULL WHERE {THIS}",
            {**self._place(row), "failure": failure, "tried": bool(failure), "now": now.timestamp()},
        )

    @refusals_named
    def retry(self, row: Waiting, failure: str, next_at: datetime, is_target_down: bool) -> None:
        """Not before `next_at`; nor, where the target is down, anything else that waits for it: so order is kept."""
        place = {**self._place(row), "failure": failure, "next": next_at.timestamp()}
        with self._transaction() as db:
            done = db.execute(
                f"UPDATE outbox SET attempts = attempts + 1, failure = :failure, next_at = :next, taken_until = NULL"
                f" WHERE {THIS}",
                place,
            )
            if is_target_down and done.rowcount:
                db.execute(f"UPDATE outbox SET next_at = MAX(next_at, :next) WHERE {WAITS} AND target = :target", place)

    @refusals_named
    def expire(self, made_by: datetime, failure: str, now: datetime) -> tuple[Waiting, ...]:
        """Give up what has waited since `made_by` or longer, whatever its target; what that was."""
        place = {**self._at(now), "made": made_by.timestamp(), "failure": failure}
        late = f"{WAITS} AND made <= :made AND {IS_FREE}"
        if self._database().execute(f"SELECT 1 FROM outbox WHERE {late}", place).fetchone() is None:
            return ()
        with self._transaction() as db:
            found = db.execute(f"SELECT {COLUMNS} FROM outbox WHERE {late} ORDER BY made, id, target", place).fetchall()
            db.execute(
                "UPDATE outbox SET message = '', next_at = :now, taken_until = NULL,"
                f" failure = CASE failure WHEN '' THEN :failure ELSE failure END WHERE {late}",
                place,
            )
        return tuple(map(_waiting, found))

    @refusals_named
    def waiting(self) -> tuple[Waiting, ...]:
        """All that wait, oldest first."""
        return self._all(WAITS, "made, id, target")

    @refusals_named
    def given_up(self) -> tuple[Waiting, ...]:
        """Those of the last 7 days that will never arrive, newest first, without their text."""
        return self._all(f"{OURS} AND message = '' AND failure <> ''", "next_at DESC, id, target")

    @refusals_named
    def undelivered(self, now: datetime) -> tuple[Undelivered, ...]:
        """Targets that something has not reached: it waits, or was lost in the last 24 hours. Mostly none.

        What has waited for two days is nobody's any more: whoever delivers gives up after one.
        """
        place = {**self._at(now), "past": (now - DAY).timestamp(), "ago": (now - 2 * DAY).timestamp()}
        lost = f"{OURS} AND message = '' AND failure <> '' AND next_at > :past AND next_at <= :later"
        which = f"{WAITS} AND made > :ago OR {lost}"
        asked = f"SELECT target, message <> '', made, next_at, failure FROM outbox WHERE {which}"
        rows = (
            Row(one[0], bool(one[1]), *_moments(*one[2:4]), one[4]) for one in self._database().execute(asked, place)
        )
        return by_target(rows, now, now + 2 * LONGEST_PAUSE)

    @property
    @refusals_named
    def dropped(self) -> int:
        """How many were dropped to make room, ever."""
        found = self._database().execute("SELECT value FROM meta WHERE name = ?", (self._counter,)).fetchone()
        return int(found[0]) if found else 0

    def _all(self, which: str, order: str) -> tuple[Waiting, ...]:
        asked = f"SELECT {COLUMNS} FROM outbox WHERE {which} ORDER BY {order}"
        return tuple(map(_waiting, self._database().execute(asked, {"server": self._server})))

    @property
    def _counter(self) -> str:
        return f"messages dropped of {self._server}"

    def _at(self, now: datetime) -> dict[str, str | float]:
        moments = {"now": now, "soon": now + 2 * TAKEN, "later": now + 2 * LONGEST_PAUSE}
        return {"server": self._server, **{name: moment.timestamp() for name, moment in moments.items()}}

    def _place(self, row: Waiting) -> dict[str, str | float | None]:
        return {"server": self._server, "id": row.id, "target": row.target, "taken": row.taken}

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._database()
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def _past(now: datetime) -> float:
    return (now - REMEMBERED).timestamp()


def _waiting(row: tuple[str, str, str, float, int, float, str, float | None]) -> Waiting:
    id_, target, message, made, attempts, next_at, failure, taken = row
    begin, then = _moments(made, next_at)
    return Waiting(id_, target, message, begin, attempts, then, failure, taken)


def _moments(made: float, next_at: float) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(made, UTC), datetime.fromtimestamp(next_at, UTC)
