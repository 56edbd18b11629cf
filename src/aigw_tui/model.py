"""The nouns that every other part speaks in: frozen values, standard library only."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol

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

    def clamp(self, other: Window) -> Window:
        """The part of this window inside `other`; empty (length 0) when they do not meet."""
        since = max(self.since, other.since)
        return Window(since, max(since, min(self.until, other.until)))

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
PERIODS = (
    TODAY,
    Period("24 h", hours=24),
    Period("7 d", days=7),
    Period("30 d", days=30),
    Period("90 d", days=90),
    Period("all"),
)
"""What `w` cycles through."""


def period_of(window: Window) -> Period:
    """A period fixed to `window`, named for a person: `23 Nov 09:00` for one hour."""
    name = f"{window.since:%-d %b %H:%M}"
    return Period(name if window.length <= HOUR else f"{name}–{window.until:%-d %b %H:%M}", fixed=window)


FIELDS = ("account", "gateway", "provider", "model", "status")
"""What a scope can be narrowed to, besides time; the ladder from wide to narrow."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act of narrowing: what changed, so that one Esc undoes one Enter."""

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(field, allowed values) pairs."""
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A symbolic window and what it is narrowed to. Values of the same field replace each other."""

    period: Period = TODAY
    steps: tuple[Step, ...] = ()
    pattern: str = ""
    """A regular expression over model names, `!` in front inverts it; empty: all."""

    def narrow(self, period: Period | None = None, **values: str | tuple[str, ...]) -> Scope:
        """This scope, narrower: `scope.narrow(provider="openai", model="gpt-5")`."""
        if unknown := set(values) - set(FIELDS):
            raise ValueError(f"a scope has no {', '.join(sorted(unknown))}")
        pairs = tuple((name, (value,) if isinstance(value, str) else value) for name, value in values.items())
        return replace(self, steps=(*self.steps, Step(pairs, period)))

    @property
    def parent(self) -> Scope | None:
        """The scope before the last narrowing; None at the top."""
        return replace(self, steps=self.steps[:-1]) if self.steps else None

    def values(self, name: str) -> tuple[str, ...]:
        """The values `name` is narrowed to; empty means all."""
        found: tuple[str, ...] = ()
        for step in self.steps:
            found = dict(step.values).get(name, found)
        return found

    @property
    def where(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """All narrowed fields with their values, in the ladder's order."""
        return tuple((name, values) for name in FIELDS if (values := self.values(name)))

    @property
    def current_period(self) -> Period:
        """The period after narrowing to an hour, if that was done."""
        return next((step.period for step in reversed(self.steps) if step.period), self.period)

    def window(self, now: datetime) -> Window:
        return self.current_period.at(now)


class Trust(enum.IntEnum):
    """How far a row can be trusted; a total takes the worst of its parts, which is the largest."""

    SETTLED = 0
    FILLING = 1
    STALE = 2


@dataclass(frozen=True, slots=True)
class Query:
    """What a view should hold."""

    dataset: str
    window: Window
    by: tuple[str, ...] = ()
    """Any of minute, hour, day, hour_of_day (where the dataset's bucket allows it), account and the dataset's keys."""
    measures: tuple[str, ...] = ()
    """Names of the dataset's measures; those that do not add up are known only where a row is one stored row."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Keys and their allowed values; a key that the dataset lacks raises KeyError."""
    order: tuple[str, ...] = ()
    """Names from `by` or `measures`, `-` in front for descending; default: as `by`, ascending."""
    limit: int | None = None
    offset: int = 0


class Row(NamedTuple):
    """One group of a view."""

    key: tuple[Any, ...]
    """A datetime for minute, hour and day, text for the others, in the order of `Query.by`."""
    values: tuple[Any, ...]
    """int, float or None (unknown), in the order of `Query.measures`."""
    unknown: int
    """How many of the stored rows behind this one lack at least one of the measures asked for."""
    trust: Trust


@dataclass(frozen=True, slots=True)
class View:
    """Rows of a dataset at one revision of history."""

    query: Query
    rows: tuple[Row, ...]
    total: Row
    """All groups together, also those that `limit` leaves out; its key is empty."""
    count: int
    """How many groups there are before limit and offset."""


class Views(Protocol):
    """What panels, tables and exports may ask of history."""

    def view(self, query: Query) -> View:
        """Raises KeyError for a dataset, key or measure that does not exist."""

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        """The hours that have been read at least once, with their trust; an hour that is absent is unknown, not 0."""

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        """All values of a key that history holds, in order."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a running total is heading by 00:00 UTC; units are those of the total."""

    expected: tuple[tuple[datetime, float], ...]
    """What each remaining hour of the day is expected to add, the rest of the running hour first."""
    low: float
    likely: float
    high: float
    """The day's total: cautious, expected and pessimistic."""
    runs_out: tuple[datetime, datetime | None] | None = None
    """Earliest and latest moment at which the limit is reached; the latest is None when it may last. None: lasts."""
    ran_out: datetime | None = None
    """When the limit was passed, to the minute by a straight line through that hour; None when it was not."""
    days: int = 0
    """Days of history behind it; 0 means a straight line through today."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit, how much of it is used, and whether it will last."""

    name: str
    unit: str
    used: float | None
    limit: float | None
    nowcast: float | None = None
    """An estimate (~) of what is used but not measured yet; always beside `used`, never in it."""
    resets_at: datetime | None = None
    pace: Pace | None = None
    account: str = ""
    """Whose it is, where an account has its own."""

    @property
    def share(self) -> float | None:
        """Measured and nowcast use over the limit, 1.0 = used up; None when either is unknown."""
        if self.used is None or not self.limit:
            return None
        return (self.used + (self.nowcast or 0.0)) / self.limit


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure that is shown, not raised: one clean line."""

    kind: str
    """The error's class name, for tests and colours; two faults of one kind and subject are one fault."""
    what: str
    why: str
    remedy: str
    since: datetime
    account: str = ""
    dataset: str = ""
    until: datetime | None = None
    """When it ends by itself, where that is known."""


class Budget(NamedTuple):
    """Our own API calls in the running five minutes, of the number Cloudflare allows a user."""

    used: int
    limit: int = 300


NO_CALLS = Budget(0)


class Progress(NamedTuple):
    """How far the backfill has come, in hours of all stored datasets."""

    done: int
    of: int
    back_to: datetime
    """The oldest hour that has been read without a gap up to now."""


class State(enum.Enum):
    """What the instrument is doing."""

    STARTING = "starting"
    LIVE = "live"
    STALE = "stale"
    OFFLINE = "offline"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The state of the instrument: it moves by the second, so it stands beside the snapshot and not in it."""

    state: State = State.STARTING
    good_at: datetime | None = None
    """The last good answer; None: none yet."""
    next_at: datetime | None = None
    is_stale: bool = False
    """No good answer for 3 intervals or 5 minutes, whichever is longer."""
    budget: Budget = NO_CALLS
    progress: Progress | None = None
    """None when the backfill is complete."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One revision of history with what follows from it. Equal snapshots paint nothing."""

    scope: Scope
    revision: int
    now: datetime = field(compare=False)
    """When it was taken; does not make two snapshots differ."""
    views: Views = field(compare=False, repr=False)
    quotas: tuple[Quota, ...] = ()
    faults: tuple[Fault, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """(account, label) pairs of the accounts that are watched."""
    hour: datetime | None = None
    """The running hour: when it turns, the same data look different."""

    @property
    def window(self) -> Window:
        return self.scope.window(self.now)

    def quota(self, name: str) -> Quota | None:
        return next((quota for quota in self.quotas if quota.name == name), None)
