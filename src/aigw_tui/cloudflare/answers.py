"""Foreign JSON decoded straight to the rows that the store takes; what cannot be read is refused row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from aigw_tui.cloudflare.envelope import UNREADABLE
from aigw_tui.cloudflare.refusals import ACCOUNT_REMEDY
from aigw_tui.cloudflare.selection import Selection
from aigw_tui.cloudflare.shapes import HIGHEST, Amount, Number, Shape, shape_of
from aigw_tui.datasets import Adds, Dataset
from aigw_tui.errors import BadDataError, ForbiddenError
from aigw_tui.format import clean, from_iso
from aigw_tui.model import Interval, Window
from aigw_tui.source import Value

GRAINS = {"datetimeMinute": 60, "datetimeHour": 3600, "date": 86_400}
"""Seconds that a time dimension's values are multiples of."""

WIDEST = 100
"""Upper ends of intervals in counts: a single event of a sample stands for up to so many."""

Row = tuple[Value, ...]
"""(bucket in epoch seconds, *keys, *measures)."""


class Decoded(NamedTuple):
    """One alias of the answer, or several that were joined."""

    rows: tuple[Row, ...]
    came: int
    """How many rows there were, read or not."""
    refused: int
    intervals: dict[int, Interval] = {}  # noqa: RUF012 - a value, never changed
    """Bucket (epoch seconds; 0 where there is none) → where its count lies, for what was sampled."""


