"""Makes the pictures beside this file from the built-in account: `python screenshots/make.py`, SVG and PNG."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paint import paint
from textual.pilot import Pilot

from aigw_tui.assembly import demo_feed, demo_start
from aigw_tui.clock import FastClock
from aigw_tui.config import load
from aigw_tui.datasets import live_datasets
from aigw_tui.demo.box import Box
from aigw_tui.tui.app import Monitor
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.picture import plain

FOLDER = Path(__file__).parent
DAY = datetime(2026, 11, 23, tzinfo=UTC)
"""The story's day: a Monday."""
PATIENCE_S = 90
STEP_S = 0.5
"""How far the clock moves while the app works."""


@dataclass(frozen=True)
class Shot:
    """One picture: the size of the terminal, the colours, and the keys pressed before it is taken."""

    name: str
    size: tuple[int, int] = (120, 40)
    theme: str = "house-dark"
    keys: tuple[str, ...] = ()
    panel: str = ""
    """Shown alone, for those that have no place on the dashboard."""
    is_faulty: bool = False


SHOTS = (
    Shot("dashboard"),
    Shot("light", theme="house-light"),
    Shot("narrowed", keys=("enter",)),
    Shot("zoomed", keys=("5", "z")),
    Shot("failures", keys=("9",)),
    Shot("latency", panel="latency"),
    Shot("metadata", panel="metadata"),
    Shot("faulty", is_faulty=True),
    Shot("80x24", (80, 24)),
    Shot("60x20", (60, 20)),
    Shot("40x10", (40, 10)),
)


class HeldClock(FastClock):
    """Time passes only when it is told to, and whoever sleeps is woken then."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._passed = 0.0
        self._moved = asyncio.Event()

    def monotonic(self) -> float:
        return self._passed

    def pass_(self, seconds: float) -> None:
        self._passed += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        end = self._passed + seconds
        while self._passed < end:
            await self._moved.wait()


async def take(shot: Shot) -> None:
    """Open the monitor, wait until a week of the past is there, press the keys, and write both files."""
    clock = HeldClock(demo_start(DAY))
    box = Box(clock)
    feed = demo_feed(load({}, {}, demo=True), clock, box)
    app = Monitor(feed, looks=Looks(shot.theme), metadata_keys=("team",))
    async with app.run_test(size=shot.size) as pilot:
        await until(lambda: has_a_week(app), pilot, clock)
        await pilot.press(*shot.keys)
        if shot.panel:
            app.show_panel(app.panel(shot.panel))
        await until(lambda: is_answered(app), pilot, clock)
        if shot.is_faulty:
            box.limits = replace(box.limits, queries=0)
            await until(lambda: bool(app.scene and app.scene.as_of), pilot, clock)
        await pilot.pause(0.2)
        (FOLDER / f"{shot.name}.svg").write_text(plain(app.export_screenshot()))
        picture = paint(app.screen._compositor.render_strips(), app.theme_variables["ground"])
        picture.save(FOLDER / f"{shot.name}.png", optimize=True)


def has_a_week(app: Monitor) -> bool:
    """Enough of the past for sparks and projections."""
    progress = app.freshness.progress
    return progress is not None and progress.back_to <= DAY - timedelta(days=7)


def is_answered(app: Monitor) -> bool:
    """All that the panels in sight need has come."""
    needed = {name for panel in app.in_sight for name in panel.NEEDS} & {one.name for one in live_datasets()}
    return app.scene is not None and needed <= {live.dataset for live in app.scene.snapshot.live}


async def until(is_so: Callable[[], bool], pilot: Pilot[str], clock: HeldClock) -> None:
    """Let time pass, a little at a time, until it is so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            clock.pass_(STEP_S)
            await pilot.pause(0.02)


async def main() -> None:
    for shot in SHOTS:
        await take(shot)
        print(FOLDER / f"{shot.name}.png")


if __name__ == "__main__":
    asyncio.run(main())
