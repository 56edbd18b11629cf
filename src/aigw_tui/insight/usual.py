"""What is usual of each name in an hour: read and worked out once an hour, the next one's a little at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from itertools import islice
from typing import TypeAlias

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.firstuse import FirstUse
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.hourtable import Table
from aigw_tui.insight.parts import text_of
from aigw_tui.insight.rhythm import REACH, Rhythm, Usual
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, HOUR, Window

AHEAD = 6
"""Hours that are read ahead at a time: within the minutes of an hour that makes all of them."""
WORKED_AHEAD = 10
"""Names whose usual is worked out ahead at a time."""
FEW = 20
"""Names up to which they are asked for by name."""
BESIDE = (-1, 0, 1)
"""Of each day before only these hours matter to one hour."""
UsualOf: TypeAlias = Callable[[str, datetime], Usual | None]
"""(name, hour) → what it is measured by; None: too few days of that name are known."""
Usuals: TypeAlias = tuple[Callable[[datetime], int], UsualOf]
"""With it, how many days of history there are before an hour."""


def usual(
    rule: Rule, ground: Ground, pairs: Pairs, asked: Window, loud: Collection[str], known: Collection[datetime]
) -> UsualOf:
    """`asked`: all hours that may be asked about; `loud`: all names that may be; `known`: hours that were read."""
    where = {key: values for key, values in pairs if key != rule.each}  # by name is slower than all names
    if len(asked.hours) == 1:
        return _now(rule, ground, tuple(where.items()), known)
    if len(loud) <= FEW:
        where[rule.each] = tuple(map(text_of, sorted(loud)))
    hours = Window(asked.since - REACH, asked.until).hours
    table = Table([hour for hour in hours if hour in known], tuple(where.items()))
    table.read(rule, ground)

    @cache
    def rhythm(name: str) -> Rhythm:
        return Rhythm(table.tokens(name, hours, table.first(name)))

    return lambda name, hour: rhythm(name).usual((hour - hours[0]) // HOUR)


def _now(rule: Rule, ground: Ground, pairs: Pairs, known: Collection[datetime]) -> UsualOf:
    """What was read is kept until the hour is over, since it is settled."""

    @cache
    def this(hour: datetime) -> Hour:
        place = ("usual", ground.account, rule.name)
        first, kept = ground.memo.get(place, (FirstUse(pairs), {}))
        if first.pairs != pairs:
            first = FirstUse(pairs)
        hours = {}
        for start in (hour, hour + HOUR):
            own, new = kept.get(start), Hour(start, known, pairs)
            hours[start] = own if own is not None and own.table.is_like(new.table) else new
        now, following = hours.values()
        if now is not kept.get(hour) or not first.found:
            first.read(rule, ground, Window(hour - REACH, hour + HOUR), known)
        now.table.read(rule, ground)
        following.prepare(rule, ground, first.found, now.names)
        ground.memo[place] = first, hours
        return now

    def of(name: str, hour: datetime) -> Usual | None:
        own = this(hour)
        return own.of(name, ground.memo["usual", ground.account, rule.name][0].found)

    return of


class Hour:
    """One hour, of every name."""

    def __init__(self, start: datetime, known: Collection[datetime], pairs: Pairs) -> None:
        days = range(REACH // DAY, 0, -1)
        self._hours = tuple(start - DAY * n + HOUR * beside for n in days for beside in BESIDE)
        self.table = Table([hour for hour in self._hours if hour in known], pairs)
        self._found: dict[str, Usual | None] = {}

    @property
    def names(self) -> Collection[str]:
        """Those that were asked about."""
        return self._found.keys()

    def of(self, name: str, first: Mapping[str, datetime]) -> Usual | None:
        """`first`: since when each name is used."""
        if name not in self._found:
            tokens = self.table.tokens(name, self._hours, first.get(name))
            self._found[name] = Rhythm(tokens, len(BESIDE)).usual(len(tokens) + BESIDE.index(0))
        return self._found[name]

    def prepare(self, rule: Rule, ground: Ground, first: Mapping[str, datetime], names: Collection[str]) -> None:
        """A part of what will be asked."""
        if not self.table.read(rule, ground, AHEAD):
            return
        for name in islice((name for name in names if name not in self._found), WORKED_AHEAD):
            self.of(name, first)
