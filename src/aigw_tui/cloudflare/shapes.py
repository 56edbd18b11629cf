"""The types that an answer is decoded with, made for a selection once and then used for each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any

import msgspec

from aigw_tui.cloudflare.selection import Selection

HIGHEST = 2**63 - 1
Count = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e15)]

Number = int | float | None
Getter = Callable[[Any], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How to read one group of a selection; plans instead of names, because an answer may have 10,000 groups."""

    one: msgspec.json.Decoder[Any]
    many: msgspec.json.Decoder[list[Any]]
    parts: tuple[tuple[str, Any], ...]
    """`sum` and its like, with the empty part that stands for null."""
    names: Getter
    """Of a group's dimensions: the bucket, where it was asked for, then the asked keys."""
    has_bucket: bool
    has_dimensions: bool
    key_places: tuple[int | None, ...]
    """Where each of the dataset's keys stands among these names; None: not asked."""
    numbers: Getter
    """Of a group: all wire fields of its measures."""
    measure_places: tuple[tuple[int, ...], ...]
    """Where the parts of each of the dataset's measures stand among these numbers; none: not asked."""
    is_plain: bool
    """The numbers are the measures, one to one."""
    needed: tuple[int, ...]
    """The measures that no row may lack."""


@lru_cache(maxsize=64)
def shape_of(selection: Selection) -> Shape:
    dataset, asked = selection.dataset, dict(selection.measures)
    kinds = {name: Count if measure.is_integer else Amount for measure, names in asked.items() for name in names}
    leaves: dict[str, list[tuple[str, Any, Any]]] = {}
    aliases = {key.dimension: key.alias for key in selection.keys}
    for name in selection.fields:
        part, _, leaf = name.rpartition(".")
        # Keys are read as anything: names may be numbers, and a union would turn the name "007" into 7.
        own = aliases.get(leaf, leaf) if part == "dimensions" else leaf
        leaves.setdefault(part, []).append((own, kinds[name] | None if name in kinds else Any, None))
    bare, asked_dimensions = leaves.pop("", []), leaves.pop("dimensions", [])
    dimensions = msgspec.defstruct("dimensions", asked_dimensions)
    parts = {part: msgspec.defstruct(part, fields) for part, fields in leaves.items()}
    group = msgspec.defstruct(
        "Group",
        [
            *bare,
            *([("dimensions", dimensions, msgspec.NODEFAULT)] if asked_dimensions else []),
            *([("confidence", Any, None)] if selection.has_confidence else []),
            *((name, kind | None, None) for name, kind in parts.items()),
        ],
        kw_only=True,
    )
    keys, fields = [key.name for key in selection.keys], list(kinds)
    bucket = [dataset.bucket_dimension] if dataset.bucket_dimension else []
    places = tuple(tuple(fields.index(name) for name in asked.get(measure, ())) for measure in dataset.measures)
    return Shape(
        one=msgspec.json.Decoder(group, strict=False),
        many=msgspec.json.Decoder(list[group], strict=False),  # type: ignore[valid-type]
        parts=tuple((name, kind()) for name, kind in parts.items()),
        names=_getter([*bucket, *(key.alias for key in selection.keys)]),
        has_bucket=bool(bucket),
        has_dimensions=bool(asked_dimensions),
        key_places=tuple(len(bucket) + keys.index(name) if name in keys else None for name in dataset.key_names),
        numbers=_getter(fields),
        measure_places=places,
        is_plain=places == tuple((n,) for n in range(len(fields))),
        needed=tuple(dataset.measure_names.index(name) for name in dataset.checked),
    )


def _getter(names: Sequence[str]) -> Getter:
    """`attrgetter`, but a tuple also for one name, or none."""
    if not names:
        return lambda _: ()
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda holder: (get(holder),)
