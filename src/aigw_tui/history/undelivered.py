"""From the rows of the outbox that have not arrived to what is said of each target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from aigw_tui.model import HOUR, Undelivered

DROPPED = "more than 1,000 messages waited"
"""The failure of what made room."""
PATIENCE = timedelta(minutes=1)
"""What waits for its first try may take so long before it is said."""


class Row(NamedTuple):
    """One message for one target."""

    target: str
    is_waiting: bool
    made: datetime
    at: datetime
    """When it is tried again; of one that is over: since when."""
    failure: str


def by_target(rows: Iterable[Row], now: datetime, latest: datetime) -> tuple[Undelivered, ...]:
    """By name; of each target's rows the oldest first. What lies behind `latest` is of a clock that was set back."""
    groups: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.target, row.made)):
        groups.setdefault(row.target, []).append(row)
    found = (_of_target(target, group, now, latest) for target, group in groups.items())
    return tuple(one for one in found if one.waiting or one.lost or one.dropped)


def _of_target(target: str, rows: Sequence[Row], now: datetime, latest: datetime) -> Undelivered:
    waiting = [row for row in rows if row.is_waiting]
    if not any(row.failure for row in waiting) and all(now - row.made < PATIENCE for row in waiting):
        waiting = []  # on its way, as any message is for some seconds
    over = sorted((row for row in rows if not row.is_waiting), key=lambda row: row.at, reverse=True)
    lost = [row for row in over if row.failure != DROPPED]
    dropped = [row for row in over if row.failure == DROPPED]
    next_at = min((row.at for row in waiting), default=None)
    is_told = next_at is not None and now < next_at <= latest
    return Undelivered(
        target,
        len(waiting),
        next((row.failure for row in waiting if row.failure), ""),
        next_at if is_told else None,
        len(lost),
        lost[0].failure if lost else "",
        lost[0].at if lost else None,
        min((round((row.at - row.made) / HOUR) for row in lost), default=0),
        len(dropped),
        dropped[0].at if dropped else None,
    )
