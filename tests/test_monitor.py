"""The monitor over real HTTP: what the screen says is the account's truth, and faults are shown, not raised."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aigw_tui.demo.truth import totals
from aigw_tui.model import State, Window, day_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.screens.help import told
from stage import AFTERNOON, Stage, number, without_calls


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    found = Stage()
    async with found.running():
        await found.until(lambda: found.clock.has_sleepers)
        yield found


async def test_the_totals_are_the_truth(stage: Stage) -> None:
    """Requests, errors and neurons of today on the screen equal what the account made visible."""
    truth = totals(stage.box.account, Window(day_of(AFTERNOON), AFTERNOON), AFTERNOON)
    all_line = re.search(r"all +([\d,]+).*", stage.panel("models"))
    assert all_line, stage.panel("models")
    assert number(all_line[1]) == truth.requests
    neurons = stage.monitor.scene
    assert neurons
    quota = neurons.snapshot.quota("neurons")
    assert quota
    assert quota.used == pytest.approx(truth.neurons)


async def test_every_panel_has_data(stage: Stage) -> None:
    """Nothing on the dashboard is empty after the first answer."""
    for panel in stage.monitor.query(Panel):
        if panel.display:
            assert re.search(r"\d", stage.panel(panel.id or "")), panel.id


async def test_enter_narrows_and_escape_goes_back(stage: Stage) -> None:
    """Enter on the first model leaves its rows alone; Esc restores the screen."""
    before = stage.text()
    await stage.pilot.press("enter")
    assert stage.monitor.scope.values("model")
    narrowed = stage.text()
    assert "workers-ai" in narrowed.splitlines()[0]
    assert narrowed != before
    await stage.pilot.press("escape")
    assert stage.monitor.scope.steps == ()
    assert without_calls(stage.text()) == without_calls(before)


async def test_windows_and_measures_cycle(stage: Stage) -> None:
    """`w` and `m` come back to where they began."""
    before = stage.text()
    for key, times in (("w", 6), ("m", 6)):
        seen = set()
        for _ in range(times):
            await stage.pilot.press(key)
            seen.add(stage.text())
        assert len(seen) > times / 2
        assert without_calls(stage.text()) == without_calls(before)


async def test_the_filter_narrows_the_models(stage: Stage) -> None:
    """A regular expression keeps what matches; what is none is searched as it stands; Esc clears."""
    await stage.pilot.press("slash", *"llama")
    names = {row for row in stage.panel("models").splitlines() if "■" in row}
    assert names
    assert all("llama" in row for row in names)
    await stage.pilot.press("enter", "escape")
    assert stage.monitor.scope.pattern == ""
    await stage.pilot.press("slash", *"(")
    assert "no model with requests matches /(" in stage.panel("models")
    await stage.pilot.press("escape")
    assert stage.monitor.scope.pattern == ""


async def test_zoom_gives_one_panel_the_screen(stage: Stage) -> None:
    """`z` and back, for every panel with a digit."""
    before = stage.text()
    for key in "1234567":
        await stage.pilot.press(key, "z")
        shown = [panel for panel in stage.monitor.query(Panel) if panel.display and panel.size.area]
        assert [panel.KEY for panel in shown] == [key]
        await stage.pilot.press("z")
    await stage.pilot.press("6")
    assert without_calls(stage.text()) == without_calls(before)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 10)])
async def test_a_zoomed_panel_has_all_the_room(stage: Stage, size: tuple[int, int]) -> None:
    """Whatever its place on the dashboard: as wide as the terminal, down to the line of keys."""
    await stage.pilot.resize_terminal(*size)
    await stage.pilot.pause()
    for panel in [*stage.monitor.in_sight]:
        panel.focus()
        await stage.pilot.press("z")
        await stage.pilot.pause()
        assert (panel.region.x, panel.size.width, panel.region.bottom) == (0, size[0], size[1] - 1)
        await stage.pilot.press("z")


async def test_pause_freezes_the_screen_and_says_so(stage: Stage) -> None:
    """Fetching goes on; the figures wait until the pause ends."""
    await stage.pilot.press("p")
    assert "paused" in stage.text()
    before = stage.panel("models")
    asked = stage.monitor._feed._source.budget.used
    await stage.pass_time(600)
    await stage.until(lambda: stage.monitor._feed._source.budget.used != asked)
    assert stage.panel("models") == before
    await stage.pilot.press("p")
    assert "paused" not in stage.text()


async def test_a_stopped_server_is_said_and_a_started_one_recovers(stage: Stage) -> None:
    """The last figures stay with their age and a remedy; when the server is back, all is live again."""
    figures = re.findall(r"[\d,]+", stage.panel("models"))
    stage.stop_server()
    while not stage.monitor.freshness.is_stale:
        await stage.pass_time(30)
    text = stage.text()
    assert "→" in text.splitlines()[1]
    assert "offline" in text.splitlines()[0]
    assert "as of 14:0" in text
    assert re.findall(r"[\d,]+", stage.panel("models").replace("as of", ""))[: len(figures) // 2]
    stage.start_server()
    while stage.monitor.freshness.state is not State.LIVE:
        await stage.pass_time(30)
    assert "as of" not in stage.text()


async def test_the_help_names_every_key(stage: Stage) -> None:
    """It is made from the bindings, so none is missing."""
    await stage.pilot.press("question_mark")
    await stage.pilot.pause()
    surface = stage.monitor.screen.query_one("#page")
    text = "\n".join(strip.text for strip in surface._strips)  # type: ignore[attr-defined]
    for binding in stage.monitor.named_bindings():
        assert told(binding) in " ".join(text.split()) or binding.key.isdigit()
    assert re.search(r"ctrl-p +Any panel", text)
    assert re.search(r"s +In Alerts", text)
    await stage.pilot.press("escape")
    assert stage.monitor.screen.query("#status")


async def test_an_unchanged_refresh_paints_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking again at the same revision refreshes no panel."""
    stage.monitor._look()
    painted: list[str | None] = []
    for panel in stage.monitor.query(Panel):
        monkeypatch.setattr(panel, "refresh", lambda *_, name=panel.id, **__: painted.append(name))
    stage.monitor._look()
    stage.monitor._repaint()
    assert painted == []


