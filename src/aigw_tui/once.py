"""One answer without a screen: opens a feed, brings history up to date for a window, and looks at it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

from aigw_tui.errors import ConfigError
from aigw_tui.globs import spelled_out
from aigw_tui.words import config_of, demo_clock, scope_of

if TYPE_CHECKING:
    from aigw_tui.config import Config
    from aigw_tui.feed import Feed
    from aigw_tui.model import Clock, Progress, Scope, Snapshot

DATASETS = ("requests", "neurons")
"""What most one-shot answers are made of."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """A feed with the configuration that made it."""

    feed: Feed
    config: Config
    clock: Clock
    args: argparse.Namespace
    runner: asyncio.Runner

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine; Ctrl-C ends it at once."""
        return self.runner.run(act)

    def fill(
        self,
        since: datetime,
        say: Callable[[Progress | None], None] = lambda _: None,
        later: Mapping[str, datetime] | None = None,
    ) -> None:
        """Ask for what history lacks from `since` on, of some datasets only from a `later` moment on.

        What fails becomes faults of the snapshot; nothing is raised."""

        async def whole() -> None:
            async for progress in self.feed.fill(since, later or {}):
                say(progress)

        self.run(whole())

    def scope(self) -> Scope:
        """What the words narrow to, with globs replaced by the names they match. Raises ConfigError for a stranger."""
        scope = scope_of(self.args, self.config, self.feed.now())
        return spelled_out(scope, self.feed.look(scope).views)

    def look(self) -> Snapshot:
        """What history holds for these words now."""
        return self.feed.look(self.scope())


@contextmanager
def opened(args: argparse.Namespace, datasets: Sequence[str] = DATASETS, *, offline: bool = False) -> Iterator[Desk]:
    """A feed for these words, closed again at the end; `offline`: it may be without a token, and is asked nothing.

    The built-in account's feed has no history of its own, so it is always asked. Raises ConfigError, LocalError.
    """
    from aigw_tui.assembly import demo_feed, demo_start, real_feed
    from aigw_tui.clock import SystemClock
    from aigw_tui.datasets import dataset

    config = config_of(args)
    clock: Clock = SystemClock()
    chosen = [dataset(name) for name in datasets]
    if args.demo:
        from aigw_tui.demo.box import Box

        now = clock.now()
        clock = demo_clock(args, now if isinstance(args.at, time) else demo_start(now))
        feed = demo_feed(config, clock, Box(clock, seed=1 if args.seed is None else args.seed), datasets=chosen)
    else:
        if not offline and not config.has_token:
            raise ConfigError("there is no API token", "set CLOUDFLARE_API_TOKEN, run aigw-tui setup, or add --demo")
        feed = real_feed(config, clock, datasets=chosen)
    with asyncio.Runner() as runner:
        try:
            yield Desk(feed, config, clock, args, runner)
        finally:
            runner.run(feed.close())
