"""Answers that stay the same until something is recorded: those that were asked for last are kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sized
from typing import Any, TypeVar

from aigw_tui.model import View

MOST = 512
MOST_ROWS = 50_000
"""Some 20 MB."""
T = TypeVar("T")


class Answers:
    """What was read at one revision of history."""

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[Any, int]] = {}
        """Question → its answer and how many rows that has; the one asked for last comes last."""
        self._rows = 0
        self._revision = -1

    def once(self, revision: int, question: Hashable, read: Callable[[], T]) -> T:
        """What `read` says, the same until the revision moves."""
        if revision != self._revision:
            self.forget()
            self._revision = revision
        if known := self._found.pop(question, None):
            self._found[question] = known
            found: T = known[0]
            return found
        found = read()
        self._keep(question, found)
        return found

    def forget(self) -> None:
        """Read everything anew."""
        self._found, self._rows, self._revision = {}, 0, -1

    def _keep(self, question: Hashable, found: object) -> None:
        rows = len(found.rows) if isinstance(found, View) else len(found) if isinstance(found, Sized) else 1
        self._found[question] = found, rows
        self._rows += rows
        while self._rows > MOST_ROWS or len(self._found) > MOST:  # an export reads every row once
            self._rows -= self._found.pop(next(iter(self._found)))[1]
