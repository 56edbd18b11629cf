"""One request as the log of its gateway holds it, and which requests are wanted."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aigw_tui.model.time import Window


@dataclass(frozen=True, slots=True)
class LogRow:
    """Its text is clean; None is unknown. It never holds what was asked or answered."""

    id: str
    at: datetime
    """UTC."""
    account: str
    gateway: str
    provider: str = ""
    model: str = ""
    status: int | None = None
    succeeded: bool | None = None
    cached: bool | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    """List price; None also where tokens were used and the model has no price."""
    duration_ms: int | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    """What the caller said of the request, values as text."""
    more: tuple[tuple[str, str], ...] = ()
    """(name, value) of whatever else its log says, under Cloudflare's own names; text, never a part of a body."""

    @property
    def is_error(self) -> bool:
        return self.succeeded is False or (self.succeeded is None and (self.status or 0) >= 400)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is wanted; what is empty, False or 0 asks for nothing in particular."""

    window: Window
    statuses: tuple[range, ...] = ()
    """One of these."""
    only_errors: bool = False
    models: tuple[str, ...] = ()
    """One of these names or globs, as for providers."""
    providers: tuple[str, ...] = ()
    least_ms: int = 0
    metadata: tuple[tuple[str, str], ...] = ()
    """All of these pairs."""

    def passes(self, row: LogRow) -> bool:
        """What is unknown of a row is not what is wanted."""
        return (
            self.window.since <= row.at < self.window.until
            and (not self.statuses or any(row.status in each for each in self.statuses))
            and (row.is_error or not self.only_errors)
            and _is_one(row.model, self.models)
            and _is_one(row.provider, self.providers)
            and (not self.least_ms or (row.duration_ms is not None and row.duration_ms >= self.least_ms))
            and {*self.metadata} <= {*row.metadata}
        )


def _is_one(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(name == each or fnmatch.fnmatchcase(name, each) for each in patterns)
