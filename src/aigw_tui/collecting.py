"""The feed without a screen: what is done at each look, and what is said of it, in plain lines."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

from aigw_tui.errors import AigwError
from aigw_tui.format import clock
from aigw_tui.insight.comparing import compare_in
from aigw_tui.model import DAY, Fault, Freshness, Scope, Snapshot, State, day_of

if TYPE_CHECKING:
    from aigw_tui.config import Config
    from aigw_tui.feed import Feed

log = logging.getLogger(__name__)

ONCE_DAYS = 7
"""How far back a single run fills what is missing: what a pace needs."""
SAID_BY_THE_FEED = ("round", "disk")
"""Subjects of faults that are in the log already."""


class Duty(Protocol):
    """What has to be done again and again while nobody watches: rules, reports, messages."""

    async def __call__(self, snapshot: Snapshot) -> None:
        """Called at every look, every few seconds, whether anything moved or not. Raises AigwError: it is logged."""


def duties(feed: Feed, config: Config) -> tuple[Duty, ...]:
    """All of them, in the order in which they are done."""
    from aigw_tui.courier import courier_of

    return (courier_of(feed, config),)


async def collect(feed: Feed, todo: Sequence[Duty], *, scope: Scope) -> int:
    """Until it is cancelled. Closes the feed: its lease is let go, and its database closed."""
    return await follow(feed, todo, lambda: feed.look(scope), Diary().look)


async def follow(
    feed: Feed, todo: Sequence[Duty], look: Callable[[], Snapshot], see: Callable[[Snapshot, Freshness], None]
) -> int:
    """Looks whenever something may look different, has it seen, and does the duties, until it is cancelled or `see`
    raises. Closes the feed."""
    try:
        async with aclosing(feed.watch()) as looks:
            async for freshness in looks:
                snapshot = look()
                see(snapshot, freshness)
                await _do(todo, snapshot)
    finally:
        await feed.close()
        log.info("ended; history is closed")
    return 0


async def collect_once(feed: Feed, todo: Sequence[Duty], *, scope: Scope) -> int:
    """One round, the last week where it is missing, and the duties. Returns 1 where Cloudflare did not answer."""
    diary = Diary()
    try:
        async for _ in feed.fill(day_of(feed.now()) - DAY * ONCE_DAYS):
            pass
        await feed.count()
        snapshot = feed.look(scope)
        diary.look(snapshot, feed.freshness)
        await _do(todo, snapshot)
        return int(any(fault.dataset == "round" and fault.kind.endswith("Error") for fault in snapshot.faults))
    finally:
        await feed.close()


class Diary:
    """Says what changed since the last look, once."""

    def __init__(self) -> None:
        self._labels: tuple[tuple[str, str], ...] = ()
        self._state = State.STARTING
        self._faults: frozenset[tuple[str, str, str]] = frozenset()
        self._verdicts: dict[str, str] = {}
        self._was_filling = False

    def look(self, snapshot: Snapshot, freshness: Freshness) -> None:
        if snapshot.labels != self._labels:
            self._labels = snapshot.labels
            log.info("accounts: %s", ", ".join(label for _, label in snapshot.labels))
        if freshness.state is not self._state:
            self._state = freshness.state
            log.info("%s; last answer at %s UTC", freshness.state.name.lower(), clock(freshness.good_at))
        if self._was_filling and freshness.progress is None:
            log.info("history is complete as far back as can be asked")
        self._was_filling = freshness.progress is not None
        self._say_faults(snapshot.faults)
        self._say_counters(snapshot)

    def _say_faults(self, faults: Sequence[Fault]) -> None:
        known = {(one.account, one.dataset, one.what): one for one in faults if one.dataset not in SAID_BY_THE_FEED}
        for key in known.keys() - self._faults:
            log.warning("%s: %s → %s", known[key].what, known[key].why, known[key].remedy)
        for _, dataset, what in self._faults - known.keys():
            log.info("over: %s (%s)", what, dataset or "the program")
        self._faults = frozenset(known)

    def _say_counters(self, snapshot: Snapshot) -> None:
        labels = dict(snapshot.labels)
        for one in compare_in(snapshot) if snapshot.counters else ():
            if one.verdict != self._verdicts.get(one.account):
                self._verdicts[one.account] = one.verdict
                log.info("%s: the two counts: %s: %s", labels.get(one.account, one.account), one.verdict, one.why)


async def _do(todo: Sequence[Duty], snapshot: Snapshot) -> None:
    for duty in todo:
        try:
            await duty(snapshot)
        except AigwError as error:
            log.warning("%s", error)
