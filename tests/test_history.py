"""History keeps what was read, exactly, and says how far it can be trusted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import History, StoredRow
from aigw_tui.model import HOUR, Query, Trust, Window

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
REQUESTS = dataset("requests")
SERVER = "https://api.example/client/v4"


def row(hour: datetime, model: str = "m", requests: int = 1, cost: float | None = 0.5, gateway: str = "g") -> StoredRow:
    return (int(hour.timestamp()), gateway, "openai", model, requests, 0, 0, 10, 5, 10, 5, cost, 100.0, 200.0)


@pytest.fixture
def history() -> History:
    return open_history(None, SERVER, NOON).history


def record(history: History, hours: int, rows: list[StoredRow], now: datetime, totals: dict[datetime, int]) -> bool:
    window = Window(NOON - HOUR * hours, NOON)
    asked = {int(hour.timestamp()): (count,) for hour, count in totals.items()}
    return history.record("a", REQUESTS, window, rows, asked, now)


def requests_in(history: History, window: Window) -> int | None:
    value: int | None = history.view(Query("requests", window, (), ("requests",))).total.values[0]
    return value


def test_what_is_recorded_is_read_back(history: History) -> None:
    """Groups, order, totals and the number of groups are those of the rows."""
    hour = NOON - HOUR
    record(history, 1, [row(hour, "a", 3), row(hour, "b", 5)], NOON, {hour: 8})
    view = history.view(
        Query("requests", Window(hour, NOON), ("model",), ("requests", "cost_usd"), order=("-requests",), limit=1)
    )
    assert [(r.key, r.values) for r in view.rows] == [(("b",), (5, 0.5))]
    assert view.count == 2
    assert view.total.values == (8, 1.0)


def test_unknown_is_not_zero(history: History) -> None:
    """A sum of nothing known is None; of partly known rows it is the known part, and says how many rows lack it."""
    hour = NOON - HOUR
    record(history, 1, [row(hour, "a", 1, None), row(hour, "b", 1, 0.25)], NOON, {hour: 2})
    view = history.view(Query("requests", Window(hour, NOON), ("model",), ("cost_usd",)))
    assert [(r.key[0], r.values[0], r.unknown) for r in view.rows] == [("a", None, 1), ("b", 0.25, 0)]
    assert view.total.values == (0.25,)
    assert view.total.unknown == 1
    assert requests_in(history, Window(NOON, NOON + HOUR)) is None


def test_quantiles_do_not_add_up(history: History) -> None:
    """p90 is known for one stored row, unknown for two together."""
    hour = NOON - HOUR
    record(history, 1, [row(hour, "a"), row(hour, "b")], NOON, {hour: 2})
    view = history.view(Query("requests", Window(hour, NOON), ("model",), ("duration_p90",)))
    assert [r.values[0] for r in view.rows] == [200.0, 200.0]
    assert view.total.values == (None,)


def test_a_correction_replaces(history: History) -> None:
    """An hour read again holds what the last read said: more, less, or a model gone."""
    hour = NOON - HOUR
    record(history, 1, [row(hour, "a", 3), row(hour, "b", 5)], NOON, {hour: 8})
    assert record(history, 1, [row(hour, "a", 2)], NOON, {hour: 2})
    assert requests_in(history, Window(hour, NOON)) == 2


def test_the_same_answer_moves_nothing(history: History) -> None:
    """The revision stands still when a read brings what is already known."""
    hour = NOON - HOUR
    record(history, 1, [row(hour)], NOON, {hour: 1})
    before = history.revision
    assert not record(history, 1, [row(hour)], NOON + timedelta(minutes=1), {hour: 1})
    assert history.revision == before


def test_one_empty_read_erases_nothing(history: History) -> None:
    """A second empty read at least ten minutes later does."""
    hour = NOON - HOUR
    record(history, 1, [row(hour)], NOON, {hour: 1})
    record(history, 1, [], NOON + timedelta(minutes=1), {})
    record(history, 1, [], NOON + timedelta(minutes=5), {})
    assert requests_in(history, Window(hour, NOON)) == 1
    record(history, 1, [], NOON + timedelta(minutes=11), {})
    assert requests_in(history, Window(hour, NOON)) is None


def test_an_hour_settles_when_old_and_in_agreement(history: History) -> None:
    """Young hours are filling and asked for again; an old one that equals its total is not."""
    old, young = NOON - 4 * HOUR, NOON - HOUR
    window = Window(NOON - 4 * HOUR, NOON)
    record(history, 4, [row(old), row(young)], NOON, {old: 1, young: 1})
    trusts = history.known("requests", window)
    assert (trusts[old], trusts[young]) == (Trust.SETTLED, Trust.FILLING)
    assert old not in history.unsettled("a", REQUESTS, window, NOON)
    assert young in history.unsettled("a", REQUESTS, window, NOON)
    assert history.view(Query("requests", window, ("hour",), ("requests",))).rows[0].trust is Trust.SETTLED
    assert history.view(Query("requests", window, (), ("requests",))).total.trust is Trust.FILLING


def test_an_hour_that_differs_from_its_total_stays_open(history: History) -> None:
    """It is asked for again, though not at every tick."""
    old = NOON - 4 * HOUR
    window = Window(old, old + HOUR)
    history.record("a", REQUESTS, window, [row(old)], {int(old.timestamp()): (9,)}, NOON)
    assert history.unsettled("a", REQUESTS, window, NOON + timedelta(minutes=1)) == ()
    assert history.unsettled("a", REQUESTS, window, NOON + timedelta(minutes=20)) == (old,)


def test_an_hour_never_read_is_not_known(history: History) -> None:
    """Unknown hours are absent, known empty ones are there."""
    record(history, 1, [], NOON, {})
    assert set(history.known("requests", Window(NOON - 3 * HOUR, NOON))) == {NOON - HOUR}


def test_servers_are_kept_apart(tmp_path: Path) -> None:
    """Rows of one base URL are never shown as another's."""
    path = tmp_path / "history.db"
    one = open_history(path, "https://one", NOON).history
    record(one, 1, [row(NOON - HOUR)], NOON, {})
    other = open_history(path, "https://two", NOON).history
    assert requests_in(other, Window(NOON - HOUR, NOON)) is None
    assert requests_in(one, Window(NOON - HOUR, NOON)) == 1
    one.close()
    other.close()


