"""A part of the screen is written from its first changed cell, and looks as if Textual had written it."""

from __future__ import annotations

from itertools import pairwise

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from aigw_tui.tui.cells import Cells

WIDTH = 40
CONSOLE = Console(width=WIDTH, force_terminal=True, color_system="truecolor")


def written(update: ChopsUpdate) -> str:
    return update.render_segments(CONSOLE)


@given(st.lists(st.integers(1, WIDTH - 1), max_size=4, unique=True), st.integers(0, WIDTH), st.integers(0, WIDTH))
def test_the_same_cells_in_fewer_bytes(cuts: list[int], one: int, other: int) -> None:
    """Over what stood there before, only the cells of the span change, to what Textual would have written."""
    edges = [0, *sorted(cuts), WIDTH]
    text = "".join(chr(ord("a") + n % 26) for n in range(WIDTH))
    line = {left: Strip([Segment(text[left:right])]) for left, right in pairwise(edges)}
    span = (0, min(one, other), max(one, other))
    screen = pyte.Screen(WIDTH, 1)
    stream = pyte.Stream(screen)
    stream.feed(text)
    for start in range(span[1], span[2]):  # the cells that are to be repaired
        stream.feed(f"\x1b[1;{start + 1}H#")
    ours, theirs = Cells([line], [span], [edges[1:]]), ChopsUpdate([line], [span], [edges[1:]])
    stream.feed(written(ours))
    assert screen.display == [text]
    assert len(written(ours)) <= len(written(theirs)) + len("\x1b[1;00H") * len(edges)


def test_a_figure_at_the_end_of_a_line_costs_a_figure() -> None:
    """Textual writes the row from the widget's left edge."""
    line = {0: Strip([Segment("x" * 39), Segment("7")])}
    assert written(Cells([line], [(0, 39, 40)], [[40]])) == "\x1b[1;40H7"
    assert len(written(ChopsUpdate([line], [(0, 39, 40)], [[40]]))) > 40
