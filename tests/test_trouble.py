"""The screen in place of the panels: there when there is nothing to show, and gone with the first figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.demo.box import Limits
from aigw_tui.insight.trouble import NO_GATEWAY, QUIET, Trouble, trouble
from aigw_tui.model import Fault, Freshness, Gateway, Progress, State
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.troublelines import lines
from stage import AFTERNOON, Stage
from world import empty, scene

NOTHING = scene(views=empty()).snapshot
GOOD = Freshness(State.LIVE, AFTERNOON)


def fault(kind: str, **changes: object) -> Fault:
    return replace(Fault(kind, "what", "why", "remedy", AFTERNOON), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("AuthError", "Cloudflare refuses the token"),
        ("ForbiddenError", "The token may not read this account"),
        ("BudgetError", "The API budget of this user is used up"),
        ("TransientError", "Cloudflare is out of reach"),
        ("BadDataError", "What answers is not Cloudflare's API"),
        ("LocalError", "what"),
    ],
)
def test_each_fault_has_its_steps(kind: str, title: str) -> None:
    """What a person does about it, also for one that nobody thought of."""
    found = trouble(NOTHING, [fault(kind)], Freshness())
    assert found
    assert (found.title, found.why, found.when) == (title, "why", "since 14:05 UTC")
    assert found.steps
    assert found.is_bad


def test_when_it_goes_on_is_said() -> None:
    until = AFTERNOON + timedelta(minutes=5)
    found = trouble(NOTHING, [fault("BudgetError", until=until)], Freshness())
    assert found
    assert found.when == "next try 14:10 UTC"


def test_the_account_comes_before_one_dataset() -> None:
    found = trouble(NOTHING, [fault("ForbiddenError", dataset="neurons"), fault("AuthError")], Freshness())
    assert found
    assert found.title == "Cloudflare refuses the token"


def test_an_account_without_traffic() -> None:
    """Said once all of the past was read; before that there may still be some."""
    assert trouble(NOTHING, [], GOOD) == QUIET
    assert trouble(NOTHING, [], Freshness()) is None
    assert trouble(NOTHING, [], replace(GOOD, progress=Progress(1, 2, AFTERNOON))) is None


def test_an_account_without_a_gateway() -> None:
    assert trouble(replace(NOTHING, gateways=(("acme", ()),)), [], GOOD) == NO_GATEWAY
    assert trouble(replace(NOTHING, gateways=(("acme", (Gateway("prod"),)),)), [], GOOD) == QUIET


def test_figures_are_never_hidden() -> None:
    """However bad it is, what is known stays on the screen."""
    assert trouble(scene().snapshot, [fault("AuthError")], Freshness()) is None


@given(
    st.integers(0, 140),
    st.integers(0, 40),
    st.sampled_from([QUIET, NO_GATEWAY, Trouble("t" * 90, "w " * 90, ("s " * 80,))]),
)
def test_at_any_size_it_fits(width: int, height: int, shown: Trouble) -> None:
    found = lines(shown, width, height)
    assert len(found) <= height
    assert all(width_of(line) <= max(width, 3) for line in found)


def test_more_room_never_says_less() -> None:
    said = [len(plain(lines(QUIET, 80, height)).split()) for height in range(1, 30)]
    assert all(fewer <= more + 6 for fewer, more in pairwise(said))  # six words say that there is more
    assert "40" in plain(lines(QUIET, 80, 30))
    assert "a larger terminal says more" in plain(lines(QUIET, 80, 8))


async def test_it_goes_with_the_first_figure() -> None:
    """The screen says what to do, the keys are those that help, and the panels come back with the first answer."""
    stage = Stage(limits=Limits(queries=0))
    async with stage.running():
        await stage.until(lambda: "The API budget of this user is used up" in stage.text())
        assert "1  Cloudflare counts 300 queries in 5 minutes" in stage.text()
        assert "Neurons today" not in stage.text()
        assert stage.panel_line("keys").split() == ["r", "try", "now", "?", "help", "q", "quit"]
        stage.box.limits = Limits()
        while "Neurons today" not in stage.text():
            await stage.pass_time(300)
        assert "used up" not in stage.text()
        await stage.pilot.press("j")
        assert stage.monitor.focused is not None


async def test_it_is_wrapped_anew_with_the_terminal() -> None:
    """At once, not with the next answer."""
    stage = Stage(token="wrong")
    async with stage.running():
        await stage.until(lambda: "refuses the token" in stage.text())
        await stage.pilot.resize_terminal(60, 20)
        await stage.until(lambda: "environment or in .env, and start again" in " ".join(stage.text().split()))


async def test_a_panel_can_still_be_opened() -> None:
    """The log says more of what went wrong."""
    stage = Stage(token="wrong")
    async with stage.running():
        await stage.until(lambda: "refuses the token" in stage.text())
        stage.monitor.show_panel(stage.monitor.panel("log"))
        await stage.until(lambda: "Log" in stage.text())
        assert "refuses the token" not in stage.text()
        await stage.pilot.press("escape")
        await stage.until(lambda: "refuses the token" in stage.text())
