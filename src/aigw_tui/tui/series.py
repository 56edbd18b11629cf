"""A window as a row of hours or days, with what is unknown, what still fills and what lies ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from aigw_tui.insight.coverage import trust_of
from aigw_tui.model import DAY, LAUNCH, Query, Snapshot, Trust, Window, day_of
from aigw_tui.tui.bars import AHEAD, Bar

LONGEST_BY_HOUR = timedelta(hours=48)
"""Windows beyond are shown by the day."""

State = Literal["settled", "filling", "unknown", "ahead"]
Where = tuple[tuple[str, tuple[str, ...]], ...]


class Moment(NamedTuple):
    """One hour or day, or several of them grouped."""

    start: datetime
    state: State
    values: tuple[float | None, ...] = ()
    """None: unknown. An hour that was read and had no rows holds zeros; one that lies ahead what is expected of it."""


@dataclass(frozen=True, slots=True)
class Series:
    """Moments side by side, oldest first."""

    unit: Literal["hour", "day"]
    moments: tuple[Moment, ...]

    def grouped(self, width: int) -> tuple[Moment, ...]:
        """At most `width` moments: as many neighbours as needed become one, their values added up."""
        size = max(-(-len(self.moments) // width), 1) if width > 0 else 1
        return tuple(_merged(self.moments[n : n + size]) for n in range(0, len(self.moments), size))

    def label(self, start: datetime) -> str:
        """`09:00`, or `21 Nov` where the series counts days."""
        return f"{start:%H:%M}" if self.unit == "hour" else f"{start:%-d %b}"

    def when(self, start: datetime) -> str:
        """`at 09:00`, `on 21 Nov`."""
        return f"{'at' if self.unit == 'hour' else 'on'} {self.label(start)}"

    @property
    def is_known(self) -> bool:
        """Whether any of it was ever read."""
        return any(moment.state in ("settled", "filling") for moment in self.moments)

    def bars(self, width: int, figure: Callable[[Moment], float | None], role: Callable[[Moment], str]) -> list[Bar]:
        """The moments as bars for `width` cells; filling ones half-way to the ground."""
        return [_bar(moment, figure, role) for moment in self.grouped(width)]


NOTHING = Series("hour", ())


def series(snapshot: Snapshot, dataset: str, measures: tuple[str, ...], where: Where) -> Series:
    """The measures over the scope's window; today up to 24:00, other windows up to now."""
    frame = frame_of(snapshot, dataset)
    rows = snapshot.views.view(Query(dataset, snapshot.window, (frame.unit,), measures, where)).rows
    return filled(frame, {row.key[0]: row.values for row in rows}, len(measures))


def frame_of(snapshot: Snapshot, dataset: str, window: Window | None = None) -> Series:
    """The moments of a window (default: the scope's) with their states, without values."""
    scope, now = snapshot.scope, snapshot.now
    is_today = window is None and scope.current_period.days == 1
    window = window or (Window(day_of(now), day_of(now) + DAY) if is_today else snapshot.window)
    known = snapshot.views.known(dataset, window, scope.values("account"))
    if window.length <= LONGEST_BY_HOUR:
        hours = [Moment(hour, _state(known.get(hour), hour >= now)) for hour in window.hours]
        return Series("hour", tuple(hours))
    first = day_of(window.since if window.since != LAUNCH else min(known, default=now))
    days = [first + DAY * n for n in range(-((first - window.until) // DAY))]
    trusts = {day: trust_of(Window(day, day + DAY).hours, known) for day in days}
    return Series("day", tuple(Moment(day, _state(trusts[day], day >= now)) for day in days))


def filled(frame: Series, values: Mapping[datetime, tuple[float | None, ...]], width: int) -> Series:
    """The frame with `width` values a moment; a moment that was read and is not in `values` holds zeros."""
    nothing: dict[State, float | None] = {"settled": 0, "filling": 0, "unknown": None, "ahead": None}
    return Series(
        frame.unit,
        tuple(
            moment._replace(values=values.get(moment.start, (nothing[moment.state],) * width))
            for moment in frame.moments
        ),
    )


def peak(moments: Sequence[Moment]) -> int | None:
    """The place of the latest moment with the largest first value above 0."""
    values = [moment.values[0] or 0 for moment in moments]
    highest = max(values, default=0)
    return max(n for n, value in enumerate(values) if value == highest) if highest > 0 else None


def _state(trust: Trust | None, is_ahead: bool) -> State:
    if is_ahead:
        return "ahead"
    if trust is None:
        return "unknown"
    return "settled" if trust is Trust.SETTLED else "filling"


def _merged(group: tuple[Moment, ...]) -> Moment:
    """Neighbours as one, as good as the worst of them; what is expected is not mixed with what happened."""
    if len(group) == 1:
        return group[0]
    read = tuple(moment for moment in group if moment.state in ("settled", "filling"))
    states = {moment.state for moment in group}
    state: State = "unknown" if "unknown" in states else "ahead"
    if read:
        state = "settled" if states == {"settled"} else "filling"
    kept = read or tuple(moment for moment in group if moment.state == state)
    columns = zip(*(moment.values for moment in kept), strict=True)
    return Moment(group[0].start, state, tuple(_sum(column) for column in columns))


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _bar(moment: Moment, figure: Callable[[Moment], float | None], role: Callable[[Moment], str]) -> Bar:
    if moment.state == "ahead":
        return Bar(figure(moment) or 0.0, AHEAD)
    if moment.state == "unknown":
        return Bar(None)
    return Bar(figure(moment), role(moment) + (":filling" if moment.state == "filling" else ""))
