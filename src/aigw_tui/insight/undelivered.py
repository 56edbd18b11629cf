"""What is said of messages that have not arrived: a sentence for what waits, what was given up, and what made room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from aigw_tui.format import clean, clock
from aigw_tui.model import Undelivered

LONGEST_NAME = 40
TOO_MANY = "more than 1,000 waited"
LEAST_WHY = 12
"""Characters below which the first words of a cause say nothing."""


class Sentence(NamedTuple):
    """Clean text in parts, so that it can be said in little room."""

    kind: Literal["waits", "lost", "dropped"]
    what: str
    """`2 messages wait for team`"""
    brief: str
    """`2 wait for team`"""
    least: str
    """`2 messages wait`"""
    why: str
    """Empty: it is not known."""
    when: str
    """`next try 14:20`; empty: it is not known."""

    @property
    def whole(self) -> str:
        """`2 messages wait for team: 127.0.0.1 answers 500 (Internal Server Error), next try 14:20`"""
        return f"{self.what}{f': {self.why}' if self.why else ''}{f', {self.when}' if self.when else ''}"

    def versions(self, room: int) -> Iterator[str]:
        """The fullest first. A cause that is too long for `room` characters ends after a word, and then is left out."""
        yield self.whole
        yield self._replace(why=self.why.partition(" (")[0]).whole
        left = room - len(self._replace(why="…").whole)
        words = self.why[: max(left + 1, 0)].rpartition(" ")[0]
        if len(words) >= LEAST_WHY:
            yield self._replace(why=f"{words}…").whole
        yield self._replace(why="").whole
        yield self._replace(what=self.brief, why="").whole
        yield from (self.what, self.brief, self.least)


def sentences(found: Iterable[Undelivered], now: datetime) -> tuple[Sentence, ...]:
    """Target by target; what waits first."""
    said = (sentence for one in found for sentence in _of_target(one, now))
    order = ("waits", "lost", "dropped")
    return tuple(sorted(said, key=lambda sentence: order.index(sentence.kind)))


def _of_target(one: Undelivered, now: datetime) -> Iterator[Sentence]:
    name = clean(one.target, LONGEST_NAME)
    if count := one.waiting:
        what = f"{_messages(count)} {'waits' if count == 1 else 'wait'}"
        brief = f"{count:,} {'waits' if count == 1 else 'wait'} for {name}"
        then = f"next try {_when(one.next_at, now)}" if one.next_at else ""
        yield Sentence("waits", f"{what} for {name}", brief, what, clean(one.why) or "not tried yet", then)
    if count := one.lost:
        hours = f" after {one.lost_after_h} h" if one.lost_after_h else ""
        what = f"gave up on {_messages(count)} for {name}{hours}"
        brief, why = f"gave up on {count:,} for {name}", clean(one.lost_why)
        yield Sentence("lost", what, brief, f"{_messages(count)} given up", why, _at(one.lost_at, now))
    if count := one.dropped:
        what = f"dropped the {f'{count:,} oldest' if count > 1 else 'oldest'} for {name}"
        brief = f"{count:,} dropped for {name}"
        yield Sentence("dropped", what, brief, f"{_messages(count)} dropped", TOO_MANY, _at(one.dropped_at, now))


def _messages(count: int) -> str:
    return f"{count:,} {'message' if count == 1 else 'messages'}"


def _at(moment: datetime | None, now: datetime) -> str:
    return f"at {_when(moment, now)}" if moment else ""


def _when(moment: datetime, now: datetime) -> str:
    day = "" if moment.date() == now.date() else f"{moment.day} {moment:%b} "
    return f"{day}{clock(moment)}"
