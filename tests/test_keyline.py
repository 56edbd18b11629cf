"""The bottom line: keys first, and what is said beside them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.tui.choice import Choice
from aigw_tui.tui.keyline import key_line, question_line
from aigw_tui.tui.lines import plain, width_of

KEYS = (("enter", "narrow"), ("/", "filter"), ("w", "window"), ("?", "help"), ("q", "quit"))
ALL = " enter narrow   / filter   w window   ? help   q quit"


def line(width: int, aside: str = "", spare: str = "") -> str:
    return plain([key_line(KEYS, width, aside, spare)])


def test_keys_give_way_to_an_aside() -> None:
    """The last two stay; what is said stands at the right end, and in a narrow line not at all."""
    assert line(80) == ALL
    assert line(80, "past 42 %") == f"{ALL}{'past 42 %':>26}"
    assert line(60, "past 42 %") == " enter narrow   / filter   ? help   q quit        past 42 %"
    assert line(40, "past 42 %") == " enter narrow   ? help   q quit"


def test_what_can_be_spared_costs_no_key() -> None:
    """It stands where there is room, and not beside an aside."""
    assert line(80, spare="mouse off") == f"{ALL}{'mouse off':>26}"
    assert line(60, spare="mouse off") == ALL
    assert line(80, "past 42 %", "mouse off") == line(80, "past 42 %")


LETTERS = Choice("sort by", tuple((letter, f"{letter}{letter}{letter}") for letter in "abcdefgh"), print)


@given(st.integers(20, 120))
def test_a_question_says_that_there_are_more_answers(width: int) -> None:
    """All of them in narrower steps, else as many as fit and `…`; the way out always."""
    line = question_line(LETTERS, width)
    said = "".join(span.text for span in line)
    assert width_of(line) <= width
    assert said.endswith("esc leave")
    assert ("hhh" in said) is ("…" not in said)
