"""What is told at each look: all of it at first, then what differs from what was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from aigw_tui.format import clock
from aigw_tui.insight.summary import summary_of
from aigw_tui.model import Freshness, Snapshot, State
from aigw_tui.outlets.spoken import Said, all_said, state

HEARTBEAT = timedelta(minutes=10)
"""After so long without news it says that there are none."""
FIGURES_EVERY = timedelta(seconds=50)
"""Figures are told no more often, however often they move: once a round of a minute, which may come a tenth early."""


class Told(NamedTuple):
    """A line, and what it means: `good`, `warn`, `bad` or nothing."""

    text: str
    role: str = ""


class Teller:
    """Remembers what it told. Times are UTC, of the snapshots."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, ...], Said] = {}
        self._spoke_at: datetime | None = None
        self._figures_at: datetime | None = None
        self._is_waiting = False
        self._seen: object = None
        self._is_behind = False
        """Figures were held back at the last look."""

    def look(self, snapshot: Snapshot, freshness: Freshness) -> Iterator[Told]:
        """The lines to tell now; none where nothing is new."""
        now = snapshot.now
        if not self._told and freshness.state is State.STARTING and freshness.good_at is None:
            if not self._is_waiting:
                self._is_waiting = True
                yield Told(f"{clock(now)} UTC: starting; figures come with the first answer")
            return
        is_opening, found = (
            not self._told,
            {one.subject: one for one in all_said(snapshot, freshness, summary_of(snapshot))},
        )
        lines = [*self._gone(found), *self._news(found, now)]
        if not lines and self._spoke_at and now - self._spoke_at >= HEARTBEAT:
            lines = [Told(f"no change; {state(freshness).text}")]
        if lines:
            self._spoke_at = now
        for number, line in enumerate(lines):
            yield line if is_opening and number else line._replace(text=f"{clock(now)} UTC: {line.text}")

    def _gone(self, found: Mapping[tuple[str, ...], Said]) -> Iterator[Told]:
        for subject in [one for one in self._told if one not in found]:
            one = self._told.pop(subject)
            if one.over:
                yield Told(one.over, "good")

    def _news(self, found: Mapping[tuple[str, ...], Said], now: datetime) -> Iterator[Told]:
        has_figures = self._figures_at is None or now - self._figures_at >= FIGURES_EVERY
        self._is_behind = False
        for subject, one in found.items():
            before = self._told.get(subject)
            if before and before.is_about == one.is_about:
                continue
            if one.can_wait and not has_figures:
                self._is_behind = True
                continue
            if one.can_wait:
                self._figures_at = now
            self._told[subject] = one
            yield Told(one.text, one.role)
