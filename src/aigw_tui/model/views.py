"""Asking history: a query, the rows that answer it, and how far each can be trusted."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from aigw_tui.model.live import Interval
from aigw_tui.model.time import Window


class Trust(enum.IntEnum):
    """How far a row can be trusted; a total takes the worst of its parts, which is the largest."""

    SETTLED = 0
    FILLING = 1
    STALE = 2


@dataclass(frozen=True, slots=True)
class Query:
    """What a view should hold."""

    dataset: str
    window: Window
    by: tuple[str, ...] = ()
    """Any of minute, hour, day, hour_of_day (where the dataset's bucket allows it), account and the dataset's keys."""
    measures: tuple[str, ...] = ()
    """Names of the dataset's measures; those that do not add up are known only where a row is one stored row."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Keys and their allowed values; a key that the dataset lacks raises KeyError."""
    order: tuple[str, ...] = ()
    """Names from `by` or `measures`, `-` in front for descending; default: as `by`, ascending."""
    limit: int | None = None
    offset: int = 0


class Row(NamedTuple):
    """One group of a view."""

    key: tuple[Any, ...]
    """A datetime for minute, hour and day, text for the others, in the order of `Query.by`."""
    values: tuple[Any, ...]
    """int, float or None (unknown), in the order of `Query.measures`."""
    unknown: int
    """How many of the stored rows behind this one lack at least one of the measures asked for."""
    trust: Trust


@dataclass(frozen=True, slots=True)
class View:
    """Rows of a dataset at one revision of history."""

    query: Query
    rows: tuple[Row, ...]
    total: Row
    """All groups together, also those that `limit` leaves out; its key is empty."""
    count: int
    """How many groups there are before limit and offset."""


class Views(Protocol):
    """What panels, tables and exports may ask of history."""

    def view(self, query: Query) -> View:
        """Raises KeyError for a dataset, key or measure that does not exist."""

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        """The hours that have been read at least once, with their trust; an hour that is absent is unknown, not 0."""

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        """The hours whose answers were sampled, with the interval of their total count (of several accounts: of those
        that were sampled, added up, which is wider than it need be); empty where everything was counted."""

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        """All values of a key that history holds, in order."""
