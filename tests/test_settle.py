"""The rules by which an hour becomes final."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.history import settle
from aigw_tui.history.settle import CONFIRM, Mark
from aigw_tui.model import HOUR

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
REQUESTS = dataset("requests")
OLD = NOON + HOUR + REQUESTS.settle
"""From now on the hour of noon may settle."""


def read(now: datetime, before: Mark | None, sums: float | None, total: float | None) -> Mark:
    mine, theirs = (None if value is None else (value,) for value in (sums, total))
    return settle.verdict(REQUESTS, NOON, now, before, mine, theirs)


@pytest.mark.parametrize(
    ("now", "sums", "total", "is_settled"),
    [
        (OLD, 5, 5, True),
        (OLD - timedelta(seconds=1), 5, 5, False),
        (OLD, 5, 6, False),
        (OLD, 5, None, False),
        (OLD, None, 5, False),
        (OLD, None, 0, True),
        (OLD, None, None, False),
        (OLD, 100_000, 100_090, True),
        (OLD, 100_000, 100_110, False),
    ],
)
def test_rows_and_total_must_tell_the_same(
    now: datetime, sums: float | None, total: float | None, is_settled: bool
) -> None:
    """And the hour must be old; a thousandth is the play of sampled answers; no rows beside a total of 0 are enough."""
    assert read(now, None, sums, total).is_settled is is_settled


def test_two_empty_reads_settle() -> None:
    """Ten minutes apart, both after the hour grew old."""
    first = read(OLD, None, None, None)
    assert not read(OLD + CONFIRM - timedelta(seconds=1), first, None, None).is_settled
    assert read(OLD + CONFIRM, first, None, None).is_settled


def test_nothing_yet_confirms_no_nothing() -> None:
    """An empty read of the young hour says little: one empty read of the old one does not settle it."""
    young = read(NOON + timedelta(minutes=30), None, None, None)
    first = read(OLD, young, None, None)
    assert not first.is_settled
    assert read(OLD + CONFIRM, first, None, None).is_settled


def test_rows_in_between_begin_anew() -> None:
    """Empty, then rows, then empty: the last is the first of its row."""
    empty = read(OLD, None, None, None)
    full = read(OLD + CONFIRM, empty, 5, 6)
    assert not read(OLD + 2 * CONFIRM, full, None, None).is_settled


def test_a_settled_hour_is_left_alone() -> None:
    """An open one is due at every tick while young, once when it grows old, and then every quarter of an hour."""
    young, old = Mark(OLD - HOUR), Mark(OLD)
    assert not settle.is_due(REQUESTS, NOON, OLD + HOUR, Mark(OLD, is_settled=True))
    assert settle.is_due(REQUESTS, NOON, OLD - HOUR + timedelta(seconds=1), young)
    assert settle.is_due(REQUESTS, NOON, OLD, Mark(OLD - timedelta(seconds=30)))
    assert not settle.is_due(REQUESTS, NOON, OLD + timedelta(minutes=14), old)
    assert settle.is_due(REQUESTS, NOON, OLD + timedelta(minutes=15), old)
