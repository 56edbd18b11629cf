"""A disk without room, or that may not be written: memory goes on, says what is missing, and comes back whole."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.datasets import dataset
from aigw_tui.errors import FullError, NewerError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.history.episodes import Verdicts
from aigw_tui.history.home import LEAST, Home
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import DAY, HOUR, Count, Episode, Place, Query, Scope, Window

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
SERVER = "https://api.example/client/v4"
REQUESTS = dataset("requests")
HOURS = Window(NOON - 6 * HOUR, NOON)
LAST = Window(NOON - HOUR, NOON)


def row(hour: datetime, model: str = "m", requests: int = 1) -> StoredRow:
    return (int(hour.timestamp()), "g", "openai", model, requests, 0, 0, 10, 5, 10, 5, 0.5, 100.0, 200.0)


def record(history: SqliteHistory, rows: Sequence[StoredRow], now: datetime, window: Window = LAST) -> None:
    history.record("a", REQUESTS, window, list(rows), {}, now)


def by_model(history: SqliteHistory) -> dict[str, int]:
    view = history.view(Query("requests", HOURS, ("model",), ("requests",)))
    return {one.key[0]: one.values[0] for one in view.rows}


def many(count: int = 4_000) -> list[StoredRow]:
    """More than fits into what a small store has left."""
    return [row(NOON - HOUR, f"model-{n}-{'x' * 60}") for n in range(count)]


class Small(Home):
    """A real file that may have so many pages at the most: SQLite itself says that it is full."""

    pages = 8

    def open(self) -> sqlite3.Connection:
        connection = super().open()
        connection.execute(f"PRAGMA max_page_count = {type(self).pages}")
        return connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
def full(path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteHistory:
    """A history whose file takes no more: one hour is in it."""
    history = open_history(path, SERVER, NOON).history
    record(history, [row(NOON - HOUR, "old")], NOON)
    monkeypatch.setattr(Small, "pages", history._db.execute("PRAGMA page_count").fetchone()[0])
    history.close()
    home = Small(path)
    return SqliteHistory(home.open(), SERVER, home)


class TestFull:
    """SQLite's own word for it, from a file that may not grow."""

    def test_it_is_named(self, full: SqliteHistory, path: Path) -> None:
        """By its kind, its file, and how much room is needed; nothing of what failed is in the file."""
        with pytest.raises(FullError) as failed:
            record(full, many(), LATER)
        assert by_model(full) == {"old": 1}
        assert full.in_full(failed.value).why == f"a quota or a limit is reached, 5.0 MB needed for {path}"
        full.close()

    def test_how_much_is_free(self, path: Path) -> None:
        home = Home(path, lambda _: 2_000_000)
        assert home.in_full(FullError("x"), 3_000_000).why == f"2.0 MB free of 8.0 MB needed for {path}"
        with pytest.raises(FullError):
            home.expect_room(0)
        Home(path, lambda _: LEAST).expect_room(0)
        Home(path, lambda _: None).expect_room(0)

    def test_it_comes_back_whole(self, full: SqliteHistory, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As long as there is no room nothing changes; then the file has what was there, and what was read since."""
        with pytest.raises(FullError):
            record(full, many(), LATER)
        full.go_on_in_memory()
        record(full, [*many(), row(NOON - HOUR, "old", 2)], LATER)
        revision = full.revision
        for _ in range(2):
            with pytest.raises(FullError):
                full.go_back_to_disk()
            assert by_model(full)["old"] == 2
        monkeypatch.setattr(Small, "pages", 100_000)
        assert full.go_back_to_disk()
        assert full.revision > revision
        assert not full.go_back_to_disk()
        record(full, [row(NOON - 2 * HOUR, "new")], LATER, Window(NOON - 2 * HOUR, NOON - HOUR))
        full.close()
        opened = open_history(path, SERVER, NOON)
        assert opened.fault is None
        found = by_model(opened.history)
        assert (len(found), found["old"], found["new"]) == (4_002, 2, 1)
        opened.history.close()

    def test_without_room_nothing_is_tried(self, full: SqliteHistory) -> None:
        assert full._home
        full._home = Home(full._home.path, lambda _: 0)
        full.go_on_in_memory()
        with pytest.raises(FullError):
            full.go_back_to_disk()
        full._home = replace(full._home, free=lambda _: 10**9)
        assert full.go_back_to_disk()
        full.close()


class TestCarried:
    """Others may have written the file meanwhile."""

    def test_the_newer_reading_stays(self, path: Path) -> None:
        """Hour by hour, whatever numbers names have here and there; days are added up again."""
        away, other = (open_history(path, SERVER, NOON).history for _ in range(2))
        away.go_on_in_memory()
        early = Window(NOON - 2 * HOUR, NOON - HOUR)
        record(other, [row(NOON - HOUR, "theirs", 5)], LATER)
        record(other, [row(NOON - 2 * HOUR, "first", 7)], NOON, early)
        record(away, [row(NOON - HOUR, "ours", 3)], NOON)
        record(away, [row(NOON - 2 * HOUR, "second", 9)], LATER, early)
        assert away.go_back_to_disk()
        assert by_model(away) == by_model(other) == {"theirs": 5, "second": 9}
        days = Query("requests", Window(NOON - HOUR * 12, NOON + HOUR * 12), ("day", "model"), ("requests",))
        assert {one.key[1]: one.values[0] for one in other.view(days).rows} == {"theirs": 5, "second": 9}
        for history in (away, other):
            history.close()

    def test_what_is_empty_once_replaces_nothing(self, path: Path) -> None:
        """Memory that began with nothing may have seen an answer that came too early."""
        first = open_history(path, SERVER, NOON).history
        record(first, [row(NOON - HOUR)], NOON)
        home = Home(path)
        away = SqliteHistory(open_history(None, SERVER, NOON).history._db, SERVER, home, is_away=True)
        record(away, [], LATER)
        assert away.go_back_to_disk()
        assert by_model(away) == {"m": 1}
        for history in (first, away):
            history.close()

    def test_all_that_is_remembered(self, path: Path) -> None:
        """Alerts and silences, messages, counters, calls, and what was discovered: each once."""
        away, other = (open_history(path, SERVER, NOON).history for _ in range(2))
        place = Place("errors", "a", "")
        running = Episode("errors", "a", NOON, NOON, None, "warning", 1.0, "w", "")
        for history in (away, other):
            history.outbox.add("both", ["team"], "text", NOON)
            history.ledger("u").add(NOON, NOON - DAY)
            history.alerts.judge(lambda _: Verdicts({place: "first"}, [running]))
        away.go_on_in_memory()
        waiting = away.outbox.take("team", NOON)
        assert waiting
        away.outbox.delivered(waiting, LATER)
        away.outbox.add("new", ["team"], "text", LATER)
        away.counters.add("a", Count(LATER, LATER.date(), 5.0))
        away.ledger("u").add(LATER, NOON - DAY)
        away.ledger("u").block(LATER + HOUR)
        away.shelf.put("schema", "text", LATER)
        away.alerts.silence("errors", LATER + HOUR)
        away.alerts.judge(lambda _: Verdicts({place: "second"}, [replace(running, resolved=LATER)]))
        assert away.go_back_to_disk()
        assert [one.id for one in iter(lambda: other.outbox.take("team", LATER), None)] == ["new"]
        assert other.counters.newest("a") == LATER
        assert other.ledger("u").calls(NOON - DAY, LATER)[0] == 3
        assert other.ledger("u").blocked_until == LATER + HOUR
        assert other.shelf.get("schema") == ("text", LATER)
        assert other.alerts.silenced(LATER).until == {("errors", ""): LATER + HOUR}
        assert other.alerts.states() == {place: "second"}
        assert [one.resolved for one in other.alerts.episodes(NOON - DAY)] == [LATER]
        for history in (away, other):
            history.close()


class TestNewer:
    """What a newer version wrote is read, and nothing of it changes."""

    @pytest.mark.parametrize("mode", ["wal", "delete"])
    def test_it_stays_as_it_is(self, path: Path, mode: str) -> None:
        """Every byte, its mode and its age, and nothing lies beside it; what can be read of it is there."""
        history = open_history(path, SERVER, NOON).history
        record(history, [row(NOON - HOUR, "old")], NOON)
        history._db.execute("PRAGMA user_version = 99")
        history._db.execute(f"PRAGMA journal_mode = {mode}")
        history.close()
        path.chmod(0o644)
        before = path.read_bytes(), path.stat(), sorted(path.parent.iterdir())
        opened = open_history(path, SERVER, NOON)
        record(opened.history, [row(NOON - HOUR, "new")], LATER)
        with pytest.raises(NewerError):
            opened.history.go_back_to_disk()
        assert by_model(opened.history) == {"new": 1}
        opened.history.close()
        after = path.read_bytes(), path.stat(), sorted(path.parent.iterdir())
        assert before[0] == after[0]
        assert (before[1].st_mode, before[1].st_mtime_ns) == (after[1].st_mode, after[1].st_mtime_ns)
        assert before[2] == after[2]
        assert opened.fault
        assert opened.fault.kind == "NewerError"
        assert opened.fault.why == f"{path} is of version 99, this program reads up to 6"

    def test_where_it_made_room(self, path: Path) -> None:
        """Moved away by hand, it is in nobody's way: history is kept from then on."""
        path.parent.mkdir(exist_ok=True)
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA user_version = 99")
        other.close()
        history = open_history(path, SERVER, NOON).history
        record(history, [row(NOON - HOUR)], NOON)
        path.rename(path.with_name("newer.sqlite"))
        assert history.go_back_to_disk()
        history.close()
        again = open_history(path, SERVER, NOON).history
        assert by_model(again) == {"m": 1}
        again.close()


async def test_a_feed_heals(path: Path) -> None:
    """The round that fails says it, with its beginning; figures go on; the first with room takes all to the disk."""
    clock = StillClock(NOON)
    account = MadeUpAccount(clock)
    account.rows["requests"] = [row(NOON - n * HOUR) for n in range(1, 4)]
    history = open_history(path, SERVER, NOON).history
    room = 0
    history._home = Home(path, lambda _: room)
    feed = Feed(account, history, clock, FeedSettings(("a",)))
    steps = feed.watch()
    await anext(steps)
    history._db.execute("PRAGMA max_page_count = 1")  # as few as it has
    account.rows["requests"] += many()
    for _ in range(3):
        await anext(steps)
        assert [(one.kind, one.since, one.dataset) for one in feed.look(Scope()).faults] == [
            ("FullError", NOON, "disk")
        ]
        clock.pass_(60)
        feed.refresh()
    assert feed.look(Scope()).views.names("requests", "model")
    (fault,) = feed.look(Scope()).faults
    assert fault.why.startswith("0.0 MB free of 6.")
    room = 10**9
    clock.pass_(60)
    feed.refresh()
    await anext(steps)
    assert feed.look(Scope()).faults == ()
    await feed.close()
    again = open_history(path, SERVER, NOON).history
    assert len(by_model(again)) == 4_001
    again.close()


LIMITED = """
    import resource, sys
    from pathlib import Path
    from aigw_tui.errors import FullError, LocalError, ReadOnlyError
    from test_room import *

    path = Path(sys.argv[1])
    history = open_history(path, SERVER, NOON).history
    record(history, [row(NOON - HOUR, "old")], NOON)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    for act in (lambda: record(history, many(), LATER), history.go_back_to_disk):
        try:
            act()
        except LocalError as error:
            print(history.in_full(error).why)
            history.go_on_in_memory()
            record(history, many(), LATER)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(history.go_back_to_disk(), len(by_model(history)))
    history.close()
"""


def test_a_limit_of_the_system(path: Path) -> None:
    """A process that may write no more to a file: real writes that the system refuses."""
    said = run(LIMITED, path)
    assert [line.partition(":")[0] for line in said[:2]] == [str(path)] * 2
    assert said[2:] == ["True 4001"] or said[2:] == ["True 4000"]


MOUNTED = """
    import subprocess, sys
    from pathlib import Path
    from aigw_tui.errors import FullError, LocalError, ReadOnlyError
    from test_room import *

    folder = Path(sys.argv[1]).parent
    mount = lambda options: subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)
    mount("size=12m")
    path = folder / "history.sqlite"
    history = open_history(path, SERVER, NOON).history
    record(history, [row(NOON - HOUR, "old")], NOON)
    history.close()
    filler = folder / "filler"
    try:
        with filler.open("wb") as file:
            while file.write(bytes(4096)):
                file.flush()
    except OSError as error:
        print(error.strerror)
    opened = open_history(path, SERVER, NOON)
    print(opened.fault.kind, opened.fault.why)
    history = opened.history
    print(by_model(history))
    record(history, [row(NOON - HOUR, "old", 2)], LATER)
    try:
        history.go_back_to_disk()
    except FullError as error:
        print(history.in_full(error).why)
    filler.unlink()
    print(history.go_back_to_disk())
    history.close()
    mount("remount,ro")
    opened = open_history(path, SERVER, NOON)
    print(opened.fault.kind, opened.fault.why, by_model(opened.history))
    record(opened.history, [row(NOON - HOUR, "old", 3)], LATER + HOUR)
    try:
        opened.history.go_back_to_disk()
    except ReadOnlyError as error:
        print(type(error).__name__)
    mount("remount,rw")
    print(opened.history.go_back_to_disk(), by_model(opened.history))
    opened.history.close()
"""
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


def can_mount() -> bool:
    """Whether this machine lets us have a file system of our own."""
    if not shutil.which("unshare"):
        return False
    tried = [*UNSHARE, "mount", "-t", "tmpfs", "none", "/tmp"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="no file system of our own here")
def test_a_file_system_that_is_full(path: Path) -> None:
    """A real one, full to its last byte, and then read-only: what it holds is shown, and it comes back each time."""
    assert run(MOUNTED, path, UNSHARE) == [
        "No space left on device",
        f"FullError 0.0 MB free of 5.0 MB needed for {path}",
        "{'old': 1}",
        f"0.0 MB free of 5.0 MB needed for {path}",
        "True",
        f"ReadOnlyError {path}: the file system is read-only {{'old': 2}}",
        "ReadOnlyError",
        "True {'old': 3}",
    ]


def run(script: str, path: Path, before: Sequence[str] = ()) -> list[str]:
    tests = Path(__file__).parent
    code = f"import sys; sys.path.insert(0, {str(tests)!r})\n{dedent(script)}"
    done = subprocess.run([*before, sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
