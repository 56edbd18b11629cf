"""The top line: where one stands never pushes out the state of the instrument, nor what one has narrowed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import Alert, Freshness, Phase, Scope, State
from aigw_tui.tui.lines import Line, plain, width_of
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


def alert(phase: Phase = Phase.FIRING, severity: str = "warning", silenced_until: datetime | None = None) -> Alert:
    return Alert("dear", ACCOUNT, severity, phase, "cost today above $1.00", silenced_until=silenced_until)


class TestAlerts:
    """A stranger sees at the top that something fires; a click opens it."""

    @pytest.mark.parametrize(("width", "words"), [(120, "▲ 2 alerts   ● live"), (40, "▲ 2  ● live")])
    def test_those_that_fire_are_counted(self, width: int, words: str) -> None:
        fire = (alert(), alert(severity="critical"), alert(Phase.PENDING), alert(silenced_until=NOW))
        assert words in plain([drawn(width, fire)])

    def test_the_worst_says_the_colour(self) -> None:
        for fire, role in (((alert(),), "warn"), ((alert(), alert(severity="critical")), "bad")):
            assert role in {span.role for span in drawn(120, fire) if "▲" in span.text}

    def test_a_click_opens_them(self) -> None:
        assert {span.act for span in drawn(120, (alert(),)) if "alert" in span.text} == {"press panel.8"}

    def test_none_that_fires_needs_no_word(self) -> None:
        assert "alert" not in plain([drawn(120, (alert(Phase.PENDING),))])

    @given(st.integers(1, 160))
    def test_at_any_width_they_fit(self, width: int) -> None:
        assert width_of(drawn(width, (alert(),))) == width


def drawn(width: int, alerts: tuple[Alert, ...]) -> Line:
    return status_line(replace(scene().snapshot, alerts=alerts), LIVE, NOW, width)
