"""An account whose figures are samples, watched for hours: it settles, costs what any other does, and is no fault."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from account import StillClock
from aigw_tui.cloudflare.client import Client
from aigw_tui.datasets import all_datasets
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Limits
from aigw_tui.demo.limits import REQUESTS
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.model import DAY, HOUR, Scope, Trust, Window, hour_of
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
SAMPLED = Limits(sampling=10, wobble=True, oldest=4 * DAY)
"""Rows and totals of the same hour are samples of their own."""


class NappingClock(StillClock):
    """A nap lasts 20 s."""

    async def sleep(self, seconds: float) -> None:
        self.pass_(max(seconds, 20) if seconds >= 5 else seconds)
        await asyncio.sleep(0)


@dataclass
class Watch:
    """A feed on the box, hour after hour."""

    limits: Limits
    clock: NappingClock = field(default_factory=lambda: NappingClock(NOW))
    posts: int = 0

    def __post_init__(self) -> None:
        self.box = Box(self.clock, limits=self.limits)

        def answer(method: str, *rest: Any) -> Any:
            self.posts += method == "POST"
            return self.box.answer(method, *rest)

        client = Client(Transport("https://x/client/v4", Secret(TOKEN), inner=InProcess(answer)), self.clock)
        self.history = open_history(None, "https://x", NOW).history
        self.feed = Feed(client, self.history, self.clock, FeedSettings((ACCOUNT_ID,), labels={ACCOUNT_ID: "acme"}))
        self.steps = self.feed.watch()

    async def hours(self, count: float) -> int:
        """POSTs in so many hours."""
        before, end = self.posts, self.clock.now() + count * HOUR
        while self.clock.now() < end:
            await anext(self.steps)
        return self.posts - before

    def open_hours(self) -> int:
        """Hours of the three days before today that are not settled."""
        window = Window(hour_of(NOW) - 3 * DAY, hour_of(NOW) - 10 * HOUR)
        known = [self.history.known(one.name, window) for one in all_datasets()]
        assert all(len(hours) == len(window.hours) for hours in known)
        return sum(trust is not Trust.SETTLED for hours in known for trust in hours.values())


async def test_a_sampled_account() -> None:
    """Every hour settles, none is a fault, and at rest a refresh is one request."""
    watch = Watch(SAMPLED)
    await watch.hours(1)
    assert watch.open_hours() == 0
    for _ in range(2):
        assert await watch.hours(1) <= 66
        assert watch.feed.look(Scope()).faults == ()
    await watch.feed.close()


async def test_an_account_that_does_not_say_how_sure_it_is() -> None:
    """Hours that differ are a fault that says by how much; asking for them again costs ever less."""
    fields = frozenset(f"{node}.confidence" for node in (REQUESTS, "aiInferenceAdaptiveGroups"))
    watch = Watch(Limits(sampling=10, wobble=True, oldest=4 * DAY, missing=fields))
    await watch.hours(1)
    faults = watch.feed.look(Scope()).faults
    assert {fault.kind for fault in faults} == {"sums"}
    assert all("differ from Cloudflare's totals by" in fault.why for fault in faults)
    assert await watch.hours(3) <= 3 * 66 + 30
    await watch.feed.close()
