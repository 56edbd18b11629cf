"""The top line: where one stands never pushes out the state of the instrument, nor what one has narrowed to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import Freshness, Scope, State
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.status import status_line
from world import ACCOUNT, LLAMA, NOW, scene

LIVE = Freshness(State.LIVE, NOW)
MODEL = Scope().narrow(provider="workers-ai", model=LLAMA)


def top(width: int, account: str = "acme", scope: Scope | None = None) -> str:
    snapshot = replace(scene(scope).snapshot, labels=((ACCOUNT, account),))
    drawn = status_line(snapshot, LIVE, NOW, width)
    assert width_of(drawn) == width
    return plain([drawn])


@pytest.mark.parametrize("account", ["a very long name of an account, of the kind that grows", "東京支社" * 9])
@pytest.mark.parametrize("width", [120, 100, 80, 60, 40])
def test_a_long_account_is_shortened(account: str, width: int) -> None:
    """Before it goes; characters of two cells count as two."""
    text = top(width, account)
    assert text.startswith(f" {account[0]}")
    assert " › today " in text
    assert text.endswith("● live  now   14:05 UTC" if width < 100 else "● live   now   API 0/300   14:05 UTC")


@pytest.mark.parametrize(
    ("width", "start"), [(80, " acme › llama-3.3"), (60, " llama-3.3-70b-inst"), (40, " llama… › today")]
)
def test_what_is_narrowed_to_is_said_at_any_width(width: int, start: str) -> None:
    assert top(width, scope=MODEL).startswith(start)


@given(st.integers(1, 160), st.text(max_size=60))
def test_at_any_width_it_fits(width: int, account: str) -> None:
    top(width, account, MODEL)
