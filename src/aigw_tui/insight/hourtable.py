"""Tokens of some hours by name, read all at once or a little at a time."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.firstuse import MEASURES
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.joined import plus
from aigw_tui.insight.parts import rows_by_name
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, HOUR, Window

UNKNOWN = -1


class Table:
    """As far as it was read. Eight bytes an hour and name: a month by the hour is a million."""

    def __init__(self, hours: Sequence[datetime], pairs: Pairs) -> None:
        """`hours`: oldest first, all of them known."""
        self._hours, self._pairs = tuple(hours), pairs
        self._places = {hour: place for place, hour in enumerate(hours)}
        self._tokens: dict[str, array[int]] = {}
        self._done = 0

    def is_like(self, other: Table) -> bool:
        """Of the same hours, with the same filter."""
        return (self._hours, self._pairs) == (other._hours, other._pairs)

    def read(self, rule: Rule, ground: Ground, most: int | None = None) -> bool:
        """So many hours more; up to a day of them at once where they follow upon each other. Whether that was all."""
        until = len(self._hours) if most is None else min(self._done + most, len(self._hours))
        is_done = self._done == len(self._hours)
        while self._done < until:
            first = last = self._hours[self._done]
            while self._done < until and self._hours[self._done] - last <= HOUR and last - first < DAY:
                last = self._hours[self._done]
                self._done += 1
            window = Window(first, last + HOUR)
            for name, own in rows_by_name(rule, ground, "requests", window, "hour", MEASURES, self._pairs).items():
                row = self._tokens.setdefault(name, array("q", bytes(8 * len(self._hours))))
                for hour, counts in own.items():
                    tokens = plus(*counts)
                    row[self._places[hour]] = UNKNOWN if tokens is None else tokens
        return is_done

    def first(self, name: str) -> datetime | None:
        """The first hour in which it used any."""
        row = self._tokens.get(name, ())
        return next((hour for hour, tokens in zip(self._hours, row, strict=False) if tokens > 0), None)

    def tokens(self, name: str, hours: Sequence[datetime], first: datetime | None) -> list[float | None]:
        """Of these hours, None where they are unknown, or before the `first`."""
        row, places = self._tokens.get(name), self._places
        if first is None:
            return [None] * len(hours)
        found: list[float | None] = []
        for hour in hours:
            place = places.get(hour) if hour >= first else None
            tokens = UNKNOWN if place is None else row[place] if row else 0
            found.append(None if tokens == UNKNOWN else tokens)
        return found
