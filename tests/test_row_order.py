"""The order of rows: a letter sorts, once more reverses, the unknown comes last, and no row is lost."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.tui.columns import Column, Figure
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.sorting import Sort, Sorting, headed, name_head, ordered


@dataclass(frozen=True)
class Row:
    name: str
    value: float | None


SORTINGS = (Sorting("n", "name", lambda row: row.name), Sorting("v", "value", lambda row: row.value))
ROWS = st.lists(st.builds(Row, st.text(max_size=3), st.none() | st.integers(-5, 5)), max_size=12)
SORTABLE = [kind for _, kind in all_panels() if kind.SORTINGS]


@given(ROWS, st.booleans())
def test_figures_come_largest_first_and_unknown_ones_last(rows: list[Row], is_reversed: bool) -> None:
    """Either way round; the same rows as before."""
    found = ordered(rows, Sort("value", is_reversed), SORTINGS)
    known = [row.value for row in found if row.value is not None]
    assert known == sorted(known, reverse=not is_reversed)
    assert all(row.value is None for row in found[len(known) :])
    assert sorted(map(repr, found)) == sorted(map(repr, rows))


@given(ROWS)
def test_names_come_in_the_order_of_the_alphabet(rows: list[Row]) -> None:
    assert [row.name for row in ordered(rows, Sort("name"), SORTINGS)] == sorted(row.name for row in rows)


@given(ROWS, st.sampled_from(["name", "value"]))
def test_equal_rows_stay_as_they_stood(rows: list[Row], name: str) -> None:
    """So that rows do not swap places at a refresh."""
    once = ordered(rows, Sort(name), SORTINGS)
    assert ordered(once, Sort(name), SORTINGS) == once


def test_without_a_sort_rows_keep_the_order_of_the_panel() -> None:
    rows = (Row("b", 1), Row("a", 2))
    assert ordered(rows, None, SORTINGS) == rows
    assert ordered(rows, Sort("something else"), SORTINGS) == rows


def test_once_more_is_reversed_and_another_column_starts_anew() -> None:
    assert Sort("value").again("value") == Sort("value", is_reversed=True)
    assert Sort("value", is_reversed=True).again("value") == Sort("value")
    assert Sort("value", is_reversed=True).again("name") == Sort("name")


def test_the_arrow_stands_at_the_head_and_points_to_the_larger() -> None:
    """▼: the largest first."""
    column = Column("value", "value", (Figure("1", "1"),), 1)
    heads = [
        headed([column], sort, SORTINGS)[0].head for sort in (None, Sort("value"), Sort("value", True), Sort("name"))
    ]
    assert heads == ["value", "▼value", "▲value", "value"]
    assert [name_head("model", "name", sort) for sort in (None, Sort("name"), Sort("name", True))] == [
        "model",
        "model ▲",
        "model ▼",
    ]


@pytest.mark.parametrize("kind", SORTABLE, ids=lambda kind: kind.TITLE)
def test_every_sorting_of_a_panel_has_a_letter_of_its_own(kind: type) -> None:
    letters = [one.letter for one in kind.SORTINGS]  # type: ignore[attr-defined]
    assert len(set(letters)) == len(letters)
    assert all(len(letter) == 1 and letter.islower() for letter in letters)
