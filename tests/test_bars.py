"""Gauges and bars: exact in width, honest in height."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.tui.bars import AHEAD, Bar, gauge, mark_at, spark, spark2
from aigw_tui.tui.lines import Line, plain, width_of

AMOUNTS = st.floats(0, 1e9)
VALUES = st.lists(st.one_of(st.none(), st.floats(0, 1e9)), max_size=60)


def roles(line: Line) -> str:
    """A letter a cell: used, mine, others, sure, perhaps, free, over, over perhaps, bad, mark."""
    letters = {"neuron1": "u", "dollar2": "o", "neuron3": "s", "perhaps": "p", "free": ".", "over1": "O", "over2": "P"}
    return "".join(
        "|" if char == "┃" else letters.get(span.role, "B" if span.role == "bad" else " ")
        for span in line
        for char in span.text
    )


@pytest.mark.parametrize(
    ("figures", "wanted"),
    [
        ({"used": 0}, "................|   "),
        ({"used": 1}, "u...............|   "),
        ({"used": 8000}, "uuuuuuuu........|   "),
        ({"used": 8000, "sure": 12_000, "perhaps": 14_000}, "uuuuuuuusssspp..|   "),
        ({"used": 8000, "sure": 17_000, "perhaps": 18_000}, "uuuuuuuussssssss|OP "),
        ({"used": 8000, "sure": 14_000, "perhaps": 99_000}, "uuuuuuuusssssspp|PPP"),
        ({"used": 17_000, "sure": 18_000, "perhaps": 19_000}, "uuuuuuuuuuuuuuuu|BOP"),
        ({"used": 8000, "mine": 3000}, "uuuooooo........|   "),
    ],
)
def test_the_gauge_reads_from_left_to_right(figures: dict[str, float], wanted: str) -> None:
    """Used, surely expected, perhaps, free up to the mark at four fifths; past it what is too much."""
    for line in gauge(20, 16_000, **figures):  # type: ignore[arg-type]
        assert roles(line) == wanted


def test_the_gauge_has_air() -> None:
    """Two half rows with the mark through both; one row where rows are dear."""
    assert plain(gauge(10, 100, 50)) == "▄▄▄▄▄▄▄▄┃\n▀▀▀▀▀▀▀▀┃"
    assert plain(gauge(10, 100, 50, rows=1)) == "▄▄▄▄▄▄▄▄┃"


@given(st.integers(0, 80), AMOUNTS, AMOUNTS, AMOUNTS, st.floats(1e-3, 1e9), st.integers(0, 2))
def test_a_gauge_has_exactly_its_width(
    width: int, used: float, sure: float, perhaps: float, limit: float, rows: int
) -> None:
    """Any figures, any width: the lines are as wide as asked, with one mark where there is a cell for it."""
    lines = gauge(width, limit, used, sure, perhaps, rows=rows)
    assert [width_of(line) for line in lines] == [width] * rows
    assert all(roles(line).find("|") == (mark_at(width) if width else -1) for line in lines)


@given(st.integers(1, 80), AMOUNTS, AMOUNTS, st.floats(1e-3, 1e9))
def test_a_gauge_grows_with_what_is_used(width: int, less: float, more: float, limit: float) -> None:
    """More used never shows fewer cells."""
    cells = [sum(roles(gauge(width, limit, used, rows=1)[0]).count(c) for c in "uB") for used in sorted((less, more))]
    assert cells[0] <= cells[1]


def test_sparks_are_proportional() -> None:
    """Heights follow the values; seven eighths in one row, two full rows in a tile."""
    bars = [Bar(value) for value in (0, 1, 2, 4, 7)]
    assert plain(spark(bars, 5)) == "▁▁▂▄▇"
    assert plain(spark2([Bar(4), Bar(2), Bar(1)], 3)) == "█\n██▄"


def test_sparks_tell_nothing_from_unknown_from_ahead() -> None:
    """Zero is a base line, unknown a gap, the future a fainter base line."""
    (line,) = spark([Bar(0), Bar(None), Bar(0, AHEAD), Bar(5)], 4)
    assert [(span.text, span.role) for span in line] == [("▁", "edge"), (" ", "text"), ("▁", "grid"), ("▇", "neuron1")]


def test_bars_widen_with_the_room() -> None:
    """Each bar takes as many columns as all of them allow."""
    assert plain(spark([Bar(7), Bar(1)], 5)) == "▇▇▁▁"


@given(VALUES, st.integers(0, 70), st.integers(0, 6))
def test_sparks_have_exactly_their_size(values: list[float | None], width: int, height: int) -> None:
    """Any values, any size."""
    lines = spark([Bar(value) for value in values], width, height)
    assert [width_of(line) for line in lines] == [width] * height


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.integers(1, 4))
def test_a_larger_value_is_never_lower(values: list[float], height: int) -> None:
    """Sorted values give columns that never fall."""
    lines = spark([Bar(value) for value in sorted(values)], len(values), height)
    texts = ["".join(span.text for span in line) for line in lines]
    columns = [sum(" ▁▂▃▄▅▆▇█".index(text[n]) for text in texts) for n in range(len(values))]
    assert columns == sorted(columns)
