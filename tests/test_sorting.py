"""Rows that are sorted outside memory come as a sort in memory would bring them."""

from __future__ import annotations

import tracemalloc
from collections import deque
from itertools import islice
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.history.sorting import in_order


class Item(NamedTuple):
    place: float | str | None
    number: int


numbers = st.floats(allow_nan=False) | st.none()
names = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(numbers) | st.lists(names), st.booleans())
def test_as_in_memory(places: list[float | None] | list[str], is_descending: bool) -> None:
    """By place either way, equal ones as they came, the unknown last."""
    items = [Item(place, number) for number, place in enumerate(places)]
    known = [item for item in items if item.place is not None]
    known.sort(key=lambda item: item.place, reverse=is_descending)  # type: ignore[arg-type, return-value]
    expected = [*known, *(item for item in items if item.place is None)]
    assert [*in_order(items, lambda item: item.place, is_descending=is_descending)] == expected


def test_memory_stays_flat() -> None:
    """Of 50,000 rows of 1 kB, little is held; 50 MB would be."""
    rows = (f"{number * 7919 % 50_000:05}" + "x" * 1_000 for number in range(50_000))
    tracemalloc.start()
    try:
        first = [*islice(found := in_order(rows, lambda row: row[:5]), 2)]
        deque(found, maxlen=0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [row[:5] for row in first] == ["00000", "00001"]
    assert peak < 10_000_000


def test_an_error_of_the_rows_is_its_own() -> None:
    with pytest.raises(ZeroDivisionError):
        next(in_order([1, 0], lambda row: 1 / row))
