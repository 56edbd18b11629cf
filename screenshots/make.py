"""Makes the pictures beside this file from the built-in account: PNG files, and the tour as a GIF.

`python screenshots/make.py`, or with the names of those that are wanted. `web` is a page in a real Chromium.
"""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paint import FONT_SIZE, paint, reduced
from PIL import Image
from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.pilot import Pilot

from aigw_tui.assembly import demo_feed, demo_start
from aigw_tui.clock import FastClock
from aigw_tui.config import load
from aigw_tui.datasets import live_datasets
from aigw_tui.demo.box import Box, Limits
from aigw_tui.tui.app import Monitor
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.terminal import Depth

FOLDER = Path(__file__).parent
sys.path.append(str(FOLDER.parent / "tests"))  # the browser that they drive
DAY = datetime(2026, 11, 23, tzinfo=UTC)
"""The story's day: a Monday."""
PATIENCE_S = 240
INTERVAL_S = 60.0
"""Between two questions."""
STEP_S = 10.0
"""How far the clock moves whenever the app waits."""
EARLIER, OLDEST = timedelta(minutes=15), timedelta(days=22)
"""How long before the pictures the monitor is opened, and how far its account looks back: that is read by then."""
SMALL = (110, 20)
"""For a panel of few rows."""
WINDOW = (1280, 800)
"""Pixels of the page."""
TANGO = TerminalTheme(
    (24, 24, 24), (211, 215, 207),
    [(46, 52, 54), (204, 0, 0), (78, 154, 6), (196, 160, 0), (52, 101, 164), (117, 80, 123), (6, 152, 154),
     (211, 215, 207)],
    [(136, 138, 133), (239, 41, 41), (138, 226, 52), (252, 233, 79), (114, 159, 207), (173, 127, 168), (52, 226, 226),
     (238, 238, 236)],
)  # fmt: skip
"""The sixteen colours of a usual terminal."""


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
    Shot("metadata", SMALL, panel="metadata"),
    Shot("providers", SMALL, panel="providers"),
    Shot("gateways", SMALL, panel="gateways"),
    Shot("pulse", SMALL, panel="pulse"),
    Shot("heat", panel="heat"),
    Shot("alerts", SMALL, panel="alerts", minutes=40),
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
TOUR_FONT, TOUR_COLOURS = 14, 128


class HeldClock(FastClock):
    """Time passes only when it is told to, and whoever sleeps is woken then."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._passed = 0.0
        self._sleepers: dict[asyncio.Event, float] = {}

    def monotonic(self) -> float:
        return self._passed

    def pass_on(self) -> None:
        """A little further, if somebody waits for it; while nobody does there is work to be done."""
        if self._sleepers:
            self._passed += STEP_S
            for event, end in self._sleepers.items():
                if end <= self._passed:
                    event.set()

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers[woken] = self._passed + seconds
        try:
            await woken.wait()
        finally:
            del self._sleepers[woken]


@dataclass
class Stage:
    """A monitor on the built-in account, and what moves it."""

    app: Monitor
    pilot: Pilot[str]
    clock: HeldClock
    box: Box

    def picture(self, font_size: int = FONT_SIZE, colours: int = 256) -> Image.Image:
        strips = self.app.screen._compositor.render_strips()
        return reduced(paint(strips, terminal_of(self.app), font_size), colours)

    async def press(self, *keys: str) -> None:
        """And wait until all that is in sight is there."""
        await self.pilot.press(*keys)
        await until(lambda: is_answered(self.app), self.pilot, self.clock)
        await self.pilot.pause(0.2)


def terminal_of(app: Monitor) -> TerminalTheme:
    """With the theme's ground, or its own where the theme leaves that to it."""
    ground = app.theme_variables["ground"]
    if not ground.startswith("#"):
        return TANGO
    colors = TANGO.ansi_colors._colors
    return TerminalTheme(Color.parse(ground).rgb, TANGO.foreground_color, [*colors[:8]], [*colors[8:]])


@asynccontextmanager
async def opened(size: tuple[int, int], looks: Looks) -> AsyncIterator[Stage]:
    """At five minutes after two."""
    clock = HeldClock(demo_start(DAY) - EARLIER)
    box = Box(clock, limits=Limits(oldest=OLDEST))
    feed = demo_feed(load({"interval": INTERVAL_S}, {}, demo=True), clock, box)
    app = Monitor(feed, looks=looks, metadata_keys=("team",))
    async with app.run_test(size=size) as pilot:
        await until(lambda: clock.now() >= demo_start(DAY), pilot, clock)
        yield Stage(app, pilot, clock, box)


async def take(shot: Shot) -> None:
    """Press the keys, and write the file."""
    async with opened(shot.size, Looks(shot.theme, shot.depth)) as stage:
        app = stage.app
        await stage.pilot.press(*shot.keys)
        if shot.panel:
            app.show_panel(app.panel(shot.panel))
        end = stage.clock.now() + timedelta(minutes=shot.minutes)
        await until(lambda: stage.clock.now() >= end, stage.pilot, stage.clock)
        before = app.freshness.good_at
        await stage.press("r")
        if shot.is_faulty:
            stage.box.limits = replace(stage.box.limits, queries=0)
            await until(lambda: bool(app.scene and app.scene.as_of), stage.pilot, stage.clock)
        else:
            await until(lambda: app.freshness.good_at != before, stage.pilot, stage.clock)
        await stage.press()
        stage.picture().save(FOLDER / f"{shot.name}.png", optimize=True)


async def tour() -> None:
    """What a person sees who presses these keys, a real screen after each, as one animated picture."""
    async with opened((100, 30), Looks("house-dark")) as stage:
        frames, times = [], []
        for keys, seconds in TOUR:
            await stage.press(*keys)
            frames.append(stage.picture(TOUR_FONT, TOUR_COLOURS))
            times.append(int(seconds * 1000))
        frames[0].save(
            FOLDER / "tour.gif", save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=True
        )


async def page() -> None:
    """What `aigw-tui web --demo` is in a browser."""
    from chromium import browsing, chromium
    from test_web import running

    with running("--demo", "--at", "14:05") as web, chromium() as browser:
        async with browsing(browser, web.url) as found:
            await found.resize(*WINDOW)
            for _ in range(4):  # its own patience is less than the past takes
                with suppress(TimeoutError):
                    await found.until(lambda text: re.search(r"past +[6-9]\d %", text) is not None)
                    break
            picture = Image.open(io.BytesIO(await found.picture())).convert("RGB")
            reduced(picture).save(FOLDER / "web.png", optimize=True)


def is_answered(app: Monitor) -> bool:
    """All that the panels in sight need has come; in a replay nothing comes."""
    if app.moment:
        return True
    needed = {name for panel in app.in_sight for name in panel.NEEDS} & {one.name for one in live_datasets()}
    return app.scene is not None and needed <= {live.dataset for live in app.scene.snapshot.live}


async def until(is_so: Callable[[], bool], pilot: Pilot[str], clock: HeldClock) -> None:
    """Let time pass, from one question to the next, until it is so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            clock.pass_on()
            await pilot.pause(0.02)


async def main(wanted: Collection[str]) -> None:
    for shot in SHOTS:
        if not wanted or shot.name in wanted:
            await take(shot)
            print(FOLDER / f"{shot.name}.png", flush=True)
    if not wanted or "web" in wanted:
        if shutil.which("chromium"):
            await page()
            print(FOLDER / "web.png")
        else:
            print("web.png is left as it was: there is no chromium here", file=sys.stderr)
    if not wanted or "tour" in wanted:
        await tour()
        print(FOLDER / "tour.gif")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
