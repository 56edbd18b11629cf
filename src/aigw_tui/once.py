"""One answer without a screen: opens a feed, brings history up to date for a window, and looks at it."""

from __future__ import annotations

import argparse
import asyncio
import fnmatch
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from aigw_tui.errors import ConfigError
from aigw_tui.format import clean, did_you_mean
from aigw_tui.words import config_of, demo_clock, scope_of

if TYPE_CHECKING:
    from aigw_tui.config import Config
    from aigw_tui.feed import Feed
    from aigw_tui.model import Clock, Progress, Scope, Snapshot

DATASETS = ("requests", "neurons")
"""What most one-shot answers are made of."""
NAMED = ("gateway", "provider", "model")
"""Fields of a scope whose words may be globs, and are looked up in what history knows."""
GLOB = frozenset("*?[")
MOST_NAMED = 12
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

    def fill(self, since: datetime, say: Callable[[Progress | None], None] = lambda _: None) -> None:
        """Ask for what history lacks from `since` on. What fails becomes faults of the snapshot; nothing is raised."""

        async def whole() -> None:
            async for progress in self.feed.fill(since):
                say(progress)

        self.run(whole())

    def scope(self) -> Scope:
        """What the words narrow to, with globs replaced by the names they match. Raises ConfigError for a stranger."""
        scope = scope_of(self.args, self.config, self.feed.now())
        views = self.feed.look(scope).views
        for field in NAMED:
            if words := scope.values(field):
                scope = scope.narrow(None, **{field: _named(field, words, views.names("requests", field))})
        return scope

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
        clock = demo_clock(args, now if args.at else demo_start(now))
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


def _named(field: str, words: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Each word as it stands, or the names that a glob matches. Raises ConfigError for what nothing known matches."""
    found: list[str] = []
    for word in words:
        matches = [name for name in known if fnmatch.fnmatchcase(name, word)] if GLOB & {*word} else []
        matches = matches or ([word] if word in known or not known else [])
        if not matches:
            raise ConfigError(f"there is no {field} {clean(word)}", did_you_mean(word, known, _near(word, known)))
        found += matches
    return tuple(dict.fromkeys(found))


def _near(word: str, known: Sequence[str]) -> str:
    """What to say of a word that is like none: the first name that holds it, else some names."""
    bare = word.strip("*?").casefold()
    found = next((name for name in known if bare and bare in name.casefold()), "")
    return f"did you mean {clean(found)}?" if found else f"use one of {', '.join(map(clean, known[:MOST_NAMED]))}"
