"""Views of history that outlive its disk: a panel that reads in the middle of a painting cannot deal with a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from aigw_tui.model import Interval, Query, Trust, View, Views, Window

Read = TypeVar("Read")


class Reads(Protocol):
    """Makes a read, and makes it again once history has gone on in memory."""

    def __call__(self, read: Callable[[], Read]) -> Read: ...


class SteadyViews:
    """`Views` of which every read passes through `reads`."""

    def __init__(self, views: Views, reads: Reads) -> None:
        self._views, self._reads = views, reads

    def view(self, query: Query) -> View:
        return self._reads(lambda: self._views.view(query))

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        return self._reads(lambda: self._views.known(dataset, window, account))

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        return self._reads(lambda: self._views.sampled(dataset, window, account))

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        return self._reads(lambda: self._views.names(dataset, key))
