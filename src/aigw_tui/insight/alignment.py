"""A Worker's counter at a moment at which nobody asked it: between two answers, as the gateways' traffic went."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.model import Count, Query, Views, Window, day_of

NEAR = timedelta(minutes=15)
"""Answers that lie this close together: between them a straight line is as good as known."""
CLOSE = timedelta(minutes=5)
"""Or an answer that lies this close to the moment."""
RESET = 0.1
"""A counter that goes back by more than this share of what it had was reset; a little is KV's own delay."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the counter had reached at a moment."""

    at: datetime
    used: float
    inferences: float | None = None
    is_estimate: bool = False
    """Nobody asked near that moment: it lies between two answers as the gateways' requests did (~)."""


def standing(views: Views, account: str, polls: Sequence[Count], moment: datetime) -> Standing | None:
    """`polls`: of the moment's UTC day alone, oldest first; at 00:00 a counter of the day is 0.

    None where the next answers are far apart and no gateway traffic lies between, or none follows.
    """
    place = bisect_left(polls, moment, key=_at)
    if place == len(polls):
        return None
    after = _reached(polls[place])
    if after.at == moment:
        return after
    before = _reached(polls[place - 1]) if place else Standing(day_of(moment), 0.0, 0)
    if before.at == moment:
        return before
    is_near = after.at - before.at <= NEAR or min(moment - before.at, after.at - moment) <= CLOSE
    share = (moment - before.at) / (after.at - before.at) if is_near else _share(views, account, before, after, moment)
    if share is None:
        return None
    calls = None
    if before.inferences is not None and after.inferences is not None:
        calls = before.inferences + share * (after.inferences - before.inferences)
    return Standing(moment, before.used + share * (after.used - before.used), calls, not is_near)


def reset_at(polls: Sequence[Count]) -> datetime | None:
    """When the counter of a day began anew in the middle of it."""
    most = 0.0
    for one in polls:
        if one.used < most * (1 - RESET):
            return one.at
        most = max(most, one.used)
    return None


def _at(one: Count) -> datetime:
    return one.at


def _reached(one: Count) -> Standing:
    return Standing(one.at, one.used, one.inferences)


def _share(views: Views, account: str, before: Standing, after: Standing, moment: datetime) -> float | None:
    """Of the gateways' requests between two answers, how many came before the moment."""
    own = (("account", (account,)),)
    queries = (Query("pulse", Window(before.at, end), (), ("requests",), own) for end in (moment, after.at))
    until, whole = (views.view(query).total.values[0] for query in queries)
    return (until or 0) / whole if whole else None
