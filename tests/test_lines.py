"""Texts that must fit: shortened so that they still tell what they are, and never to another figure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from aigw_tui.tui.lines import in_words, told_apart

TUNED = [f"ft:gpt-4.1-2025-04-14:acme:department-{number}:B7x9" for number in (1, 2)]
TEXTS = st.text(st.sampled_from("ab 1文.,:-🦙"), max_size=30)


def test_names_that_end_differently_keep_their_ends() -> None:
    assert told_apart(TUNED, 20) == ["ft:gp…artment-1:B7x9", "ft:gp…artment-2:B7x9"]


def test_names_that_begin_differently_keep_their_beginnings() -> None:
    """The same name twice is no reason either."""
    assert told_apart(["gpt-5-mini", "claude-haiku-4-5", "claude-haiku-4-5"], 8) == ["gpt-5-m…", "claude-…", "claude-…"]


def test_no_figure_is_cut() -> None:
    """The whole of it goes."""
    assert in_words("cost today above $2,000.00 for 30 min", 26) == "cost today above…"
    assert in_words("cost today above $2,000.00 for 30 min", 27) == "cost today above $2,000.00…"
    assert in_words("cost", 4) == "cost"


@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(0, 20))
def test_at_any_width_they_fit(texts: list[str], width: int) -> None:
    for text, short in zip(texts, told_apart(texts, width), strict=True):
        assert cell_len(short) <= width
        assert short == text or cell_len(text) > width
    assert cell_len(in_words(texts[0], width)) <= width
