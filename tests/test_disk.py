"""A disk that lies or refuses: the file is set aside and said, history goes on, and no panel ever sees an exception."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.datasets import dataset
from aigw_tui.errors import LocalError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.watchlist import DEFAULT_RULES
from aigw_tui.model import HOUR, Query, Scope, Window

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SERVER = "https://api.example/client/v4"
REQUESTS = dataset("requests")
HOURS = 60
ALL = Window(NOON - HOURS * HOUR, NOON)
VIEW = Query("requests", ALL, ("hour", "model"), ("requests", "cost_usd"))


def row(hour: datetime, model: str = "m") -> StoredRow:
    return (int(hour.timestamp()), "g", "openai", model, 1, 0, 0, 10, 5, 10, 5, 0.5, 100.0, 200.0)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A history of 60 hours in one file."""
    path = tmp_path_factory.mktemp("good") / "history.sqlite"
    history = open_history(path, SERVER, NOON).history
    for hour in ALL.hours:
        history.record("a", REQUESTS, Window(hour, hour + HOUR), [row(hour, f"model-{n}") for n in range(8)], {}, NOON)
    history.close()
    return path.read_bytes()


def version(data: bytes, number: int) -> bytes:
    return data[:60] + number.to_bytes(4, "big", signed=True) + data[64:]


@pytest.mark.parametrize("damage", ["garbage", "zeros", "half", "page", "below zero", "version 0", "renamed column"])
def test_a_damaged_file_is_set_aside(tmp_path: Path, good: bytes, damage: str) -> None:
    """Never deleted, said with its new name, and a whole one stands in its place."""
    data = {
        "garbage": b"no database at all " * 500,
        "zeros": bytes(8192),
        "half": good[: len(good) // 2],
        "page": good[:8192] + random.Random(1).randbytes(4096) + good[12288:],  # noqa: S311
        "below zero": version(good, -1),
        "version 0": version(good, 0),
        "renamed column": good.replace(b"read_at INTEGER", b"read_as INTEGER"),
    }[damage]
    path = tmp_path / "history.sqlite"
    path.write_bytes(data)
    opened = open_history(path, SERVER, NOON)
    assert opened.fault
    assert opened.fault.what == "history rebuilt"
    (aside,) = tmp_path.glob("*.corrupt-20261123T120000Z")
    assert str(aside) in opened.fault.remedy
    assert aside.read_bytes()[128:] == data[128:]
    opened.history.record("a", REQUESTS, Window(NOON - HOUR, NOON), [row(NOON - HOUR)], {}, NOON)
    opened.history.close()
    assert open_history(path, SERVER, NOON).fault is None


def test_what_was_set_aside_stays(tmp_path: Path) -> None:
    """A second damaged file in the same second gets a name of its own."""
    path = tmp_path / "history.sqlite"
    for text in (b"one" * 999, b"two" * 999):
        path.write_bytes(text)
        open_history(path, SERVER, NOON).history.close()
    kept = sorted(one.read_bytes()[:3] for one in tmp_path.glob("*.corrupt-*") if one.stat().st_size == 2997)
    assert kept == [b"one", b"two"]


def test_a_newer_file_of_another_shape_is_left_alone(tmp_path: Path) -> None:
    """It is only read; where it cannot be understood, history begins anew in memory."""
    path = tmp_path / "history.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE something_else (x)")
        other.execute("PRAGMA user_version = 99")
    other.close()
    opened = open_history(path, SERVER, NOON)
    assert opened.fault
    assert opened.fault.what == "history is only read"
    assert opened.history.revision == 0
    assert opened.history.view(VIEW).rows == ()
    assert [one.name for one in tmp_path.glob("*corrupt*")] == []


def test_any_bit_may_fall_over(tmp_path: Path, good: bytes) -> None:
    """Opening never raises; what is read is read, or refused by name, and memory then always answers."""
    chance = random.Random(7)  # noqa: S311
    for n in range(80):
        data = bytearray(good)
        data[chance.randrange(4096 if n % 2 else len(data))] ^= 1 << chance.randrange(8)
        path = tmp_path / f"{n}.sqlite"
        path.write_bytes(data)
        history = open_history(path, SERVER, NOON).history
        try:
            use(history)
        except LocalError:
            history.go_on_in_memory()
            use(history)
        history.close()


def use(history: SqliteHistory) -> None:
    _ = history.revision, history.accounts(), history.read_at("a"), history.known("requests", ALL)
    history.view(VIEW)
    for key in REQUESTS.key_names:
        history.names("requests", key)
    hour = NOON - HOUR
    history.record("a", REQUESTS, Window(hour, NOON), [row(hour, "new")], {}, NOON)
    history.forget(NOON)


class Failing:
    """A connection of which the n-th statement, and all after it, fail as on a full or broken disk."""

    def __init__(self, connection: sqlite3.Connection, after: int) -> None:
        self._real, self.left = connection, after

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise sqlite3.OperationalError("database or disk is full")

    def execute(self, *args: Any) -> sqlite3.Cursor:
        self._count()
        return self._real.execute(*args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        self._count()
        return self._real.executemany(*args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144])
async def test_the_disk_fails_at_some_statement(tmp_path: Path, n: int) -> None:
    """Looking and reading never raise, it is said, and after the next round the file has everything again."""
    clock = StillClock(NOON)
    account = MadeUpAccount(clock)
    account.rows["requests"] = [row(NOON - n * HOUR) for n in range(1, 10)]
    path = tmp_path / "history.sqlite"
    history = open_history(path, SERVER, NOON).history
    history._db = cast("sqlite3.Connection", Failing(history._db, n))
    feed = Feed(account, history, clock, FeedSettings(("a",), rules=DEFAULT_RULES))
    steps, said = feed.watch(), set()
    for _ in range(2):
        await anext(steps)
        snapshot = feed.look(Scope())
        snapshot.views.names("requests", "model")
        said |= {fault.dataset for fault in feed.look(Scope()).faults}
    assert said == {"disk"}
    clock.pass_(60)
    feed.refresh()
    await anext(steps)  # what was refused is asked again
    snapshot = feed.look(Scope())
    assert snapshot.views.view(Query("requests", ALL, (), ("requests",))).total.values == (9,)
    assert snapshot.faults == ()
    await feed.close()
    again = open_history(path, SERVER, NOON)
    assert again.fault is None
    assert again.history.view(Query("requests", ALL, (), ("requests",))).total.values == (9,)
    again.history.close()
