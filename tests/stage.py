"""A stage for the monitor: the built-in account over real HTTP on loopback, and a clock in our hand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from aigw_tui.cloudflare.client import Client
from aigw_tui.datasets import live_datasets
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Limits
from aigw_tui.demo.server import Server
from aigw_tui.exporting import Exporter
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.insight.alerting import Rule
from aigw_tui.secret import Secret
from aigw_tui.source import Source
from aigw_tui.transport import Transport
from aigw_tui.tui.app import Monitor
from aigw_tui.tui.looks import ORDINARY, Looks
from aigw_tui.tui.panel import Panel
from clocks import HandClock

AFTERNOON = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


class Stage:
    """The built-in account on loopback, a monitor before it, and a clock in our hand."""

    def __init__(
        self,
        store: Path | None = None,
        token: str = TOKEN,
        limits: Limits | None = None,
        start: datetime = AFTERNOON,
        rules: tuple[Rule, ...] = (),
        exporter: Exporter | None = None,
        looks: Looks = ORDINARY,
    ) -> None:
        self.clock = HandClock(start)
        self.box = Box(self.clock, limits=limits) if limits else Box(self.clock)
        self.server = Server(self.box, 0)
        self.server.__enter__()
        self.url = self.server.url
        self.store, self.token, self.rules = store, token, rules
        self.exporter, self.looks = exporter, looks
        self.monitor = self.open()
        self.pilot: Pilot[str]

    def open(self) -> Monitor:
        history, fault = open_history(self.store, self.url, self.clock.now())
        feed = Feed(self.source(), history, self.clock, self.settings(), *([fault] if fault else []))
        return Monitor(feed, exporter=self.exporter, looks=self.looks)

    def source(self) -> Source:
        """Whoever answers."""
        return Client(Transport(self.url, Secret(self.token)), self.clock)

    def settings(self) -> FeedSettings:
        return FeedSettings((ACCOUNT_ID,), labels={ACCOUNT_ID: "acme"}, rules=self.rules)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The monitor at 120×40 until the block ends; nothing stays behind."""
        try:
            async with self.monitor.run_test(size=(120, 40)) as self.pilot:
                yield
        finally:
            self.stop_server()

    def stop_server(self) -> None:
        self.server.__exit__(None, None, None)

    def start_server(self) -> None:
        self.server = Server(self.box, int(self.url.split(":")[2].split("/")[0]))
        self.server.__enter__()

    def text(self) -> str:
        """The whole screen as text."""
        height = self.monitor.size.height
        rows = self.monitor.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in row) for row in rows[:height])

    def panel(self, name: str) -> str:
        return "\n".join(strip.text for strip in self.monitor.query_one(f"#{name}", Panel)._strips)

    def panel_line(self, name: str) -> str:
        """`status`, `notice` or `keys`."""
        return "\n".join(strip.text for strip in self.monitor.line(name)._strips)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for the app to get there; the clock stands still meanwhile. The test's own time limit ends it."""
        while not is_so():
            await self.pilot.pause(0.02)
        await self.pilot.pause()  # what is still under way to the screen then belongs to it

    @property
    def is_answered(self) -> bool:
        """Whether everything that the visible panels need has come, and nothing is under way."""
        needed = {name for panel in self.monitor.in_sight for name in panel.NEEDS}
        scene = self.monitor.scene
        known = {live.dataset for live in scene.snapshot.live} if scene else set()
        return needed & {one.name for one in live_datasets()} <= known and self.clock.has_sleepers

    async def pass_time(self, seconds: int) -> None:
        for _ in range(0, seconds, 30):
            self.clock.advance(30)
            await self.pilot.pause()


def without_calls(text: str) -> str:
    """A screen without the count of API calls, for looking somewhere else may cost one, and without the progress."""
    return re.sub(r" +● live .* API \d+/300|reading the past.*", "", text)


def number(text: str) -> float:
    return float(text.replace(",", ""))
