"""The rows of a table with folds are found by arithmetic, also among a million."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.tui.folding import Folds


@given(
    st.integers(0, 60),
    st.dictionaries(st.integers(0, 70), st.integers(0, 9), max_size=8),
    st.integers(0, 120),
    st.integers(0, 40),
)
def test_visible_rows_are_a_part_of_all_rows(groups: int, unfolded: dict[int, int], top: int, height: int) -> None:
    """Counting them one by one gives the same."""
    folds = Folds(groups, unfolded)
    every = [(group, below) for group in range(groups) for below in range(-1, unfolded.get(group, 0))]
    assert folds.rows == len(every)
    assert list(folds.visible(top, height)) == every[top : top + height]


def test_a_million_hours_cost_no_more_than_ten() -> None:
    """Only the visible rows are walked."""
    folds = Folds(10**12, {5: 3, 10**11: 2})
    assert list(folds.visible(10**12 + 2, 3)) == [(10**12 - 3, -1), (10**12 - 2, -1), (10**12 - 1, -1)]
    assert list(folds.visible(10**11 + 3, 3)) == [(10**11, -1), (10**11, 0), (10**11, 1)]
