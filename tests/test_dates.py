"""Labels of time keep a constant step, never touch, and name the month where it changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import DAY, HOUR
from aigw_tui.tui.dates import Unit, dates

MONTH = [datetime(2026, 10, 25, tzinfo=UTC) + DAY * n for n in range(30)]


@pytest.mark.parametrize(
    ("columns", "labels"),
    [
        (7, "25 Oct 26 27 28 29 30 31 1 Nov 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23"),
        (3.5, "25 Oct 27 29 31 2 Nov 4 6 8 10 12 14 16 18 20 22"),
        (3, "25 Oct 28 31 3 Nov 6 9 12 15 18 21"),
        (1, "25 Oct 1 Nov 8 15 22"),
        (0.1, "25 Oct"),
    ],
)
def test_days_are_counted(columns: float, labels: str) -> None:
    """The smallest step at which the dates with their months fit."""
    assert " ".join(filter(None, dates(MONTH, "day", columns))) == labels


@pytest.mark.parametrize(
    ("hours", "columns", "labels"),
    [
        (24, 2, "00 03 06 09 12 15 18 21"),
        (24, 0.3, "00 12"),
        (48, 3, "25 Oct 03 06 09 12 15 18 21 26 Oct 03 06 09 12 15 18 21"),
        (48, 1, "25 Oct 12 26 Oct 12"),
    ],
)
def test_hours_are_counted(hours: int, columns: float, labels: str) -> None:
    """By threes, or what a day can be divided by; midnights are dates where there are several days."""
    starts = [MONTH[0] + HOUR * n for n in range(hours)]
    assert " ".join(filter(None, dates(starts, "hour", columns))) == labels


@given(
    st.integers(0, 1200), st.integers(0, 130), st.floats(0.05, 8),
    st.sampled_from((("hour", HOUR), ("hour", HOUR * 2), ("hour", HOUR * 5), ("day", DAY), ("day", DAY * 7))),
)  # fmt: skip
def test_labels_never_touch(first: int, count: int, columns: float, each: tuple[Unit, timedelta]) -> None:
    """Any moments in any room: labels at one constant step, a column between them, the first with its month."""
    unit, length = each
    day = MONTH[0] - DAY * first
    labels = dates([day + length * n for n in range(count)], unit, columns)
    places = [n for n, text in enumerate(labels) if text]
    assert len(labels) == count
    assert bool(places) is bool(count)
    assert len({later - n for n, later in pairwise(places)}) <= 1
    assert all((later - n) * columns >= len(labels[n]) + 1 for n, later in pairwise(places))
    assert unit == "hour" or not count or labels[0] == f"{day:%-d %b}"
