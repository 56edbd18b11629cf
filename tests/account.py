"""A made-up account that answers like Cloudflare: a Source for tests of the feed, with faults on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.errors import AigwError, ForbiddenError, TransientError
from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import Budget, Clock, Gateway, Interval, LogFilter, Logged, LogRow, NewestLogs, Price, Window
from aigw_tui.source import Answer, Bounds, Question, Reading, Value


class StillClock:
    """Time that passes only when somebody sleeps, or when the test says so."""

    def __init__(self, start: datetime) -> None:
        self.time, self.slept = start, 0.0
        self.on_sleep: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.slept

    def pass_(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.slept += seconds

    async def sleep(self, seconds: float) -> None:
        self.pass_(seconds)
        self.on_sleep()


@dataclass
class MadeUpAccount:
    """`rows` maps a dataset's name to all its rows, ever; windows are cut from them."""

    clock: Clock
    rows: dict[str, list[StoredRow]] = field(default_factory=dict)
    page: int = 10_000
    failures: list[AigwError] = field(default_factory=list)
    """Raised one at a time by the next fetches."""
    refused: dict[str, AigwError] = field(default_factory=dict)
    """Dataset → what its readings bring instead of rows."""
    asked: list[list[tuple[str, Window]]] = field(default_factory=list)
    """Every fetch: the datasets and windows of its questions."""
    budget: Budget = Budget(0)  # noqa: RUF009
    skew: timedelta = timedelta(0)
    reach: timedelta = timedelta(days=3)
    is_closed: bool = False
    priced: int = 0
    """How often it was asked for prices."""
    prices_said: dict[str, Price] | None = field(default_factory=dict)
    """None: they are refused."""
    missing: int = 0
    """Every row of requests lacks so many of those that its hour's total has."""
    totals_asked: list[list[tuple[str, Window]]] = field(default_factory=list)
    """Like `asked`: the fetches of totals alone."""
    is_totals_down: bool = False
    names: dict[str, str] = field(default_factory=lambda: {"a": "acme"})
    """Accounts that the token sees."""
    down: dict[str, AigwError] = field(default_factory=dict)
    """Account → what every question about it raises."""
    asked_of: list[str] = field(default_factory=list)
    """The account of every fetch."""
    live: dict[str, tuple[tuple[Value, ...], ...]] = field(default_factory=dict)
    """Dataset that is not kept → the rows of each of its answers."""
    live_asked: list[Question] = field(default_factory=list)
    interval: Interval | None = None
    """Of every live answer."""
    intervals: dict[int, Interval] = field(default_factory=dict)
    """Hour → where its total count lies."""
    known: tuple[str, ...] = ()
    """What every reading says that was asked for."""
    gateways_said: tuple[Gateway, ...] = ()
    looked_up: list[str] = field(default_factory=list)
    """Every question over REST."""
    logs: dict[str, tuple[LogRow, ...]] = field(default_factory=dict)
    """Gateway → its request logs, newest first."""
    logs_asked: list[tuple[str, tuple[str, ...], LogFilter]] = field(default_factory=list)
    """(account, gateways, what was wanted) of every reading of them."""
    logs_refused: AigwError | None = None

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.names.items())

    async def prices(self, account: str) -> Mapping[str, Price]:
        self.priced += 1
        if self.prices_said is None:
            raise ForbiddenError("not these", "")
        return self.prices_said

    async def gateways(self, account: str) -> tuple[Gateway, ...]:
        self.looked_up.append(f"gateways of {account}")
        return self.gateways_said

    async def logged(self, account: str, gateway: str, window: Window) -> Logged:
        self.looked_up.append(f"logs of {gateway}")
        return Logged(gateway, 7)

    async def newest(self, account: str, gateways: Sequence[str], wanted: LogFilter, most: int) -> NewestLogs:
        self.logs_asked.append((account, tuple(gateways), wanted))
        if self.logs_refused:
            raise self.logs_refused
        rows = [row for name in gateways for row in self.logs.get(name, ()) if wanted.passes(row)]
        return NewestLogs(account, tuple(sorted(rows, key=lambda row: row.at, reverse=True)[:most]))

    async def log(self, account: str, gateway: str, log: str) -> LogRow | None:
        return next((row for row in self.logs.get(gateway, ()) if row.id == log), None)

    async def body(self, account: str, gateway: str, log: str, part: str) -> bytes | None:
        return None

    async def bounds(self, account: str) -> Mapping[str, Bounds]:
        return {one.name: Bounds(page=self.page, oldest=self.reach) for one in all_datasets()}

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        self.asked_of.append(account)
        self.asked.append([(question.dataset.name, question.window) for question in questions])
        if error := self.down.get(account):
            raise error
        if all(question.only_totals for question in questions):
            self.totals_asked.append(self.asked[-1])
            if self.is_totals_down:
                raise TransientError("gone away")
        if self.failures:
            raise self.failures.pop(0)
        return Answer(tuple(self._read(question) for question in questions), self.clock.now() + self.skew)

    async def close(self) -> None:
        self.is_closed = True

    def _read(self, question: Question) -> Reading:
        dataset, window = question.dataset, question.window
        if error := self.refused.get(dataset.name):
            return Reading(question, error=error)
        if question.by is not None:
            self.live_asked.append(question)
            return Reading(question, self.live.get(dataset.name, ()), interval=self.interval)
        found = [row for row in self.rows.get(dataset.name, []) if window.since <= moment(row) < window.until]
        rows = () if question.only_totals else tuple(found)
        if len(rows) >= self.page:
            return Reading(question, truncated=True)
        asked = totals(dataset, found)
        if dataset.name == "requests" and not question.only_totals:
            rows = tuple((*row[:4], int(row[4] or 0) - self.missing, *row[5:]) for row in rows)
        return Reading(question, rows, asked, self.intervals, known=self.known)


def moment(row: StoredRow) -> datetime:
    return datetime.fromtimestamp(int(row[0] or 0), UTC)


def totals(dataset: Dataset, rows: Sequence[StoredRow]) -> dict[int, tuple[int | float | None, ...]]:
    """The truth that the rows must agree with."""
    names = ("bucket", *dataset.key_names, *dataset.measure_names)
    places = [names.index(name) for name in dataset.checked]
    found: dict[int, tuple[int | float | None, ...]] = {}
    for row in rows:
        hour = int(row[0] or 0) // 3600 * 3600
        before = found.get(hour, (0,) * len(places))
        found[hour] = tuple((old or 0) + float(row[place] or 0) for old, place in zip(before, places, strict=True))
    return found
