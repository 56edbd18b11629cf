"""How the rows of a table are put in order: what a letter behind `o`, or a click on a head, sorts by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from aigw_tui.tui.columns import Column

T = TypeVar("T")
ARROWS = {False: "▼", True: "▲"}
"""Whether the smallest stands first → the mark at the head."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """Something that rows can be sorted by."""

    letter: str
    name: str
    """Of the column that it is read from."""
    value: Callable[[Any], float | str | None]
    """Of a row; None is unknown."""


@dataclass(frozen=True, slots=True)
class Sort:
    """What a table is sorted by now: figures with the largest first, names with the first of the alphabet."""

    name: str
    is_reversed: bool = False

    def again(self, name: str) -> Sort:
        """Chosen once more, it is reversed; another one starts in its own direction."""
        return replace(self, is_reversed=not self.is_reversed) if name == self.name else Sort(name)


def ordered(rows: Iterable[T], sort: Sort | None, sortings: Sequence[Sorting]) -> tuple[T, ...]:
    """The rows in the order of `sort`; equal ones stay as they stood, unknown ones come last either way."""
    found = tuple(rows)
    by = next((one for one in sortings if sort and one.name == sort.name), None)
    if by is None or sort is None:
        return found
    known = [(value, row) for row in found if (value := by.value(row)) is not None]
    unknown = [row for row in found if by.value(row) is None]
    is_rising = sort.is_reversed is not _is_name(known)
    known.sort(key=lambda one: one[0], reverse=not is_rising)
    return (*(row for _, row in known), *unknown)


def headed(columns: Iterable[Column], sort: Sort | None, sortings: Sequence[Sorting]) -> tuple[Column, ...]:
    """The columns with heads that can be clicked, and an arrow at the one that the rows are sorted by.

    A column belongs to the sorting of its own `sort`, or of its head.
    """
    names = {one.name for one in sortings}
    found = []
    for one in columns:
        name = one.sort or one.head.strip()
        arrow = ARROWS[sort.is_reversed] if sort and sort.name == name else ""
        found.append(replace(one, head=arrow + one.head, act=f"sort {name}") if name in names else one)
    return tuple(found)


def name_head(text: str, name: str, sort: Sort | None) -> str:
    """The head of a column of names, with its arrow."""
    return f"{text} {ARROWS[not sort.is_reversed]}" if sort and sort.name == name else text


def _is_name(known: Sequence[tuple[float | str, object]]) -> bool:
    return bool(known) and isinstance(known[0][0], str)
