"""Starting again: what an earlier run found out, read and was told is not asked for a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from account import StillClock
from aigw_tui.assembly import real_feed
from aigw_tui.config import load
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.limits import REQUESTS, Limits
from aigw_tui.demo.server import Server
from aigw_tui.feed import Feed
from aigw_tui.model import HOUR, Query, Scope, Window, day_of

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


class Heard(Box):
    """Remembers what it was asked."""

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock, limits=Limits(oldest=timedelta(days=20)))
        self.posts: list[dict[str, Any]] = []
        self.gets: list[str] = []

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Any:
        if method == "POST":
            self.posts.append(json.loads(body))
        else:
            self.gets.append(path)
        return super().answer(method, path, headers, body)


class Start:
    """Runs of the program over loopback on one history, one after the other."""

    def __init__(self, box: Heard, server: Server, path: Path, clock: StillClock) -> None:
        self.box, self.clock = box, clock
        environ = {"CLOUDFLARE_API_TOKEN": TOKEN, "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID, "AIGW_STORE": str(path)}
        self._config = load({"base_url": server.url}, environ)

    async def run(self, seconds: float) -> Feed:
        """One run of so long; what was heard is of it alone."""
        self.box.posts.clear()
        self.box.gets.clear()
        feed = real_feed(self._config, self.clock)
        end = self.clock.slept + seconds
        steps = feed.watch()
        for _ in range(2):
            await anext(steps)
        while self.clock.slept < end:
            await anext(steps)
        await feed.close()
        return feed


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    clock = StillClock(NOW)
    box = Heard(clock)
    with Server(box) as server:
        yield Start(box, server, home / "h.sqlite", clock)


async def test_within_a_minute(start: Start) -> None:
    """The first asks for everything; the second for nothing but the open hours, in one request, and for no price."""
    await start.run(400)
    assert len(start.box.posts) > 10
    assert any("models/search" in path for path in start.box.gets)
    start.clock.pass_(20)
    await start.run(1)
    (post,) = start.box.posts
    begins = [datetime.fromisoformat(value) for name, value in post["variables"].items() if name.startswith("since")]
    assert min(begins) >= day_of(NOW) + 10 * HOUR
    assert not any("models/search" in path for path in start.box.gets)


async def test_after_a_day_it_finds_out_again(start: Start) -> None:
    """What may be asked, and what things cost."""
    await start.run(400)
    start.clock.pass_(24 * 3600)
    await start.run(1)
    assert "settings" in start.box.posts[0]["query"]
    assert any("models/search" in path for path in start.box.gets)


async def test_what_was_refused_stays_known(start: Start) -> None:
    """A field that `settings` promise and the node refuses is left out by the next run from its first question on."""
    start.box.limits = replace(start.box.limits, denied=frozenset({f"{REQUESTS}.sum_cost"}))
    await start.run(400)
    await start.run(1)
    assert len(start.box.posts) == 1
    assert "cost" not in start.box.posts[0]["query"]


async def test_a_measure_that_comes_back_is_read_for_the_past(start: Start) -> None:
    """Hours that settled without it are read again, once it may be asked for."""
    start.box.limits = replace(start.box.limits, missing=frozenset({f"{REQUESTS}.sum_cachedRequests"}))
    past = Query("requests", Window(day_of(NOW) - 20 * HOUR, day_of(NOW)), (), ("requests", "cache_hits"))
    for missing in (start.box.limits.missing, frozenset[str]()):
        start.box.limits = replace(start.box.limits, missing=missing)
        feed = real_feed(start._config, start.clock)
        steps, end = feed.watch(), start.clock.slept + 400
        while start.clock.slept < end:
            await anext(steps)
        requests, hits = feed.look(Scope()).views.view(past).total.values
        assert requests
        assert (hits is None) is bool(missing)
        said = [
            one.why for one in feed.look(Scope()).missing if (one.dataset, one.measure) == ("requests", "cache_hits")
        ]
        assert said == ([f"{REQUESTS} has no sum.cachedRequests for this account"] if missing else [])
        await feed.close()
        start.clock.pass_(timedelta(days=1).total_seconds())
