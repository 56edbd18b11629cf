"""A model of an account that knows its own truth, shows it late, corrects it, and now and then answers wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from account import StillClock, totals
from aigw_tui.datasets import Adds, Dataset, all_datasets
from aigw_tui.errors import AigwError, TransientError
from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import DAY, HOUR, Budget, Gateway, LogFilter, Logged, LogRow, NewestLogs, Price, Window, hour_of
from aigw_tui.source import Answer, Bounds, Question, Reading


class LeapingClock(StillClock):
    """Whoever naps wakes up much later: hours pass in few steps."""

    leap = timedelta(minutes=10)

    async def sleep(self, seconds: float) -> None:
        self.pass_(self.leap.total_seconds() if seconds >= 5 else seconds)


@dataclass
class Event:
    """Calls of one minute; `versions` are (visible from, how many), each replacing the one before."""

    dataset: Dataset
    minute: datetime
    model: str
    versions: list[tuple[datetime, int]]

    def count(self, now: datetime) -> int:
        """How many the account says there are."""
        return next((count for since, count in reversed(self.versions) if since <= now), 0)

    @property
    def final_at(self) -> datetime:
        """From then on Cloudflare changes nothing any more."""
        return hour_of(self.minute) + HOUR + self.dataset.settle

    def row(self, count: int) -> StoredRow:
        second = int(self.minute.timestamp())
        keys = [self.model if name == "model" else name for name in self.dataset.key_names]
        values = [self._value(n, count) for n in range(len(self.dataset.measures))]
        return (second - second % int(self.dataset.bucket.total_seconds()), *keys, *values)

    def _value(self, n: int, count: int) -> float | None:
        measure = self.dataset.measures[n]
        if measure.adds is Adds.NOT:
            return None
        return count * (n + 1) if measure.is_integer else count * 0.25


@dataclass
class Oracle:
    """A Source. What it is told to answer wrongly happens once for each entry of `lies`."""

    clock: LeapingClock
    events: list[Event] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)
    """`empty`, `no rows`, `no totals`, `high`: how the next fetches are wrong."""
    errors: list[AigwError] = field(default_factory=list)
    refused: list[tuple[str, AigwError]] = field(default_factory=list)
    """Datasets of which one reading is refused."""
    down_until: datetime | None = None
    hidden_until: datetime | None = None
    """Before then the last measure that need not be is not available."""
    page: int = 1000
    longest: timedelta = 32 * DAY
    oldest: timedelta = 9 * DAY
    requests: int = 0
    windows: list[Window] = field(default_factory=list)
    budget: Budget = Budget(0)  # noqa: RUF009

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        return (("a", "acme"),)

    async def prices(self, account: str) -> Mapping[str, Price]:
        return {}

    async def gateways(self, account: str) -> tuple[Gateway, ...]:
        return ()

    async def logged(self, account: str, gateway: str, window: Window) -> Logged:
        return Logged(gateway, None, "nobody keeps any")

    async def newest(self, account: str, gateways: Sequence[str], wanted: LogFilter, most: int) -> NewestLogs:
        return NewestLogs(account)

    async def log(self, account: str, gateway: str, log: str) -> LogRow | None:
        return None

    async def body(self, account: str, gateway: str, log: str, part: str) -> bytes | None:
        return None

    async def bounds(self, account: str) -> Mapping[str, Bounds]:
        return {one.name: Bounds(True, self.longest, self.oldest, self.page) for one in all_datasets()}

    async def close(self) -> None:
        pass

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        self.requests += 1
        self.windows += [question.window for question in questions]
        if self.down_until and self.clock.now() < self.down_until:
            raise TransientError("no network")
        if self.errors:
            raise self.errors.pop(0)
        refused = dict([self.refused.pop(0)] if self.refused else [])
        lie = self.lies.pop(0) if self.lies else ""
        return Answer(
            tuple(
                Reading(question, error=error)
                if (error := refused.get(question.dataset.name))
                else self._read(question, lie)
                for question in questions
            ),
            self.clock.now(),
        )

    def rows(self, dataset: Dataset, window: Window, now: datetime, factor: float = 1) -> list[StoredRow]:
        """What the account says at `now`, grouped."""
        found: dict[tuple[object, ...], StoredRow] = {}
        width = 1 + len(dataset.keys)
        for event in self.events:
            is_asked = event.dataset.name == dataset.name and window.since <= event.minute < window.until
            if is_asked and (count := event.count(now)):
                row = event.row(int(count * factor))
                before = found.get(row[:width])
                found[row[:width]] = row if before is None else (*row[:width], *_added(before[width:], row[width:]))
        return list(found.values())

    def _read(self, question: Question, lie: str) -> Reading:
        dataset, window = question.dataset, question.window
        assert window.length <= self.longest
        assert window.since >= self.clock.now() - self.oldest
        found = self.rows(dataset, window, self.clock.now(), 2 if lie == "high" else 1)
        rows = [] if lie in ("empty", "no rows") or question.only_totals else found
        if len(rows) >= self.page:
            return Reading(question, truncated=True)
        names = [*dataset.key_names, *dataset.measure_names]
        if self.hidden_until and self.clock.now() < self.hidden_until and (spare := hideable(dataset)):
            place = 1 + names.index(spare)
            rows = [(*row[:place], None, *row[place + 1 :]) for row in rows]
            names.remove(spare)
        asked = {} if lie in ("empty", "no totals") else totals(dataset, found)
        return Reading(question, tuple(rows), asked, known=tuple(names))


def hideable(dataset: Dataset) -> str:
    """The last measure that adds up and is not checked; empty: there is none."""
    names = [one.name for one in dataset.measures if one.adds is Adds.BY_SUM and one.name not in dataset.checked]
    return names[-1] if names else ""


def _added(one: Iterable[object], other: Iterable[object]) -> list[float | None]:
    return [
        a + b if isinstance(a, int | float) and isinstance(b, int | float) else None
        for a, b in zip(one, other, strict=True)
    ]
