"""Only the cells that differ are written, and the terminal looks as if all had been."""

from __future__ import annotations

from itertools import pairwise

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from aigw_tui.tui.glass import Glass, cells_of
from aigw_tui.tui.pen import Pen

WIDTH, HEIGHT = 24, 3
CONSOLE = Console(width=WIDTH, force_terminal=True, color_system="truecolor")
INKS = (
    None,
    Style(),
    Style(color="#102030"),
    Style(color="#102030", bgcolor="#ffeedd"),
    Style(bgcolor="#ffeedd", bold=True),
    Style(color="red", bold=True, underline=True),
    Style(color="default", bgcolor="default", reverse=True),
)
LETTERS = "ab ─█▁漢字"
Row = tuple[Strip, ...]


def update(rows: tuple[Row, ...]) -> LayoutUpdate:
    width = sum(strip.cell_length for strip in rows[0])
    return LayoutUpdate(list(rows), Region(0, 0, width, len(rows)))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A whole row of the screen, of a few strips with segments of any length."""
    pieces = draw(st.lists(st.tuples(st.text(LETTERS, max_size=9), st.sampled_from(INKS)), max_size=9))
    whole = Strip([Segment(text, ink) for text, ink in pieces]).adjust_cell_length(WIDTH)
    edges = [0, *sorted(draw(st.sets(st.integers(1, WIDTH - 1), max_size=2))), WIDTH]
    return tuple(whole.crop(left, right) for left, right in pairwise(edges))


screens = st.tuples(*[rows() for _ in range(HEIGHT)])


class Terminal:
    """A real terminal's state, and how much it was told."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    def looks(self) -> list[list[tuple[object, ...]]]:
        return [[tuple(self.screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def told(glass: Glass, shown: LayoutUpdate | ChopsUpdate) -> str:
    pen = Pen(ColorSystem.TRUECOLOR)
    glass.write(shown, pen)
    return pen.lift()


def as_textual_writes(shown: LayoutUpdate) -> str:
    return shown.render_segments(CONSOLE).replace("\n", "")


@given(st.lists(screens, min_size=1, max_size=4))
def test_it_looks_as_if_all_had_been_written(shown: list[tuple[Row, ...]]) -> None:
    """Whatever stood there before, in fewer bytes from the second time on."""
    ours, theirs, glass = Terminal(), Terminal(), Glass()
    for rows_ in shown:
        ours.feed(told(glass, update(rows_)))
        theirs.feed(as_textual_writes(update(rows_)))
        assert ours.looks() == theirs.looks()


@given(screens)
def test_what_is_equal_costs_nothing(shown: tuple[Row, ...]) -> None:
    glass = Glass()
    told(glass, update(shown))
    assert told(glass, update(shown)) == ""


@given(screens, screens, st.integers(0, HEIGHT - 1), st.integers(0, WIDTH), st.integers(0, WIDTH))
def test_a_part_of_a_row(shown: tuple[Row, ...], other: tuple[Row, ...], row: int, one: int, two: int) -> None:
    """A widget that is painted again changes its own cells; a later whole screen is right all the same."""
    ours, glass = Terminal(), Glass()
    ours.feed(told(glass, update(shown)))
    chops = {0: Strip.join(other[row])}
    span = (row, min(one, two), max(one, two))
    part = told(glass, ChopsUpdate([chops] * HEIGHT, [span], [[WIDTH]] * HEIGHT))
    ours.feed(part)
    ours.feed(told(glass, update(other)))
    theirs = Terminal()
    theirs.feed(as_textual_writes(update(other)))
    assert ours.looks() == theirs.looks()
    if span[1] == span[2]:
        assert part == ""


@given(st.text("ab漢❤\ufe0f\u0301👍🏽─", max_size=12))
def test_as_many_cells_as_textual_counts(text: str) -> None:
    """Else all that stands to the right of it would be shifted."""
    strip = Strip([Segment("x" + text)])
    assert len(cells_of(strip)) == strip.cell_length


def test_behind_a_letter_of_unsure_width_the_column_is_told() -> None:
    """Terminals disagree about how wide a heart with a variation selector is."""
    assert told(Glass(), update(((Strip([Segment("❤\ufe0fx")]),),))) == "\x1b[1;1H❤\ufe0f\x1b[3Gx"


def test_one_letter_costs_one_letter() -> None:
    """Where Textual would write the row from the widget's left edge."""
    glass, ink = Glass(), Style(color="#102030", bgcolor="#ffeedd")
    told(glass, update(((Strip([Segment("x" * 23 + "1", ink)]),),)))
    after = told(glass, update(((Strip([Segment("x" * 23 + "2", ink)]),),)))
    assert after == "\x1b[1;24H\x1b[38;2;16;32;48;48;2;255;238;221m2\x1b[m"


def test_what_was_forgotten_is_written_again() -> None:
    """After a new size, and when the program comes back from the shell."""
    glass = Glass()
    first = told(glass, update(((Strip([Segment("abc")]),),)))
    glass.forget()
    assert told(glass, update(((Strip([Segment("abc")]),),))) == first == "\x1b[1;1Habc"


def test_a_colour_that_stays_is_not_told_again() -> None:
    inks = (Style(color="#000001", bgcolor="#000009"), Style(color="#000002", bgcolor="#000009"), Style(bold=True))
    strip = Strip([Segment(letter, ink) for letter, ink in zip("abc", inks, strict=True)])
    assert told(Glass(), update(((strip,),))) == (
        "\x1b[1;1H\x1b[38;2;0;0;1;48;2;0;0;9ma\x1b[38;2;0;0;2mb\x1b[0;1mc\x1b[m"
    )
