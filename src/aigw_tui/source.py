"""What the feed asks of whoever answers: the protocol between it and Cloudflare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aigw_tui.datasets import Dataset
from aigw_tui.errors import AigwError
from aigw_tui.model import Budget, Count, Gateway, Interval, LogFilter, Logged, LogRow, NewestLogs, Price, Window

Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be asked of one dataset, as the account's `settings` say (or as learned from refusals)."""

    enabled: bool = True
    max_window: timedelta = timedelta(days=1)
    oldest: timedelta = timedelta(days=31)
    """How far back from now a window may begin."""
    page: int = 10_000
    """The most rows one answer may hold; an answer with exactly that many is truncated."""
    fields: int = 30
    """The most fields that one part of a question may name."""
    unavailable: tuple[tuple[str, str], ...] = ()
    """(measure, why) of those that this account may not see: unknown, shown as `–`; an empty name: all of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One dataset over one window of one account."""

    dataset: Dataset
    window: Window
    only_totals: bool = False
    """Ask for the hourly totals alone: the reading has no rows."""
    by: tuple[str, ...] | None = None
    """Of a dataset that is not kept: what its rows are grouped by (`hour` or `day`, and keys); it has no totals."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Keys and the values that pass; only with `by`."""
    argument: str = ""
    """The value for the argument of the dataset's key that takes one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to one question."""

    question: Question
    rows: tuple[tuple[Value, ...], ...] = ()
    """(bucket in epoch seconds, *keys, *measures) in the dataset's declared order: what the store takes.

    With `by`: (*by, *measures), times in epoch seconds.
    """
    totals: Mapping[int, tuple[int | float | None, ...]] = field(default_factory=dict)
    """Hour (epoch seconds) → the dataset's `checked` measures, asked without any other dimension."""
    intervals: Mapping[int, Interval] = field(default_factory=dict)
    """Hour (epoch seconds) → where its total count lies, for hours that were sampled."""
    interval: Interval | None = None
    """With an empty `by`: where the one row's count lies, when it was sampled."""
    known: tuple[str, ...] = ()
    """The keys and measures that rows were asked for; the others were not available."""
    refused: int = 0
    """Rows that could not be read and were left out."""
    truncated: bool = False
    """There are more rows than the page holds: ask for less, store nothing."""
    error: AigwError | None = None
    """Why there is no answer; then rows and totals are empty."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one POST brought back (or several, when one dataset spoiled it for the others)."""

    readings: tuple[Reading, ...]
    server_time: datetime | None
    """The server's clock (its Date header, UTC); None when it sent none."""


class CounterSource(Protocol):
    """A Worker's own counter."""

    async def ask(self) -> Count:
        """What it says now. Raises CounterError."""

    async def close(self) -> None: ...


class Source(Protocol):
    """Cloudflare, or anything that answers like it."""

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of the accounts this token can see. Raises AigwError."""

    async def prices(self, account: str) -> Mapping[str, Price]:
        """Model → neurons per million tokens, as they are now. Raises AigwError."""

    async def gateways(self, account: str) -> tuple[Gateway, ...]:
        """Their settings, as they are now. Raises AigwError."""

    async def logged(self, account: str, gateway: str, window: Window) -> Logged:
        """How many request logs a gateway holds of that window; a refusal stands in the answer."""

    async def newest(self, account: str, gateways: Sequence[str], wanted: LogFilter, most: int) -> NewestLogs:
        """The newest request logs of these gateways together, at most `most`. Raises AigwError when none could be read;
        one that refused while others answered stands in the answer."""

    async def log(self, account: str, gateway: str, log: str) -> LogRow | None:
        """One request by the id of its log; None where there is none. Raises AigwError."""

    async def body(self, account: str, gateway: str, log: str, part: str) -> bytes | None:
        """Its `request` or `response` as it came; None where it was not kept. Raises AigwError.

        It may hold personal data: to be shown, and nothing else."""

    async def bounds(self, account: str) -> Mapping[str, Bounds]:
        """Dataset name → bounds, discovered at most once a day or after a refusal. Raises AigwError."""

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        """One POST for all questions; an error that concerns one question stands in its Reading.

        Raises AigwError when no question could be answered (AuthError, BudgetError, TransientError, BadDataError …).
        """

    @property
    def budget(self) -> Budget: ...

    async def close(self) -> None: ...
