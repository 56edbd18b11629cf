"""What the feed asks of whoever answers: the protocol between it and Cloudflare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aigw_tui.datasets import Dataset
from aigw_tui.errors import AigwError
from aigw_tui.model import Budget, Price, Window

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
    unavailable: tuple[str, ...] = ()
    """Measures that this account may not see: unknown, shown as `–`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One dataset over one window of one account."""

    dataset: Dataset
    window: Window
    only_totals: bool = False
    """Ask for the hourly totals alone: the reading has no rows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to one question."""

    question: Question
    rows: tuple[tuple[Value, ...], ...] = ()
    """(bucket in epoch seconds, *keys, *measures) in the dataset's declared order: what the store takes."""
    totals: Mapping[int, tuple[int | float | None, ...]] = field(default_factory=dict)
    """Hour (epoch seconds) → the dataset's `checked` measures, asked without any other dimension."""
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


class Source(Protocol):
    """Cloudflare, or anything that answers like it."""

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of the accounts this token can see. Raises AigwError."""

    async def prices(self, account: str) -> Mapping[str, Price]:
        """Model → neurons per million tokens, as they are now. Raises AigwError."""

    async def bounds(self, account: str) -> Mapping[str, Bounds]:
        """Dataset name → bounds, discovered at most once a day or after a refusal. Raises AigwError."""

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        """One POST for all questions; an error that concerns one question stands in its Reading.

        Raises AigwError when no question could be answered (AuthError, BudgetError, TransientError, BadDataError …).
        """

    @property
    def budget(self) -> Budget: ...

    async def close(self) -> None: ...