def aliases(payload: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The account's part of `data`, by alias. Raises BadDataError, and ForbiddenError when there is no account."""
    try:
        accounts = msgspec.json.decode(payload, type=_Data).viewer.accounts
    except UNREADABLE:
        raise BadDataError("JSON of another shape than Cloudflare's") from None
    if not accounts:
        raise ForbiddenError(
            "the account does not exist, or this token does not reach it",
            ACCOUNT_REMEDY,
        )
    return accounts[0]


def decode(raws: Sequence[msgspec.Raw], selection: Selection, window: Window) -> Decoded:
    """The rows inside `window` of the selection's parts, joined by bucket and keys. Raises BadDataError for no list.

    A row that only some parts have lacks the measures of the others; without the first part's it is none.
    """
    readers, came, refused = [], 0, 0
    for raw, part in zip(raws, selection.parts, strict=True):
        shape = shape_of(part)
        try:
            groups: list[Any] = shape.many.decode(raw)
            count = len(groups)
        except UNREADABLE:
            groups, count = _one_by_one(raw, shape)
        reader = Reader(part.dataset, shape, window)
        for group in groups:
            reader.take(group)
        readers.append(reader)
        came, refused = max(came, count), refused + count - len(groups) + reader.refused
    return Decoded(tuple(_mended(selection.dataset, _joined(selection, readers))), came, refused, readers[0].intervals)


def _joined(selection: Selection, readers: Sequence[Reader]) -> Mapping[tuple[Value, ...], tuple[Number, ...]]:
    if len(readers) == 1:
        return readers[0].groups
    names = [name for reader in readers for name in reader.dataset.measure_names]
    places = [names.index(name) if name in names else None for name in selection.dataset.measure_names]
    found = {}
    for key in readers[0].groups:
        parts = [reader.groups.get(key, (None,) * len(reader.dataset.measures)) for reader in readers]
        values = [value for part in parts for value in part]
        found[key] = tuple(None if place is None else values[place] for place in places)
    return found


def _mended(dataset: Dataset, groups: Mapping[tuple[Value, ...], tuple[Number, ...]]) -> Iterator[Row]:
    mend = dataset.mend
    if mend is None:
        yield from (key + values for key, values in groups.items())
        return
    names = (*dataset.key_names, *dataset.measure_names)
    for key, values in groups.items():
        found = mend(dict(zip(names, key[1:] + values, strict=True)))
        if found is not None:
            yield (key[0], *map(found.__getitem__, names))


class _Viewer(msgspec.Struct):
    accounts: list[dict[str, msgspec.Raw]]


class _Data(msgspec.Struct):
    viewer: _Viewer


def _one_by_one(raw: msgspec.Raw, shape: Shape) -> tuple[list[Any], int]:
    """The groups that can be read, and how many there are."""
    try:
        pieces = msgspec.json.decode(raw, type=list[msgspec.Raw])
    except UNREADABLE:
        raise BadDataError("no list of rows where one was asked for") from None
    groups = []
    for piece in pieces:
        try:
            groups.append(shape.one.decode(piece))
        except UNREADABLE:
            continue
    return groups, len(pieces)


class Reader:
    """Collects groups by bucket and keys; groups that are the same after cleaning are added up."""

    def __init__(self, dataset: Dataset, shape: Shape, window: Window) -> None:
        self.dataset = dataset
        self.refused = 0
        self.groups: dict[tuple[Value, ...], tuple[Number, ...]] = {}
        self.intervals: dict[int, Interval] = {}
        self._shape = shape
        self._step = int(dataset.bucket.total_seconds())
        self._grain = GRAINS.get(dataset.bucket_dimension, self._step)
        self._first = window.since.timestamp() - self._step
        self._end = window.until.timestamp()

    def take(self, group: Any) -> None:
        try:
            key, values = self._key(group), self._values(group)
        except ValueError:
            self.refused += 1
            return
        if key in self.groups:
            values = tuple(_merged(self.dataset, self.groups[key], values))
        self.groups[key] = values
        interval = _interval(getattr(group, "confidence", None))
        if interval and _holds(interval, getattr(group, "count", None)):
            bucket = int(key[0] or 0)
            before = self.intervals.get(bucket, Interval(0, 0))
            self.intervals[bucket] = Interval(before.lower + interval.lower, before.upper + interval.upper)

    def _key(self, group: Any) -> tuple[Value, ...]:
        names = self._shape.names(group.dimensions) if self._shape.has_dimensions else ()
        bucket = self._bucket(names[0]) if self._shape.has_bucket else 0
        return bucket, *("" if place is None else _name(names[place]) for place in self._shape.key_places)

    def _bucket(self, text: object) -> int:
        """The start of the bucket; finer times than the bucket's are cut."""
        moment = _epoch(text)
        if moment % self._grain or not self._first < moment < self._end:
            raise ValueError("not the start of a bucket of the window")
        return moment - moment % self._step

    def _values(self, group: Any) -> tuple[Number, ...]:
        shape = self._shape
        for part, empty in shape.parts:
            if getattr(group, part) is None:
                setattr(group, part, empty)
        values = shape.numbers(group)
        if not shape.is_plain:
            values = tuple([_added(values, places) for places in shape.measure_places])
        for place in shape.needed:
            if values[place] is None:
                raise ValueError("without a number that every row has")
        return values


def _added(numbers: tuple[Number, ...], places: tuple[int, ...]) -> Number:
    """The sum of some of the numbers; unknown when one of them is. Raises ValueError for more than a column holds."""
    if len(places) == 1:
        return numbers[places[0]]
    known = [number for place in places if (number := numbers[place]) is not None]
    if not places or len(known) < len(places):
        return None
    if (value := sum(known)) > HIGHEST:
        raise ValueError("more than a column holds")
    return value


class _Ends(msgspec.Struct):
    lower: Amount
    upper: Amount


class _Confidence(msgspec.Struct):
    count: _Ends


def _interval(said: object) -> Interval | None:
    """Where a sampled count lies; None where everything was counted, or nothing sensible is said."""
    try:
        ends = msgspec.convert(said, _Confidence, strict=False).count
    except UNREADABLE:
        return None
    return Interval(ends.lower, ends.upper) if ends.lower < ends.upper else None


def _holds(interval: Interval, count: int | None) -> bool:
    """An interval that does not hold its own count, or is many times as wide, says nothing."""
    if count is None:
        return True
    return interval.lower <= count <= interval.upper and interval.upper <= WIDEST * (count + 1)


def _merged(dataset: Dataset, one: Sequence[Number], other: Sequence[Number]) -> Iterator[Number]:
    for measure, a, b in zip(dataset.measures, one, other, strict=True):
        yield None if a is None or b is None or measure.adds is Adds.NOT else min(a + b, HIGHEST)


@lru_cache(maxsize=4096)
def _clean_name(name: str) -> str:
    return clean(name)


def _name(value: object) -> str:
    """A key as text: the empty name for null, JSON's spelling for booleans. Raises ValueError for anything nested."""
    if isinstance(value, str):
        return _clean_name(value)
    if value is None:
        return ""
    if isinstance(value, (bool, int, float)):
        return str(value).lower()
    raise ValueError("a name that is not text")


def _epoch(text: object) -> int:
    """An RFC 3339 moment in epoch seconds. Raises ValueError for anything else."""
    if not isinstance(text, str):
        raise ValueError("no time")  # noqa: TRY004 - what is wrong is the data
    return _moment(text)


@lru_cache(maxsize=4096)
def _moment(text: str) -> int:
    return int(from_iso(text).timestamp())
