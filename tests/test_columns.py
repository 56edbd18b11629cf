"""Figures are right-aligned and whole; a column that has no room becomes short, then goes and is named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.format import short, whole
from aigw_tui.insight.joined import Usage
from aigw_tui.tui.columns import Column, Figure, arrange
from aigw_tui.tui.figures import Look, columns
from aigw_tui.tui.lines import plain, width_of

NAMES = ("requests", "errors", "hits", "tokens in", "out", "neurons", "$")
numbers = st.one_of(st.none(), st.integers(0, 10**15))
money = st.one_of(st.none(), st.floats(0, 1e9))
uses = st.builds(
    Usage,
    requests=numbers, errors=numbers, cache_hits=numbers, tokens_in=numbers, tokens_out=numbers,
    owed_usd=money, listed_usd=money, neurons=money, is_estimate=st.booleans(),
)  # fmt: skip


def column(name: str, value: int, worth: int) -> Column:
    return Column(name, name, (Figure(whole(value), short(value)),), worth)


def test_first_in_full_then_short_then_gone() -> None:
    """As the room shrinks: whole figures, the widest one short, then the least worthy column goes, and is named."""
    both = (column("a", 1_234_567, 2), column("b", 1_234, 1))
    assert plain((arrange(both, 16).row(0),)) == " 1,234,567 1,234"
    assert plain((arrange(both, 15).row(0),)) == " 1.2M 1,234"
    assert plain((arrange(both, 10).row(0),)) == " 1.2M 1.2k"
    assert (plain((arrange(both, 9).row(0),)), arrange(both, 9).hidden) == (" 1.2M", ("b",))


@given(st.lists(uses, max_size=5), st.integers(-5, 120))
def test_no_figure_is_ever_cut(found: list[Usage], room: int) -> None:
    """Whatever is shown is a whole figure, and all rows are as wide as the heads."""
    built = columns(NAMES, found, [Look()] * len(found))
    shown = arrange(built, room)
    assert shown.width <= max(room, 0)
    assert {column.name for column in built} == {column.name for column in shown.shown} | set(shown.hidden)
    assert width_of(shown.heads()) == shown.width
    for number in range(len(found)):
        row = shown.row(number)
        assert width_of(row) == shown.width
        allowed = [{column.figures[number].full, column.figures[number].short} for column in shown.shown]
        assert all(span.text.lstrip(" ") in texts for span, texts in zip(row, allowed, strict=True))


def test_two_costs_are_told_apart() -> None:
    """Owed stands plain, a list price in parentheses that hang out; unknown is a dash, less than a cent is no zero."""

    def drawn(use: Usage) -> str:
        return columns(("$",), (use,), (Look(),))[0].figures[0].full

    assert drawn(Usage(owed_usd=1.23)) == "1.23 "
    assert drawn(Usage(listed_usd=0.05)) == "(0.05)"
    assert drawn(Usage(listed_usd=0.001)) == "(<0.01)"
    assert drawn(Usage(owed_usd=1.0, listed_usd=5.0)) == "1.00 "
    assert drawn(Usage(owed_usd=0.0)) == "0 "
    assert drawn(Usage()) == "– "


def test_list_prices_alone_give_way_first() -> None:
    """Where nothing is owed, the dollars are worth less than the tokens."""
    listed = columns(NAMES, (Usage(requests=1, listed_usd=0.5),), (Look(),))
    owed = columns(NAMES, (Usage(requests=1, owed_usd=0.5),), (Look(),))
    assert arrange(listed, 43).hidden == ("dollars",)
    assert arrange(owed, 38).hidden == ("tokens",)


def test_an_estimate_is_marked() -> None:
    """`~` stands before neurons that are not measured."""
    (found,) = columns(("neurons",), (Usage(neurons=1234.0, is_estimate=True),), (Look(),))
    assert (found.figures[0].full, found.figures[0].short) == ("~1,234", "~1.2k")
