"""The rules by which an hour becomes final."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.history import settle
from aigw_tui.history.settle import CONFIRM, Mark
from aigw_tui.model import HOUR, Interval

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


def test_what_never_agrees_is_asked_ever_more_seldom() -> None:
    """After a quarter of its age, at the latest after six hours: a week of such hours does not use up the budget."""
    now, reads = OLD, 0
    while now < OLD + timedelta(days=7):
        mark, reads = Mark(now), reads + 1
        while not settle.is_due(REQUESTS, NOON, now, mark):
            now += timedelta(minutes=5)
    assert 35 <= reads <= 45


ONE_IN_TEN = [Interval(max(n, 10 * n - margin), 10 * n + margin) for n in range(1, 300) if (margin := 19.6 * n**0.5)]
"""Of n sampled events."""


@pytest.mark.parametrize(
    ("sums", "total", "sampled", "is_settled"),
    [
        (1000, 1000, 100, True),
        (1200, 1000, 100, True),
        (800, 1000, 100, True),
        (2000, 1000, 100, False),
        (500, 1000, 100, False),
        (None, 1000, 100, False),
        (40, 10, 1, True),
        (1000, 10, 1, False),
        (20, None, None, True),
        (1000, None, None, False),
    ],
)
def test_samples_agree_where_their_intervals_touch(
    sums: float | None, total: float | None, sampled: int | None, is_settled: bool
) -> None:
    """Rows and total may each be a sample of their own, down to one that saw nothing; half of the rows is no sample."""
    interval = ONE_IN_TEN[sampled - 1] if sampled else Interval(0, 30)
    mine, theirs = (None if value is None else (value,) for value in (sums, total))
    assert settle.verdict(REQUESTS, NOON, OLD, None, mine, theirs, interval).is_settled is is_settled


@pytest.mark.parametrize(
    ("mine", "total", "agree"), [(10, 0, True), (40, 80, True), (0, 200, False), (100, 400, False)]
)
def test_a_part_of_what_was_sampled(mine: float, total: float, agree: bool) -> None:
    """Errors are fewer than the requests whose interval it is: surer than these, and less sure than in proportion."""
    assert settle.agrees((mine,), (total,), ONE_IN_TEN[99]) is agree


def test_several_measures() -> None:
    """All are as uncertain as the first."""
    assert settle.agrees((1100, 52.0), (1000, 50.0), ONE_IN_TEN[99])
    assert not settle.agrees((1100, 152.0), (1000, 50.0), ONE_IN_TEN[99])
