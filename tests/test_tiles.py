"""What the tiles share: the fullest line that fits, whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import DAY, HOUR
from aigw_tui.tui.lines import Line, Span, plain, width_of
from aigw_tui.tui.series import Moment, Series
from aigw_tui.tui.tiles import axis, chart, ends, explained, first_fit, words
from world import TODAY

LINES = st.lists(st.text("abc 123", max_size=20).map(lambda text: (Span(text),) if text else ()), max_size=4)


@given(st.integers(0, 30), LINES)
def test_a_line_fits_whole_or_not_at_all(width: int, choices: list[Line]) -> None:
    """The first that fits, never a part of one."""
    found = first_fit(width, *choices)
    assert width_of(found) <= width
    assert found == next((choice for choice in choices if width_of(choice) <= width), ())


@given(st.integers(0, 40), LINES, LINES)
def test_ends_fill_the_line(width: int, lefts: list[Line], rights: list[Line]) -> None:
    """Exactly the width, both ends whole, a space between them."""
    found = ends(width, lefts, rights)
    assert width_of(found) == width
    text = plain([found])
    assert any(text.startswith(plain([left]).rstrip()) for left in (*lefts, ()))


def test_the_right_end_gives_way() -> None:
    """The fullest left end stays as long as it fits alone."""
    lefts, rights = [(Span("left"),), (Span("l"),)], [(Span("right"),), (Span("r"),)]
    assert [plain([ends(width, lefts, rights)]) for width in (10, 9, 6, 5, 4, 3, 0)] == [
        "left right", "left    r", "left r", "left", "left", "l r", "",
    ]  # fmt: skip


def test_figures_stand_out_in_words() -> None:
    """What holds a digit is text, the words around it are muted."""
    assert [(span.text, span.role) for span in words("11 at 09:00") if span.text != " "] == [
        ("11", "text"), ("at", "muted"), ("09:00", "text"),
    ]  # fmt: skip


def test_explanations_get_shorter() -> None:
    """A text that does not fit whole gives way to a shorter one, instead of ending in mid-sentence."""
    texts = ("no requests yet today; new ones take minutes", "no requests yet today")
    assert plain(explained(20, 3, *texts)) == "no requests yet\ntoday; new ones take\nminutes"
    assert plain(explained(20, 2, *texts)) == "no requests yet\ntoday"
    assert explained(20, 0, *texts) == explained(0, 3, *texts) == ()


def test_the_axis_stands_under_its_bars() -> None:
    """Every third hour, or as many days as have room; the month where it changes."""
    hours = Series("hour", tuple(Moment(TODAY + HOUR * n, "settled", (n,)) for n in range(24)))
    assert plain([axis(hours, 48)]) == "00    03    06    09    12    15    18    21"
    days = Series("day", tuple(Moment(TODAY + DAY * n, "settled", (n,)) for n in range(4)))
    assert plain([axis(days, 20)]) == "23 Nov    25"
    assert axis(Series("day", ()), 0) == ()


@given(st.integers(0, 80), st.integers(0, 12), st.integers(0, 60))
def test_charts_have_exactly_their_size(width: int, height: int, count: int) -> None:
    """Any number of moments in any room."""
    found = Series("hour", tuple(Moment(TODAY + HOUR * n, "settled", (float(n),)) for n in range(count)))
    lines = chart(found, lambda moment: moment.values[0], lambda _: "neuron1", width, height)
    assert [width_of(line) for line in lines] == [width] * height
