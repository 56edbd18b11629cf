"""Makes the pictures beside this file from the built-in account: SVG and PNG, and the tour as a GIF.

`python screenshots/make.py`, or with the names of those that are wanted.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paint import FONT_SIZE, paint
from PIL.Image import Image
from textual.pilot import Pilot

from aigw_tui.assembly import demo_feed, demo_start
from aigw_tui.clock import FastClock
from aigw_tui.config import load
from aigw_tui.datasets import live_datasets
from aigw_tui.demo.box import Box
from aigw_tui.tui.app import Monitor
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.picture import plain
from aigw_tui.tui.terminal import Depth

FOLDER = Path(__file__).parent
DAY = datetime(2026, 11, 23, tzinfo=UTC)
"""The story's day: a Monday."""
PATIENCE_S = 90
STEP_S = 2.0
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
    depth: Depth = "24-bit"
    minutes: int = 0
    """Past five minutes after two."""


SHOTS = (
    Shot("dashboard"),
    Shot("light", theme="house-light"),
    Shot("narrowed", keys=("enter",)),
    Shot("zoomed", keys=("5", "z")),
    Shot("failures", keys=("9",)),
    Shot("latency", panel="latency"),
    Shot("metadata", panel="metadata"),
    Shot("providers", panel="providers"),
    Shot("gateways", panel="gateways"),
    Shot("pulse", panel="pulse"),
    Shot("heat", panel="heat"),
    Shot("alerts", panel="alerts", minutes=40),
    Shot("replay", keys=("left_square_bracket",) * 5),
    Shot("compared", keys=("c",)),
    Shot("contrast", theme="contrast-dark"),
    Shot("16-colours", theme="ansi-dark", depth="16"),
    Shot("faulty", is_faulty=True),
    Shot("80x24", (80, 24)),
    Shot("60x20", (60, 20)),
    Shot("40x10", (40, 10)),
)


TOUR: tuple[tuple[tuple[str, ...], float], ...] = (
    ((), 2.0),
    (("j",), 0.5),
    (("j",), 0.5),
    (("enter",), 2.0),
    (("7", "j", "enter"), 2.0),
    (("escape", "escape"), 1.0),
    (("6", "o"), 1.0),
    (("e",), 1.5),
    (("c",), 2.5),
    (("c", "c", "c"), 0.5),
    (("left_square_bracket",), 0.5),
    (("left_square_bracket",), 0.5),
    (("left_square_bracket",), 0.5),
    (("left_curly_bracket",), 2.0),
    (("t",), 1.0),
    (("w",), 1.0),
    (("w",), 2.0),
)
"""(keys, seconds that the screen stands after them)."""
TOUR_FONT = 14


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


@dataclass
class Stage:
    """A monitor on the built-in account, and what moves it."""

    app: Monitor
    pilot: Pilot[str]
    clock: HeldClock
    box: Box

    def picture(self, font_size: int = FONT_SIZE) -> Image:
        return paint(self.app.screen._compositor.render_strips(), self.app.theme_variables["ground"], font_size)

    async def press(self, *keys: str) -> None:
        """And wait until all that is in sight is there."""
        await self.pilot.press(*keys)
        await until(lambda: is_answered(self.app), self.pilot, self.clock)
        await self.pilot.pause(0.2)


@asynccontextmanager
async def opened(size: tuple[int, int], looks: Looks) -> AsyncIterator[Stage]:
    """With a week of the past."""
    clock = HeldClock(demo_start(DAY))
    box = Box(clock)
    feed = demo_feed(load({}, {}, demo=True), clock, box)
    app = Monitor(feed, looks=looks, metadata_keys=("team",))
    async with app.run_test(size=size) as pilot:
        await until(lambda: has_a_week(app), pilot, clock)
        yield Stage(app, pilot, clock, box)


async def take(shot: Shot) -> None:
    """Press the keys, and write both files."""
    async with opened(shot.size, Looks(shot.theme, shot.depth)) as stage:
        app = stage.app
        await stage.pilot.press(*shot.keys)
        if shot.panel:
            app.show_panel(app.panel(shot.panel))
        end = stage.clock.now() + timedelta(minutes=shot.minutes)
        await until(lambda: stage.clock.now() >= end, stage.pilot, stage.clock)
        if shot.is_faulty:
            stage.box.limits = replace(stage.box.limits, queries=0)
            await until(lambda: bool(app.scene and app.scene.as_of), stage.pilot, stage.clock)
        await stage.press()
        (FOLDER / f"{shot.name}.svg").write_text(plain(app.export_screenshot()))
        stage.picture().save(FOLDER / f"{shot.name}.png", optimize=True)


async def tour() -> None:
    """What a person sees who presses these keys, a real screen after each, as one animated picture."""
    async with opened((100, 30), Looks("house-dark")) as stage:
        frames, times = [], []
        for keys, seconds in TOUR:
            await stage.press(*keys)
            frames.append(stage.picture(TOUR_FONT).quantize(64))
            times.append(int(seconds * 1000))
        frames[0].save(
            FOLDER / "tour.gif", save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=True
        )


def has_a_week(app: Monitor) -> bool:
    """Enough of the past for sparks and projections."""
    progress = app.freshness.progress
    return progress is not None and progress.back_to <= DAY - timedelta(days=7)


def is_answered(app: Monitor) -> bool:
    """All that the panels in sight need has come; in a replay nothing comes."""
    if app.moment:
        return True
    needed = {name for panel in app.in_sight for name in panel.NEEDS} & {one.name for one in live_datasets()}
    return app.scene is not None and needed <= {live.dataset for live in app.scene.snapshot.live}


async def until(is_so: Callable[[], bool], pilot: Pilot[str], clock: HeldClock) -> None:
    """Let time pass, a little at a time, until it is so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            clock.pass_(STEP_S)
            await pilot.pause(0.02)


async def main(wanted: Collection[str]) -> None:
    for shot in SHOTS:
        if not wanted or shot.name in wanted:
            await take(shot)
            print(FOLDER / f"{shot.name}.png")
    if not wanted or "tour" in wanted:
        await tour()
        print(FOLDER / "tour.gif")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
