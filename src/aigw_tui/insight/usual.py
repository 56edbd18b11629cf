"""What each name used in the same hour of the days before: read once an hour, the next one's a little at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.parts import rows_by_name, text_of
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, HOUR, Window

AHEAD = 2
"""Days that are read ahead at a time: within the minutes of an hour that makes all of them."""
FEW = 20
"""Names up to which they are asked for by name."""
ABSENT = -1
MEASURES = ("tokens_in", "tokens_out")
Days = tuple[datetime, ...]
"""The same hour of the days before, as far as it is known, the newest first."""
Usual = Callable[[str, datetime], Mapping[datetime, float]]
"""(name, hour) → day → tokens in that hour, from the first day on that the name was called on."""


def usual(
    rule: Rule, ground: Ground, pairs: Pairs, asked: Window, loud: Collection[str], days: Callable[[datetime], Days]
) -> Usual:
    """`asked`: all hours that may be asked about; `loud`: all names that may be."""
    where = {key: values for key, values in pairs if key != rule.each}  # by name is slower than all names
    if len(asked.hours) == 1:
        return _now(rule, ground, tuple(where.items()), days)
    if len(loud) <= FEW:
        where[rule.each] = tuple(map(text_of, sorted(loud)))
    oldest = min((own[-1] for hour in asked.hours if (own := days(hour))), default=asked.until)
    table = Table(Window(oldest, asked.until).hours, tuple(where.items()))
    table.read(rule, ground)
    return lambda name, hour: table.since_first(name, days(hour))


def _now(rule: Rule, ground: Ground, pairs: Pairs, days: Callable[[datetime], Days]) -> Usual:
    """What was read is kept until the hour is over, since it is settled."""

    @cache
    def table(hour: datetime) -> Table:
        place = ("usual", ground.account, rule.name)
        kept: dict[datetime, Table] = ground.memo.get(place, {})
        tables = {}
        for start, most in ((hour, None), (hour + HOUR, AHEAD)):
            own, new = kept.get(start), Table(days(start)[::-1], pairs)
            tables[start] = own if own is not None and own.is_like(new) else new
            tables[start].read(rule, ground, most)
        ground.memo[place] = tables
        return tables[hour]

    return lambda name, hour: table(hour).since_first(name, days(hour))


class Table:
    """Tokens of some hours by name, as far as they were read. Eight bytes each: a month by the hour is a million."""

    def __init__(self, hours: tuple[datetime, ...], pairs: Pairs) -> None:
        """`hours`: oldest first."""
        self._hours, self._pairs = hours, pairs
        self._places = {hour: place for place, hour in enumerate(hours)}
        self._tokens: dict[str, array[int]] = {}
        self._done = 0

    def is_like(self, other: Table) -> bool:
        """Of the same hours, with the same filter."""
        return (self._hours, self._pairs) == (other._hours, other._pairs)

    def read(self, rule: Rule, ground: Ground, most: int | None = None) -> None:
        """So many hours more; up to a day of them at once where they follow upon each other."""
        until = len(self._hours) if most is None else min(self._done + most, len(self._hours))
        while self._done < until:
            first = last = self._hours[self._done]
            while self._done < until and self._hours[self._done] - last <= HOUR and last - first < DAY:
                last = self._hours[self._done]
                self._done += 1
            window = Window(first, last + HOUR)
            for name, own in rows_by_name(rule, ground, "requests", window, "hour", MEASURES, self._pairs).items():
                row = self._tokens.setdefault(name, array("q", [ABSENT]) * len(self._hours))
                for hour, counts in own.items():
                    row[self._places[hour]] = sum(count or 0 for count in counts)

    def since_first(self, name: str, days: Days) -> Mapping[datetime, float]:
        """Day → tokens, from the first of these days on that it was called on."""
        row = self._tokens.get(name)
        if row is None:
            return {}
        used = {day: row[self._places[day]] for day in days}
        first = min((day for day, tokens in used.items() if tokens != ABSENT), default=None)
        return {day: float(max(tokens, 0)) for day, tokens in used.items() if first is not None and day >= first}