async def test_an_answer_while_it_closes() -> None:
    """Comes too late to be shown, and does no harm: the screen goes before what watches."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.base.query("*").remove()
        stage.monitor._running = False
        stage.clock.advance(120)
        await stage.until(lambda: not stage.monitor.workers or stage.monitor.failure is not None)
        stage.monitor._running = True
    assert stage.monitor.failure is None


async def test_history_is_shown_before_the_network(tmp_path: Path) -> None:
    """With history and no server the first paint has yesterday's figures, and their age."""
    first = Stage(tmp_path / "history.db")
    async with first.running():
        await first.until(lambda: first.monitor.freshness.state is State.LIVE)
        shown = first.panel("models")
    second = first
    second.clock.advance(600)
    second.monitor = second.open()
    async with second.running():
        await second.pilot.pause()
        assert re.findall(r"\d[\d,]+", second.panel("models"))[:3] == re.findall(r"\d[\d,]+", shown)[:3]
        while second.monitor.freshness.state is not State.OFFLINE:
            await second.pass_time(30)
        assert "as of 14:05" in second.text()


@pytest.mark.parametrize("token", ["wrong", "cfut_" + "x" * 40])
async def test_a_wrong_token_is_said(token: str) -> None:
    """With its remedy; the token itself nowhere."""
    stage = Stage(token=token)
    async with stage.running():
        await stage.until(lambda: bool(stage.monitor.scene and stage.monitor.scene.snapshot.faults))
        await stage.until(lambda: "CLOUDFLARE_API_TOKEN" in stage.text())
        assert token not in stage.text()


@pytest.mark.parametrize(
    "size", [(200, 60), (120, 40), (100, 30), (80, 24), (60, 20), (40, 10), (20, 3), (3, 2), (1, 1)]
)
async def test_any_size_is_survived(stage: Stage, size: tuple[int, int]) -> None:
    """Every row is as wide as the terminal, at any size and back."""
    await stage.pilot.resize_terminal(*size)
    await stage.pilot.pause()
    rows = stage.text().splitlines()
    assert len(rows) == size[1]
    await stage.pilot.press("z", "z")
    await stage.pilot.resize_terminal(120, 40)


async def test_an_unknown_gateway_is_said(stage: Stage) -> None:
    """With the names there are, and how to get back; nothing is shown as 0."""
    stage.monitor.narrow("gateway", "nope")
    await stage.pilot.pause()
    line = stage.text().splitlines()[1]
    assert "unknown gateway" in line
    assert "prod-api" in line
    await stage.pilot.press("escape")
    assert "unknown gateway" not in stage.text()


async def test_the_palette_narrows_to_a_gateway(stage: Stage) -> None:
    """Gateways and providers have no panel yet: ctrl-p, a few letters, Enter."""
    await stage.pilot.press("ctrl+p", *"chat-w")
    await stage.until(lambda: bool(stage.monitor.screen.query("CommandList")))
    await stage.pilot.pause(0.2)
    await stage.pilot.press("enter")
    await stage.until(lambda: stage.monitor.scope.values("gateway") == ("chat-widget",))
    truth = totals(stage.box.account, Window(day_of(AFTERNOON), AFTERNOON), AFTERNOON, gateway="chat-widget")
    all_line = re.search(r"all +([\d,]+).*", stage.panel("models"))
    assert all_line
    assert number(all_line[1]) == truth.requests


async def test_figures_move_on_below_the_help(stage: Stage) -> None:
    """An answer that comes while the help or the palette is open neither ends the program nor is lost."""
    for key in ("question_mark", "ctrl+p"):
        before = stage.monitor.freshness.good_at
        await stage.pilot.press(key)
        while stage.monitor.freshness.good_at == before:
            await stage.pass_time(30)
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: not stage.monitor.screen.is_modal)
    assert "● live" in stage.text()


async def test_the_palette_shows_a_panel(stage: Stage) -> None:
    """Every panel can be reached by its name."""
    await stage.pilot.press("ctrl+p", *"panel: hou")
    await stage.until(lambda: bool(stage.monitor.screen.query("CommandList")))
    await stage.pilot.pause(0.2)
    await stage.pilot.press("enter")
    await stage.until(lambda: stage.monitor.focused is stage.monitor.panel("hours"))
    assert stage.monitor.panel("hours").has_focus
