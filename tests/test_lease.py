"""Leases: of several processes on one store one asks for an account, and none is left without one who asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aigw_tui.feed.lease import Lease
from aigw_tui.history import open_history
from aigw_tui.history.sqlite import SqliteHistory
from clocks import HandClock

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
INTERVAL = timedelta(seconds=60)
Pair = tuple[SqliteHistory, SqliteHistory]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Pair]:
    """The same file, opened twice."""
    path = tmp_path / "history.sqlite"
    found = open_history(path, "https://x", NOW).history, open_history(path, "https://x", NOW).history
    yield found
    for history in found:
        history.close()


def leases(two: Pair, clock: HandClock) -> tuple[Lease, Lease]:
    one, other = two
    return Lease(one, clock, INTERVAL), Lease(other, clock, INTERVAL)


def test_one_of_two_holds(two: Pair) -> None:
    """Whoever came first, as long as it goes on asking; each account is held for itself."""
    clock = HandClock(NOW)
    one, other = leases(two, clock)
    assert other.holds("b")
    for _ in range(100):
        assert one.holds("a")
        assert not other.holds("a")
        clock.advance(5)
    assert one.holds("b")  # `other` did not go on with that one


def test_it_moves_when_the_holder_is_gone(two: Pair) -> None:
    """Within two intervals without a word, and at once after a word."""
    clock = HandClock(NOW)
    one, other = leases(two, clock)
    assert one.holds("a")
    clock.advance(INTERVAL.total_seconds())
    assert not other.holds("a")
    clock.advance(INTERVAL.total_seconds())
    assert other.holds("a")
    assert not one.holds("a")
    other.let_go()
    assert one.holds("a")


def test_a_holder_that_slept_has_no_lease(two: Pair) -> None:
    """What it believed when it fell asleep is looked up when it wakes."""
    clock = HandClock(NOW)
    one, other = leases(two, clock)
    assert one.holds("a")
    clock.advance(3600)
    assert other.holds("a")
    assert not one.holds("a")


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_jumps_blocks_nobody(two: Pair, days: int) -> None:
    """A lease that seems to come from the future is void, like one that is over."""
    one, other = leases(two, HandClock(NOW))[0], Lease(two[1], HandClock(NOW + timedelta(days=days)), INTERVAL)
    assert one.holds("a")
    assert other.holds("a")


def test_the_same_account_elsewhere(tmp_path: Path) -> None:
    """Accounts of two servers have a lease each."""
    clock, path = HandClock(NOW), tmp_path / "history.sqlite"
    histories = [open_history(path, server, NOW).history for server in ("https://x", "https://y")]
    assert all(Lease(history, clock, INTERVAL).holds("a") for history in histories)
    for history in histories:
        history.close()


def test_memory_is_nobody_elses(two: Pair) -> None:
    """A process whose disk failed has its history to itself, and asks for itself."""
    one, other = leases(two, HandClock(NOW))
    assert one.holds("a")
    two[1].go_on_in_memory()
    assert other.holds("a")


def test_a_wish_is_heard_once(two: Pair) -> None:
    """However often it was made; without a holder there is nobody to hear it."""
    one, other = two
    other.want("a")
    assert not one.was_wanted("a")
    assert Lease(one, HandClock(NOW), INTERVAL).holds("a")
    for _ in range(3):
        other.want("a")
    assert [one.was_wanted("a") for _ in range(2)] == [True, False]


def test_renewing_costs_little(two: Pair) -> None:
    """A write in half an interval, however often one looks; a watcher writes nothing."""
    clock = HandClock(NOW)
    one, other = leases(two, clock)
    before = [history._db.total_changes for history in two]
    for _ in range(600):
        assert one.holds("a")
        assert not other.holds("a")
        clock.advance(1)
    ours, theirs = (history._db.total_changes - was for history, was in zip(two, before, strict=True))
    assert ours <= 21
    assert theirs == 0
