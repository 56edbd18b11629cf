"""A built-in account: its events of any window, made a day at a time when first asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from aigw_tui.demo.catalogue import ACCOUNT_ID, ACCOUNT_NAME
from aigw_tui.demo.day import events_of
from aigw_tui.demo.event import Event

DAYS_KEPT = 12
"""A day is about 0.5 MB; a week's question stays within these, with the parts that it may be split into."""


class Account:
    """`story` is the day of the outage and the runaway key; `share` is the traffic in proportion to the catalogue's.

    Not safe for threads; the box locks.
    """

    def __init__(
        self, seed: int | str, story: date, *, tag: str = ACCOUNT_ID, name: str = ACCOUNT_NAME, share: float = 1.0
    ) -> None:
        self.story = story
        self.tag = tag
        self.name = name
        self.made: list[dict[str, object]] = []
        """Gateways that were made over REST, as REST shows them."""
        self._day = lru_cache(maxsize=DAYS_KEPT)(lambda day: events_of(seed, day, is_story=day == story, share=share))

    def events(self, since: float, until: float) -> Iterator[Event]:
        """All that happen in `[since, until)`, epoch seconds, oldest first, whether anybody can see them yet or not."""
        if until <= since:
            return
        day, last = _date(since), _date(until)
        while day <= last:
            events = self._day(day)
            start = 0 if events and since <= events[0].at else bisect_left(events, since, key=_at)
            end = len(events) if events and until > events[-1].at else bisect_left(events, until, key=_at)
            yield from events[start:end]
            day += timedelta(days=1)


def _date(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def _at(event: Event) -> int:
    return event.at
