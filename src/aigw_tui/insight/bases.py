"""What a window can be set against: itself, so much earlier, or the median of several such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aigw_tui.model import DAY, Period, Window

WEEK = DAY * 7
SEVERAL = range(1, 8)
"""Periods back that a median is of."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Earlier windows of the same length."""

    id: str
    """`before`, `week` or `usual`: stays chosen when the window changes."""
    words: str
    """`yesterday`"""
    brief: str
    """The same at the head of a column."""
    shifts: tuple[timedelta, ...]
    """How much earlier each is: whole days, so that hours of the day line up."""


def bases(period: Period, window: Window) -> tuple[Basis, ...]:
    """What there is to choose from.

    Up to a day: the day before, the week before, and the median of seven days. A week: the week before, and the median
    of seven weeks. What is longer: as many days before. All of history: nothing.
    """
    if not (period.days or period.hours or period.fixed):
        return ()
    unit = DAY * max(-(-window.length // DAY), 1)
    if unit == DAY:
        before, week = ("yesterday", "last week") if period.days == 1 else ("a day before", "a week before")
        return (
            Basis("before", before, "vs yest" if period.days == 1 else "vs day", (DAY,)),
            Basis("week", week, "vs week", (WEEK,)),
            Basis("usual", "the median of 7 days", "vs usual", tuple(DAY * n for n in SEVERAL)),
        )
    found = Basis("before", f"the {unit.days} days before", "vs before", (unit,))
    if unit != WEEK:
        return (found,)
    return found, Basis("usual", "the median of 7 weeks", "vs usual", tuple(WEEK * n for n in SEVERAL))


def chosen(period: Period, window: Window, basis: str) -> Basis | None:
    """The basis of that id, the first one where this window has no such; None where the id is empty."""
    found = bases(period, window) if basis else ()
    return next((one for one in found if one.id == basis), next(iter(found), None))


def following(period: Period, window: Window, basis: str) -> str:
    """The id of the next basis; empty after the last: none."""
    current = chosen(period, window, basis)
    ids = [one.id for one in bases(period, window)]
    place = ids.index(current.id) + 1 if current else 0
    return ids[place] if place < len(ids) else ""
