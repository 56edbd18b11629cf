"""The ladder of narrowing, from the account down to its requests, and back up to exactly where one was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aigw_tui.demo.box import ACCOUNT_ID
from aigw_tui.demo.logs import id_of
from aigw_tui.model import HOUR, LogRow, Scope, Window, hour_of, period_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.panels.requests import MOST
from aigw_tui.tui.standing import Standing
from stage import AFTERNOON, Stage

WAIT_S = 30
NO_ROWS = {"alerts", "compare", "heat", "metadata", "pulse", "today", "traffic"}
"""Charts and single figures; this stage has no rules and no metadata keys."""


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    found = Stage()
    async with found.running():
        await within(found, lambda: found.is_answered)
        yield found


async def within(stage: Stage, is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        await stage.until(is_so)


def rows(stage: Stage) -> list[LogRow]:
    """What Requests shows, also what is scrolled away."""
    scene = stage.monitor.scene
    return [row for one in scene.snapshot.newest for row in one.rows] if scene else []


def zoomed(stage: Stage) -> str:
    return (stage.monitor.zoomed.id or "") if stage.monitor.zoomed else ""


def focused(stage: Stage) -> str:
    panel = stage.monitor.focused
    return (panel.id or "") if isinstance(panel, Panel) else ""


def standing(stage: Stage, name: str) -> Standing:
    panel = stage.monitor.panel(name)
    return Standing(panel._cursor, panel._top, panel._unfolded)


def ids(stage: Stage, name: str) -> list[object]:
    """The rows that can be seen."""
    panel = stage.monitor.panel(name)
    return [target.id for target in panel.targets(panel._seen)]


async def requests_of(stage: Stage) -> list[LogRow]:
    """Once they have come; the clock passes the pause between two readings."""
    stage.clock.advance(5)
    await within(stage, lambda: bool(rows(stage)) and "took" in stage.panel("requests"))
    return rows(stage)


async def back(stage: Stage) -> None:
    await stage.pilot.press("escape")
    await stage.pilot.pause()


class TestReachingRequests:
    """By key, by palette, and by Enter where there is nothing left to narrow to."""

    async def test_by_its_key(self, stage: Stage) -> None:
        """The newest of the account, on the whole screen; Esc leads back to the panel that had the focus."""
        await stage.pilot.press("7", "l")
        found = await requests_of(stage)
        assert (zoomed(stage), focused(stage)) == ("requests", "requests")
        account, until = stage.box.account, stage.clock.now().timestamp()
        over = [
            id_of(one)
            for one in account.events(AFTERNOON.replace(hour=0).timestamp(), AFTERNOON.timestamp())
            if one.gateway and one.at + one.duration_ms / 1000 <= until
        ]
        assert {row.id for row in found} == {*over[-MOST:]}
        assert {row.account for row in found} == {ACCOUNT_ID}
        await back(stage)
        assert (zoomed(stage), focused(stage)) == ("", "hours")

    async def test_by_the_palette(self, stage: Stage) -> None:
        stage.monitor.show_panel(stage.monitor.panel("requests"))
        assert await requests_of(stage)
        assert zoomed(stage) == "requests"

    async def test_a_model_that_is_narrowed_already(self, stage: Stage) -> None:
        """Enter once more on its row shows its requests, and no others."""
        await stage.pilot.press("6", "enter")
        scope = stage.monitor.scope
        (model,) = scope.values("model")
        await stage.pilot.press("enter")
        found = await requests_of(stage)
        assert (zoomed(stage), stage.monitor.scope) == ("requests", scope)
        assert {row.model for row in found} == {model}
        await back(stage)
        assert (zoomed(stage), focused(stage), stage.monitor.scope) == ("", "models", scope)
        await back(stage)
        assert stage.monitor.scope == Scope()

    async def test_an_hour_that_is_narrowed_already(self, stage: Stage) -> None:
        """All requests of that hour lie in it."""
        await stage.pilot.press("7", "j", "enter")
        hour = stage.monitor.scope.current_period.fixed
        assert hour
        assert hour.length == HOUR
        await stage.pilot.press("enter")
        found = await requests_of(stage)
        assert all(hour.since <= row.at < hour.until for row in found)
        assert zoomed(stage) == "requests"

    async def test_down_to_a_failure_class_and_up_again(self, stage: Stage) -> None:
        """Failures stays on the screen: hour, then failure class, then its requests; Esc undoes each."""
        await stage.pilot.press("9")
        await within(stage, lambda: bool(ids(stage, "failures")))
        steps: list[tuple[Scope, Standing]] = []
        for _ in ("the hour", "the failure class", "its requests"):
            steps.append((stage.monitor.scope, standing(stage, "failures")))
            said = stage.panel("failures")
            await stage.pilot.press("enter")
            await stage.pilot.pause()
        assert "enter: the requests" in said
        scope = stage.monitor.scope
        assert zoomed(stage) == "requests"
        assert all(len(scope.values(name)) == 1 for name in ("provider", "model", "status"))
        found = await requests_of(stage)
        assert {str(row.status) for row in found} == {*scope.values("status")}
        assert {row.model for row in found} == {*scope.values("model")}
        assert all(row.is_error for row in found)
        for before, where in reversed(steps):
            await back(stage)
            assert (zoomed(stage), focused(stage)) == ("failures", "failures")
            assert (stage.monitor.scope, standing(stage, "failures")) == (before, where)
        await back(stage)
        assert zoomed(stage) == ""

    @pytest.mark.parametrize(
        ("digit", "field"), [("1", "model"), ("2", "provider"), ("3", "status"), ("4", "model"), ("6", "model")]
    )
    async def test_the_rows_of_a_zoomed_panel(self, stage: Stage, digit: str, field: str) -> None:
        """Enter narrows to the one under the cursor; a click puts the cursor there."""
        await stage.pilot.press(digit, "z")
        panel = stage.monitor.zoomed
        assert panel
        await within(stage, lambda: panel.size.height > 30 and len(ids(stage, panel.id or "")) > 1)
        await stage.pilot.press("j")
        second = panel.targets(panel._seen)[1]
        assert panel._cursor == second.id
        first = panel._drawing.first
        assert first is not None
        await stage.pilot.click(panel, offset=(4, first + 1))
        assert panel._cursor == panel.targets(panel._seen)[0].id
        await stage.pilot.press("j", "enter")
        await stage.pilot.pause()
        assert stage.monitor.scope.values(field) == (dict(second.narrow)[field],)

    async def test_figures_that_know_no_status_say_so(self, stage: Stage) -> None:
        """In a scope narrowed to one, models, hours and traffic are those of all statuses."""
        stage.monitor.scope = Scope().narrow(status="429")
        await stage.pilot.pause()
        for name in ("models", "hours", "traffic"):
            assert "of all statuses" in stage.panel(name)


class TestGoingBack:
    """Everything is where it was left."""

    async def test_the_cursor_the_scrolling_and_what_stands_open(self, stage: Stage) -> None:
        """Of the panel that was narrowed from, and of every other one."""
        await stage.pilot.press("w", "w")
        await stage.pilot.pause()
        await stage.pilot.press("6", "j", "o", "m", "7", *["j"] * 25, "space", "j", "j")
        before = {name: standing(stage, name) for name in ("models", "hours")}
        visible = ids(stage, "hours"), ids(stage, "models")
        assert before["hours"].top > 0
        assert before["hours"].unfolded
        await stage.pilot.press("enter")
        await stage.pilot.pause()
        assert standing(stage, "hours") != before["hours"]
        await stage.pilot.press("l")
        await requests_of(stage)
        await back(stage)
        await back(stage)
        assert {name: standing(stage, name) for name in before} == before
        assert (ids(stage, "hours"), ids(stage, "models")) == visible
        assert focused(stage) == "hours"

    async def test_through_a_zoom(self, stage: Stage) -> None:
        """Who narrowed in a zoomed panel comes back to it, scrolled as it was."""
        await stage.pilot.press("w", "w", "7", "z")
        await stage.pilot.pause()
        await stage.pilot.press(*["j"] * 60)
        before, visible = standing(stage, "hours"), ids(stage, "hours")
        assert before.top > 0
        await stage.pilot.press("enter")
        await stage.pilot.pause()
        assert zoomed(stage) == ""
        await back(stage)
        assert zoomed(stage) == "hours"
        assert (standing(stage, "hours"), ids(stage, "hours")) == (before, visible)

    async def test_requests_within_requests(self, stage: Stage) -> None:
        """The cursor in Requests stays with its request while others come; another scope has a cursor of its own."""
        await stage.pilot.press("l")
        await requests_of(stage)
        await stage.pilot.press(*["j"] * 45)
        there = standing(stage, "requests")
        assert there.top > 0
        await stage.pass_time(90)
        await within(stage, lambda: rows(stage)[0].at > AFTERNOON)
        assert stage.monitor.panel("requests")._cursor == there.cursor
        await back(stage)
        await stage.pilot.press("6", "enter", "l")
        await requests_of(stage)
        assert stage.monitor.panel("requests")._cursor != there.cursor
        await back(stage)
        await back(stage)
        await stage.pilot.press("l")
        await stage.pilot.pause()
        assert stage.monitor.panel("requests")._cursor == there.cursor

    async def test_a_smaller_terminal_keeps_the_cursor_in_sight(self, stage: Stage) -> None:
        await stage.pilot.press("w", "w", "7", *["j"] * 9)
        before = stage.monitor.panel("hours")._cursor
        await stage.pilot.resize_terminal(80, 24)
        await stage.pilot.pause()
        assert stage.monitor.panel("hours")._cursor == before
        await stage.pilot.resize_terminal(120, 40)
        await stage.pilot.pause()
        assert stage.monitor.panel("hours")._cursor == before

    async def test_a_filter_is_undone_before_the_way_down(self, stage: Stage) -> None:
        """It was set last; the keys belong to the panel again that has the screen."""
        await stage.pilot.press("l")
        await requests_of(stage)
        await stage.pilot.press("slash", *"llama", "enter")
        await stage.pilot.pause()
        assert focused(stage) == "requests"
        assert {"llama" in row.model for row in await requests_of(stage)} == {True}
        await back(stage)
        assert (zoomed(stage), stage.monitor.scope.pattern) == ("requests", "")
        await back(stage)
        assert zoomed(stage) == ""

    async def test_another_window_is_no_way_back(self, stage: Stage) -> None:
        """Esc then undoes the narrowing, and stays in that window."""
        await stage.pilot.press("6", "enter", "w")
        await back(stage)
        assert (stage.monitor.scope.steps, stage.monitor.scope.period.name) == ((), "24 h")


class TestWords:
    """What stands in Requests when there is nothing to show, and on the bottom line."""

    async def test_what_enter_does(self, stage: Stage) -> None:
        await stage.pilot.press("6")
        assert "enter narrow" in stage.panel_line("keys")
        await stage.pilot.press("l")
        await requests_of(stage)
        await stage.pilot.pause()
        assert "enter open" in stage.panel_line("keys")

    @pytest.mark.parametrize(
        ("limits", "said"),
        [
            ({"unlogged": frozenset(("prod-api", "chat-widget", "batch"))}, "logging is off for prod-api, chat-widget"),
            ({"has_logs": False}, "see the dashboard"),
            ({"may_read_gateways": False}, "AI Gateway: Read"),
        ],
    )
    async def test_why_there_are_none(self, stage: Stage, limits: dict[str, object], said: str) -> None:
        """Logging off, logs elsewhere, a missing permission: each with what to do about it."""
        stage.box.limits = replace(stage.box.limits, **limits)  # type: ignore[arg-type]
        await stage.pilot.press("l")
        stage.clock.advance(5)
        await within(stage, lambda: said in " ".join(stage.panel("requests").replace("│", " ").split()))

    async def test_a_time_without_logs(self, stage: Stage) -> None:
        """It was counted, so that the logs are what is missing."""
        old = hour_of(AFTERNOON - timedelta(days=9))
        stage.monitor.scope = Scope().narrow(period_of(Window(old, old + HOUR)))
        await stage.pilot.press("l")
        stage.clock.advance(5)
        await within(stage, lambda: "no request log" in stage.panel("requests"))


async def test_every_row_can_be_reached(stage: Stage) -> None:
    """Every panel that has rows, zoomed, has a cursor on them; those of charts and single figures have none."""
    without = set()
    for name, _ in all_panels():
        panel = stage.monitor.panel(name)
        stage.monitor.zoom(None)
        stage.monitor.zoom(panel)
        stage.clock.advance(5)
        await within(stage, lambda panel=panel: panel._seen is not None)  # type: ignore[misc]
        await within(stage, lambda panel=panel: panel.size.height > 30)  # type: ignore[misc]
        if panel.NEEDS and name not in NO_ROWS:
            await within(stage, lambda panel=panel: bool(panel.targets(panel._seen)))  # type: ignore[misc]
        if not panel.targets(panel._seen):
            without.add(name)
    assert without == NO_ROWS | {"log"}


async def test_requests_while_the_screen_is_paused() -> None:
    """What is read is not shown: the panel says so, and by which key it goes on; then it is there."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        await stage.pilot.press("p", "l")
        await stage.until(lambda: "the screen is paused; p goes on, and shows what was read meanwhile" in stage.text())
        await stage.pass_time(60)
        assert "being read" not in stage.text()
        await stage.pilot.press("p")
        await stage.until(lambda: "took" in stage.panel("requests"))
        await stage.pilot.press("escape", "p", "l")
        await stage.until(lambda: "took" in stage.panel("requests"))
