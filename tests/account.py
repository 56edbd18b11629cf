"""A made-up account that answers like Cloudflare: a Source for tests of the feed, with faults on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aigw_tui.datasets import Dataset, all_datasets
from aigw_tui.errors import AigwError, ForbiddenError, TransientError
from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import Budget, Price, Window
from aigw_tui.source import Answer, Bounds, Question, Reading


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

    clock: StillClock
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

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        return (("a", "acme"),)

    async def prices(self, account: str) -> Mapping[str, Price]:
        self.priced += 1
        if self.prices_said is None:
            raise ForbiddenError("not these", "")
        return self.prices_said

    async def bounds(self, account: str) -> Mapping[str, Bounds]:
        return {one.name: Bounds(page=self.page, oldest=self.reach) for one in all_datasets()}

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        self.asked.append([(question.dataset.name, question.window) for question in questions])
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
        found = [row for row in self.rows.get(dataset.name, []) if window.since <= moment(row) < window.until]
        rows = () if question.only_totals else tuple(found)
        if len(rows) >= self.page:
            return Reading(question, truncated=True)
        asked = totals(dataset, found)
        if dataset.name == "requests" and not question.only_totals:
            rows = tuple((*row[:4], int(row[4] or 0) - self.missing, *row[5:]) for row in rows)
        return Reading(question, rows, asked)


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
