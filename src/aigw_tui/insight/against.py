"""A window against earlier ones: only closed hours, like with like, in all, by model and over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aigw_tui.datasets.gateway import WORKERS_AI
from aigw_tui.insight.asked import NOTHING, RATE, SOURCES, Asked, Cell, Step, together
from aigw_tui.insight.bases import Basis
from aigw_tui.insight.families import Model, burns_neurons
from aigw_tui.insight.scoped import is_covered
from aigw_tui.model import DAY, HOUR, Scope, Trust, Views, Window, day_of, hour_of

BY_HOUR_UP_TO = DAY * 14
"""Longer windows are told apart by the day."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure beside what it is set against. None is unknown."""

    now: float | None = None
    base: float | None = None
    is_large: bool = False
    """Whether the base is large enough for a difference in per cent."""

    @property
    def change(self) -> float | None:
        """Over the base, 0.12 is 12 % more."""
        if self.now is None or not self.base or not self.is_large:
            return None
        return (self.now - self.base) / self.base


UNKNOWN = Difference()


@dataclass(frozen=True, slots=True)
class Against:
    """All differences of a scope's window in one measure."""

    basis: Basis
    measure: str
    closed: Window | None = None
    """What is compared: from the window's first hour to its last settled one; None: nothing can be."""
    total: Difference = UNKNOWN
    models: Mapping[Model, Difference] = field(default_factory=dict)
    """Also those that were used then and are not now."""
    times: Mapping[datetime, Difference] = field(default_factory=dict)
    """By the start of the hour or day. Of hours that are not closed only the base is known."""
    step: Step = "hour"

    @property
    def is_rate(self) -> bool:
        return self.measure == RATE

    def model(self, provider: str, model: str) -> Difference:
        """Of one model; neurons know those of Workers AI by their name alone."""
        is_ours = SOURCES[self.measure].dataset == "neurons" and burns_neurons(provider, model)
        return self.models.get((WORKERS_AI if is_ours else provider, model), UNKNOWN)

    def time(self, at: datetime | None) -> Difference:
        """Of one hour or day; of None nothing is known."""
        return self.times.get(at, UNKNOWN) if at else UNKNOWN

    def base(self, since: datetime, until: datetime) -> float | None:
        """What it was then in that part of the window; None where some of it is not known, or does not add up."""
        known = [one.base for at, one in self.times.items() if since <= at < until]
        is_whole = self.closed is not None and self.closed.since <= since
        if not known or not is_whole or None in known or (self.is_rate and len(known) > 1):
            return None
        return sum(value for value in known if value is not None)


def against(views: Views, scope: Scope, basis: Basis, measure: str, now: datetime) -> Against:
    """The scope's window at `now` against `basis`. `measure`: one of `SOURCES`.

    An earlier window with a hole is not known; a median is of those that are, three at the least. A median of parts is
    not a part of the median: each figure has its own.
    """
    window, asked = scope.window(now), Asked(views, scope, measure)
    step: Step = "hour" if window.length <= BY_HOUR_UP_TO else "day"
    closed = _closed(asked, window, now)
    if closed is None or not is_covered(scope, asked.source.dataset):
        return Against(basis, measure, step=step)
    mine, others = asked.by_model(closed), []
    for shift in basis.shifts:
        then = Window(closed.since - shift, closed.until - shift)
        others += [asked.by_model(then)] if len(asked.known(then)) == len(then.hours) else []
    count = len(basis.shifts)
    models = {
        key: _difference(asked, mine.get(key, NOTHING), [one.get(key, NOTHING) for one in others], count)
        for key in dict.fromkeys((*mine, *(key for one in others for key in one)))
    }
    total = _difference(asked, together(mine.values()), [together(one.values()) for one in others], count)
    frame = Window(closed.since, _end(scope, window, now)) if step == "hour" else closed
    return Against(basis, measure, closed, total, models, _times(asked, basis, step, closed, frame), step)


def _closed(asked: Asked, window: Window, now: datetime) -> Window | None:
    """Up to the end of the newest settled hour; None where there is none, or one before it was never read."""
    since = hour_of(window.since)
    since += HOUR if since < window.since else HOUR * 0
    known = asked.known(Window(since, min(window.until, now)))
    settled = [hour for hour, trust in known.items() if trust is Trust.SETTLED]
    if not settled:
        return None
    found = Window(since, max(settled) + HOUR)
    return found if all(hour in known for hour in found.hours) else None


def _end(scope: Scope, window: Window, now: datetime) -> datetime:
    """Up to when it can be seen what was then: of today to its end."""
    last = min(window.until, now)
    return day_of(last) + DAY if scope.current_period.days == 1 else hour_of(last - datetime.resolution) + HOUR


def _times(asked: Asked, basis: Basis, step: Step, closed: Window, frame: Window) -> dict[datetime, Difference]:
    mine, others = asked.by_time(closed, step), []
    for shift in basis.shifts:
        found = asked.by_time(Window(frame.since - shift, frame.until - shift), step)
        others.append({at + shift: cell for at, cell in found.items()})
    return {
        at: _difference(asked, mine.get(at), [one[at] for one in others if at in one], len(others))
        for at in dict.fromkeys(at for one in others for at in one)
    }


def _difference(asked: Asked, mine: Cell | None, others: list[Cell], count: int) -> Difference:
    """`count`: how many others there would be if all were known."""
    now = asked.reading(mine) if mine else None
    base, is_large = asked.usual(others, count)
    return Difference(now, base, is_large)
