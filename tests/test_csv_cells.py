"""Cells of CSV files: nothing foreign becomes a formula, and the names of models come back as they were."""

from __future__ import annotations

import pytest

from aigw_tui.outlets.cells import csv_cell


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "@cf", "@cfx/model"])
def test_a_formula_is_made_text(text: str) -> None:
    """Whatever a spreadsheet would compute gets an apostrophe in front, and nothing else is changed."""
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "gpt-5", "@cf/meta/llama", "@hf/a/b", " =x", "a=b", -1, -0.5, 0, True])
def test_all_else_stays(value: object) -> None:
    """Names of models, ordinary text, and numbers, which are no text."""
    assert csv_cell(value) is value


def test_unknown_is_an_empty_cell() -> None:
    """Never 0."""
    assert csv_cell(None) == ""
