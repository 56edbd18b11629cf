"""The budget in the store: calls and refusals of one process count for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aigw_tui.cloudflare.budget import Meter
from aigw_tui.errors import BudgetError
from aigw_tui.history import open_history
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import Budget
from wire import NOW, BentClock


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[SqliteHistory, SqliteHistory]]:
    """The same file, opened twice."""
    path = tmp_path / "history.sqlite"
    found = open_history(path, "https://x", NOW).history, open_history(path, "https://x", NOW).history
    yield found
    for history in found:
        history.close()


def meters(two: tuple[SqliteHistory, SqliteHistory], clock: BentClock, limit: int = 300) -> tuple[Meter, Meter]:
    one, other = (Meter(clock, limit, history.ledger("")) for history in two)
    return one, other


def test_calls_of_all_are_counted(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """Over five minutes, whoever made them."""
    clock = BentClock()
    one, other = meters(two, clock)
    one.spend()
    clock.advance(200)
    other.spend()
    assert one.budget == other.budget == Budget(2, 300)
    clock.advance(100)
    assert one.budget == other.budget == Budget(1, 300)


def test_the_limit_is_one_for_all(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """The call after the last one is refused, to either, until the oldest is forgotten."""
    clock = BentClock()
    one, other = meters(two, clock, limit=2)
    one.spend()
    clock.advance(10)
    other.spend()
    for meter in (one, other):
        with pytest.raises(BudgetError) as caught:
            meter.spend()
        assert caught.value.until == NOW + timedelta(seconds=300)


def test_a_refusal_silences_all(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """Until the moment that one of them was told, and whoever starts in between."""
    clock = BentClock()
    one, other = meters(two, clock)
    one.block(NOW + timedelta(seconds=300))
    clock.advance(299)
    late = Meter(clock, ledger=two[1].ledger(""))
    for meter in (other, late):
        with pytest.raises(BudgetError):
            meter.spend()
    clock.advance(1)
    other.spend()


def test_each_user_has_a_budget(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """An account with a token of its own is neither counted nor silenced with the others."""
    clock = BentClock()
    one, own = Meter(clock, ledger=two[0].ledger("")), Meter(clock, ledger=two[1].ledger("b"))
    one.spend()
    one.block(NOW + timedelta(seconds=300))
    own.spend()
    own.spend()
    assert (one.budget.used, own.budget.used) == (1, 2)


def test_a_clock_set_back_forgets_the_future(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """Calls and refusals that seem to come from tomorrow block nobody."""
    one = Meter(BentClock(NOW + timedelta(days=1)), 1, two[0].ledger(""))
    one.spend()
    one.block(NOW + timedelta(days=1, seconds=300))
    other = Meter(BentClock(), 1, two[1].ledger(""))
    other.spend()
    assert other.budget.used == 1


def test_it_survives_the_disk(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """When history goes on in memory, so does the count."""
    one, _ = meters(two, BentClock())
    one.spend()
    two[0].go_on_in_memory()
    one.spend()
    assert one.budget.used == 2


def test_no_more_rows_than_calls_in_five_minutes(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """What is forgotten leaves the file."""
    clock = BentClock()
    one, other = meters(two, clock)
    for _ in range(100):
        clock.advance(30)
        one.spend()
        other.spend()
    assert two[0]._db.execute("SELECT COUNT(*) FROM call").fetchone()[0] == 20