def test_narrowing_to_an_unknown_name_finds_nothing(history: History) -> None:
    """No rows, rather than all or an error; a key that does not exist is an error."""
    record(history, 1, [row(NOON - HOUR)], NOON, {})
    window = Window(NOON - HOUR, NOON)
    view = history.view(Query("requests", window, ("model",), ("requests",), where=(("gateway", ("nope",)),)))
    assert (view.rows, view.count, view.total.values) == ((), 0, (None,))
    with pytest.raises(KeyError):
        history.view(Query("neurons", window, ("gateway",), ("neurons",)))


def test_the_file_is_private_and_survives(tmp_path: Path) -> None:
    """Folder 0700, file 0600; a second opening finds the rows."""
    path = tmp_path / "data" / "history.db"
    first = open_history(path, SERVER, NOON).history
    record(first, 1, [row(NOON - HOUR)], NOON, {})
    first.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    second = open_history(path, SERVER, NOON).history
    assert requests_in(second, Window(NOON - HOUR, NOON)) == 1
    second.close()


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    """It is renamed, not deleted; a new one works; the person is told."""
    path = tmp_path / "history.db"
    path.write_bytes(content)
    opened = open_history(path, SERVER, NOON)
    assert opened.fault
    assert "damaged" in opened.fault.why
    assert record(opened.history, 1, [row(NOON - HOUR)], NOON, {})
    opened.history.close()
    assert [p.read_bytes() for p in tmp_path.glob("*.corrupt-*")] == [content]


def test_a_folder_that_cannot_be_made_means_memory(tmp_path: Path) -> None:
    """The live view goes on, and says that nothing is kept."""
    (tmp_path / "file").write_text("")
    opened = open_history(tmp_path / "file" / "history.db", SERVER, NOON)
    assert opened.fault
    assert opened.fault.what == "history is not kept"
    assert record(opened.history, 1, [row(NOON - HOUR)], NOON, {})
    opened.history.close()


def test_a_newer_file_is_only_read(tmp_path: Path) -> None:
    """What a newer version wrote is not touched."""
    path = tmp_path / "history.db"
    first = open_history(path, SERVER, NOON).history
    record(first, 1, [row(NOON - HOUR)], NOON, {})
    first._db.execute("PRAGMA user_version = 99")
    first.close()
    opened = open_history(path, SERVER, NOON)
    assert opened.fault
    before = path.read_bytes()
    record(opened.history, 1, [], NOON, {})
    assert path.read_bytes() == before
    assert requests_in(opened.history, Window(NOON - HOUR, NOON)) == 1
    opened.history.close()


def test_what_is_too_old_is_forgotten(history: History) -> None:
    """Minutes are kept for 31 days; hours for ever."""
    pulse, old = dataset("pulse"), NOON - timedelta(days=32)
    window = Window(old, old + HOUR)
    history.record("a", pulse, window, [(int(old.timestamp()), "g", 1, 0, 0, 1, 1, 0.1)], {}, NOON)
    history.record("a", REQUESTS, window, [row(old)], {}, NOON)
    history.forget(NOON)
    assert history.view(Query("pulse", window, (), ("requests",))).total.values == (None,)
    assert requests_in(history, window) == 1


def test_when_the_disk_fails_memory_goes_on(tmp_path: Path) -> None:
    """What was stored stays visible, and new readings are kept in memory."""
    path = tmp_path / "history.db"
    history = open_history(path, SERVER, NOON).history
    record(history, 1, [row(NOON - HOUR)], NOON, {})
    history.go_on_in_memory()
    assert requests_in(history, Window(NOON - HOUR, NOON)) == 1
    assert record(history, 1, [row(NOON - HOUR, requests=2)], NOON, {})
    history.close()
    reopened = open_history(path, SERVER, NOON).history
    assert requests_in(reopened, Window(NOON - HOUR, NOON)) == 1
    reopened.close()
