"""Time, all of it UTC: clocks, hours and days, windows, and the periods that stay symbolic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LAUNCH = datetime(2023, 9, 1, tzinfo=UTC)
"""AI Gateway did not exist before this month, so no window needs to reach further back."""


class Clock(Protocol):
    """Where every part gets the time from, so that tests and the built-in account can bend it."""

    def now(self) -> datetime:
        """The wall clock: aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean anything."""

    async def sleep(self, seconds: float) -> None:
        """Wait so many of this clock's seconds."""


def minute_of(moment: datetime) -> datetime:
    """The start of the minute that holds `moment`."""
    return moment.replace(second=0, microsecond=0)


def hour_of(moment: datetime) -> datetime:
    """The start of the UTC hour that holds `moment`."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> datetime:
    """00:00 UTC of the day that holds `moment`."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Half-open `[since, until)`, UTC."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return max(self.until - self.since, timedelta(0))

    @property
    def hours(self) -> tuple[datetime, ...]:
        """The starts of all hours that the window touches, oldest first."""
        first = hour_of(self.since)
        count = -((first - self.until) // HOUR) if self.until > first else 0
        return tuple(first + HOUR * n for n in range(count))

    def halves(self, step: timedelta) -> tuple[Window, Window]:
        """Two parts cut at a multiple of `step` after `since`; raises ValueError when it is no longer than `step`."""
        steps = self.length // step
        if steps < 2:
            raise ValueError("too short to halve")
        middle = self.since + step * (steps // 2)
        return Window(self.since, middle), Window(middle, self.until)


@dataclass(frozen=True, slots=True)
class Period:
    """A window in words, so that `today` stays today when the day turns: see `at`."""

    name: str
    days: int = 0
    """UTC days with today; 0 when the period is not counted in days."""
    hours: int = 0
    """The running hour and those before it; 0 when the period is not counted in hours."""
    fixed: Window | None = None

    def at(self, now: datetime) -> Window:
        """The window this period means at `now`. Hours N: the running hour and the N-1 before it."""
        if self.fixed is not None:
            return self.fixed
        if self.hours:
            return Window(hour_of(now) - HOUR * (self.hours - 1), now)
        if self.days:
            return Window(day_of(now) - DAY * (self.days - 1), now)
        return Window(LAUNCH, now)


TODAY = Period("today", days=1)
WEEK = Period("7 d", days=7)
MONTH = Period("30 d", days=30)
PERIODS = (TODAY, Period("24 h", hours=24), WEEK, MONTH, Period("90 d", days=90), Period("all"))
"""What `w` cycles through."""


def period_of(window: Window) -> Period:
    """A period fixed to `window`, named for a person: `23 Nov 09:00` for one hour."""
    name = f"{window.since:%-d %b %H:%M}"
    return Period(name if window.length <= HOUR else f"{name}–{window.until:%-d %b %H:%M}", fixed=window)
