"""Golden frames: whole screens as text, readable in review. To accept a new one, delete it and run the test twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aigw_tui.tui.screens.welcome import FirstRun
from edges import Busy, Empty, FirstMinute, Quiet
from stage import AFTERNOON, Stage

SIZES = [(200, 60), (120, 40), (100, 30), (80, 24), (60, 20), (40, 10), (30, 4)]
FRAMES = Path(__file__).parent / "frames"


def check(name: str, text: str) -> None:
    path = FRAMES / f"{name}.txt"
    frame = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if not path.exists():
        path.write_text(frame)
        pytest.fail(f"{path.name} is new: look at it, and run the test again")
    assert frame == path.read_text()


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pause is as long as it is meant to be."""
    monkeypatch.setattr("random.uniform", lambda low, high: (low + high) / 2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["ordinary", "narrowed", "faulty", "midnight", "replay"])
async def test_frame(size: tuple[int, int], state: str) -> None:
    """An ordinary afternoon, one model, five minutes without an answer, a day that has just begun, and one that is
    over."""
    stage = Stage(start=AFTERNOON.replace(hour=0, minute=1) + timedelta(days=1) if state == "midnight" else AFTERNOON)
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        await stage.pilot.resize_terminal(*size)
        if state == "narrowed":
            await stage.pilot.press("enter")
            await stage.until(lambda: stage.is_answered)
        if state == "replay":
            await stage.pilot.press("left_curly_bracket", "right_square_bracket")
        if state == "faulty":
            stage.box.limits = replace(stage.box.limits, queries=0)
            while not stage.monitor.freshness.is_stale:
                await stage.pass_time(30)
        await stage.pilot.pause()
        check(f"{state}-{size[0]}x{size[1]}", stage.text())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["first", "empty", "quiet", "busy", "alerts"])
async def test_an_edge(size: tuple[int, int], state: str) -> None:
    """The first minute of all, an account where nothing ever passed, one where nothing passed today, and far too much
    of everything, with the alerts that it sets off."""
    stage: Stage = {"first": FirstMinute, "empty": Empty, "quiet": Quiet}.get(state, Busy)()
    async with stage.running():
        await stage.pilot.resize_terminal(*size)
        await stage.until(lambda: stage.clock.has_sleepers)
        while state != "first" and (stage.monitor.freshness.progress or not stage.monitor.freshness.good_at):
            await stage.pass_time(30)
        if state == "empty":
            await stage.until(lambda: stage.monitor.base.has_class("-blank"))
        if state == "alerts":
            stage.monitor.show_panel(stage.monitor.panel("alerts"))
            await stage.until(lambda: "fire" in stage.text() or size[1] < 9)
        await stage.until(lambda: stage.is_answered)
        await stage.pilot.pause()
        check(f"{state}-{size[0]}x{size[1]}", stage.text())


@pytest.mark.parametrize("size", SIZES)
async def test_the_welcome(size: tuple[int, int]) -> None:
    """Without a token: what to do, at any size."""
    app = FirstRun()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        rows = app.screen._compositor.render_strips()
        check(f"welcome-{size[0]}x{size[1]}", "\n".join(row.text for row in rows))
