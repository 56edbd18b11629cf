"""Lasts, may run out, runs out, ran out: said in a glyph and words, never in colour alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight.verdict import judge, rounded
from world import NEURON_QUOTA, TODAY

PACE = NEURON_QUOTA.pace
assert PACE is not None
LASTS = replace(PACE, low=6100.0, likely=7000.0, high=7900.0, runs_out=None)


def at(hour: int, minute: int) -> datetime:
    """A moment of today."""
    return TODAY.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("change", "role", "words"),
    [
        ({}, "warn", "▲ runs out 19:10–21:40 UTC"),
        ({"used": 9100.0}, "bad", "▲ runs out 19:10–21:40 UTC"),
        ({"pace": LASTS}, "good", "✓ lasts to 00:00 UTC"),
        ({"pace": replace(PACE, runs_out=(at(23, 17), None))}, "warn", "▲ may run out from 23:20 UTC"),
        ({"pace": replace(PACE, runs_out=(at(23, 58), at(23, 59)))}, "warn", "▲ runs out 23:50 UTC"),
        ({"used": 10_500.0, "pace": replace(PACE, ran_out=at(13, 5))}, "bad", "▲ ran out 13:05 UTC"),
        ({"used": 10_000.0, "pace": None}, "bad", "▲ used up"),
        ({"pace": None}, "muted", "no verdict yet"),
        ({"used": None}, "muted", "no verdict yet"),
        ({"limit": None}, "muted", "no verdict yet"),
    ],
)  # fmt: skip
def test_verdicts(change: dict[str, object], role: str, words: str) -> None:
    """Lasts, may run out, runs out, ran out: a glyph and words, and from 90 % on in red."""
    found = judge(replace(NEURON_QUOTA, **change))  # type: ignore[arg-type]
    assert (found.role, found.texts[0]) == (role, words)


@given(st.floats(0, 1e15))
def test_projections_have_three_digits(value: float) -> None:
    """More would pretend to know."""
    assert rounded(value) == pytest.approx(value, rel=5.1e-3)
