"""The facts that each dataset holds: calls that can be seen by now, or readings of the log stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from aigw_tui.demo.account import Account
from aigw_tui.demo.columns import Fact
from aigw_tui.demo.limits import Limits
from aigw_tui.demo.stores import stores


class Stretch(NamedTuple):
    """What is read of an account: `[since, until)` as it is known at `now`, epoch seconds."""

    account: Account
    limits: Limits
    since: float
    until: float
    now: float


Facts = Callable[[Stretch], Iterator[Fact]]
"""Oldest first."""


class Stored(NamedTuple):
    """A gateway's stored log rows at a moment."""

    at: int
    gateway: str
    rows: int


def routed(stretch: Stretch) -> Iterator[Fact]:
    account, _, since, until, now = stretch
    return (event for event in account.events(since, min(until, now)) if event.gateway and event.shown_at <= now)


def failed(stretch: Stretch) -> Iterator[Fact]:
    return (event for event in routed(stretch) if event.is_error)


def inferred(stretch: Stretch) -> Iterator[Fact]:
    account, _, since, until, now = stretch
    return (event for event in account.events(since, min(until, now)) if event.is_inference and event.counted_at <= now)


def none(stretch: Stretch) -> Iterator[Fact]:  # noqa: ARG001 - a Facts
    """The cache dataset stayed empty through real cache hits."""
    return iter(())


def stored(stretch: Stretch) -> Iterator[Fact]:
    """A reading every five minutes."""
    known = tuple(stores(stretch.account, stretch.limits))
    for at in range(int(-(-stretch.since // 300) * 300), int(min(stretch.until, stretch.now - 300)), 300):
        for store in known:
            yield Stored(at, store.gateway, store.rows(at))
