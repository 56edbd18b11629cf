"""Foreign JSON decoded straight to the rows that the store takes; what cannot be read is refused row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import msgspec

from aigw_tui.cloudflare.envelope import UNREADABLE
from aigw_tui.cloudflare.selection import Selection
from aigw_tui.datasets import Adds, Dataset
from aigw_tui.errors import BadDataError, ForbiddenError
from aigw_tui.format import clean
from aigw_tui.model import Window
from aigw_tui.source import Value

HIGHEST = 2**63 - 1
Count = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e15)]

Row = tuple[Value, ...]
"""(bucket in epoch seconds, *keys, *measures)."""


class Decoded(NamedTuple):
    """One alias of the answer."""

    rows: tuple[Row, ...]
    came: int
    """How many rows there were, read or not."""
    refused: int


def aliases(payload: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The account's part of `data`, by alias. Raises BadDataError, and ForbiddenError when there is no account."""
    try:
        accounts = msgspec.json.decode(payload, type=_Data).viewer.accounts
    except UNREADABLE:
        raise BadDataError("JSON of another shape than Cloudflare's") from None
    if not accounts:
        raise ForbiddenError(
            "the account does not exist, or this token does not reach it",
            "check CLOUDFLARE_ACCOUNT_ID and the accounts that the token includes",
        )
    return accounts[0]


def decode(raw: msgspec.Raw, selection: Selection, window: Window) -> Decoded:
    """The rows of one alias inside `window`. Raises BadDataError when it is no list."""
    shape = _shape(selection)
    try:
        groups: list[Any] = shape.all.decode(raw)
        count = len(groups)
    except UNREADABLE:
        groups, count = _one_by_one(raw, shape)
    reader = _Reader(selection, window)
    for group in groups:
        reader.take(group)
    return Decoded(tuple(reader.mended()), count, count - len(groups) + reader.refused)


class _Viewer(msgspec.Struct):
    accounts: list[dict[str, msgspec.Raw]]


class _Data(msgspec.Struct):
    viewer: _Viewer


@dataclass(frozen=True, slots=True)
class _Shape:
    one: msgspec.json.Decoder[Any]
    all: msgspec.json.Decoder[list[Any]]


@lru_cache(maxsize=64)
def _shape(selection: Selection) -> _Shape:
    """A struct made for the selection: `count`, and one part for each of `dimensions`, `sum` and `quantiles`."""
    kinds = {name: Count if measure.is_integer else Amount for measure, names in selection.measures for name in names}
    parts: dict[str, list[tuple[str, Any, Any]]] = {}
    for name in selection.fields:
        part, _, leaf = name.rpartition(".")
        # Keys are read as anything: names may be numbers, and a union would turn the name "007" into 7.
        parts.setdefault(part, []).append((leaf, kinds[name] | None if name in kinds else Any, None))
    fields = parts.pop("", [])
    fields.append(("dimensions", msgspec.defstruct("dimensions", parts.pop("dimensions")), msgspec.NODEFAULT))
    fields += [(part, msgspec.defstruct(part, leaves) | None, None) for part, leaves in parts.items()]
    group = msgspec.defstruct("Group", fields, kw_only=True)
    return _Shape(
        msgspec.json.Decoder(group, strict=False),
        msgspec.json.Decoder(list[group], strict=False),  # type: ignore[valid-type]
    )


def _one_by_one(raw: msgspec.Raw, shape: _Shape) -> tuple[list[Any], int]:
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


@dataclass(slots=True)
class _Reader:
    """Collects groups by bucket and keys; groups that are the same after cleaning are added up."""

    selection: Selection
    window: Window
    refused: int = 0
    _groups: dict[tuple[Value, ...], tuple[int | float | None, ...]] = field(default_factory=dict)

    def take(self, group: Any) -> None:
        try:
            key, values = self._key(group.dimensions), tuple(self._values(group))
        except ValueError:
            self.refused += 1
            return
        if key in self._groups:
            values = tuple(_merged(self.selection.dataset, self._groups[key], values))
        self._groups[key] = values

    def mended(self) -> Iterator[Row]:
        dataset = self.selection.dataset
        if dataset.mend is None:
            yield from (key + values for key, values in self._groups.items())
            return
        names = (*dataset.key_names, *dataset.measure_names)
        for (bucket, *keys), values in self._groups.items():
            found = dataset.mend(dict(zip(names, (*keys, *values), strict=True)))
            if found is not None:
                yield (bucket, *(found[name] for name in names))

    def _key(self, dimensions: Any) -> tuple[Value, ...]:
        dataset = self.selection.dataset
        bucket = _epoch(getattr(dimensions, dataset.bucket_dimension), dataset.bucket)
        first = self.window.since.timestamp() - dataset.bucket.total_seconds()
        if not first < bucket < self.window.until.timestamp():
            raise ValueError("outside the window")
        return bucket, *(_name(getattr(dimensions, key.dimension, None)) for key in dataset.keys)

    def _values(self, group: Any) -> Iterator[int | float | None]:
        asked = dict(self.selection.measures)
        for measure in self.selection.dataset.measures:
            parts = [_field(group, name) for name in asked.get(measure, ())]
            value = None if not parts or None in parts else sum(part for part in parts if part is not None)
            if value is not None and value > HIGHEST:
                raise ValueError("more than a column holds")
            if value is None and measure.name in self.selection.dataset.checked:
                raise ValueError("without a number that every row has")
            yield value


def _merged(
    dataset: Dataset, one: Sequence[int | float | None], other: Sequence[int | float | None]
) -> Iterator[int | float | None]:
    for measure, a, b in zip(dataset.measures, one, other, strict=True):
        adds = measure.adds is Adds.BY_SUM and a is not None and b is not None
        yield min(a + b, HIGHEST) if adds and a is not None and b is not None else None


def _field(group: Any, name: str) -> int | float | None:
    part, _, leaf = name.rpartition(".")
    holder = getattr(group, part) if part else group
    value: int | float | None = None if holder is None else getattr(holder, leaf)
    return value


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


@lru_cache(maxsize=4096)
def _moment(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())


def _epoch(text: object, bucket: timedelta) -> int:
    """The bucket's start in epoch seconds. Raises ValueError for anything but an RFC 3339 moment at such a start."""
    if not isinstance(text, str):
        raise ValueError("no time")  # noqa: TRY004 - what is wrong is the data
    try:
        seconds = _moment(text)
    except OverflowError:
        raise ValueError("no time that a clock shows") from None
    if seconds % bucket.total_seconds():
        raise ValueError("not the start of a bucket")
    return seconds
