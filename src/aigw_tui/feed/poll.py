"""Asking one account until nothing is cut, and recording what came back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from aigw_tui.datasets import Dataset
from aigw_tui.errors import BadDataError, LimitError
from aigw_tui.feed import audit, plan
from aigw_tui.feed.differences import Differences
from aigw_tui.feed.faults import Faults
from aigw_tui.feed.parts import is_cut, is_whole, together
from aigw_tui.feed.unseen import Unseen
from aigw_tui.history import History
from aigw_tui.model import DAY, HOUR, Clock, Fault, Progress, Window, day_of, hour_of
from aigw_tui.source import Bounds, Question, Reading, Source

log = logging.getLogger(__name__)

MOST_REQUESTS = 20
"""One round's requests, however often pages are full."""
MOSTLY_EMPTY = 4
"""A page with less than a quarter of its rows is mostly empty."""
SKEW = timedelta(seconds=60)
"""A clock that is further off the server's than this is corrected, and said."""
CREDIBLE = range(2020, 2100)
"""A server that says another year is not believed: history would be asked for, and forgotten, by that year."""
CLOCK = "clock"
Reaches = Mapping[str, timedelta]
"""Dataset → how far back to ask for it."""
AS_FAR: Reaches = MappingProxyType({})
Beside = Callable[[str, Mapping[str, Bounds], datetime], Sequence[Question]]
"""(account, its bounds, now) → questions that are not kept."""


def nothing_beside(_account: str, _bounds: Mapping[str, Bounds], _now: datetime) -> Sequence[Question]:
    return ()


class Poll:
    """The source's questions and history's answers, an account at a time. Every method raises AigwError."""

    def __init__(
        self, source: Source, history: History, faults: Faults, clock: Clock, datasets: Sequence[Dataset]
    ) -> None:
        self._source, self._history, self._faults, self._clock, self._datasets = (
            source,
            history,
            faults,
            clock,
            datasets,
        )
        self._slices: dict[str, timedelta] = {}
        """Dataset → how much of the past to ask for at a time: more while pages stay empty, less when one is full."""
        self._found: set[str] = set()
        """Datasets of which a page was full: their slices grow no more."""
        self._failed: set[tuple[str, str]] = set()
        """(account, dataset) pairs that failed since the last round: their past waits."""
        self._differences, self._unseen = Differences(faults), Unseen()
        self._selected: dict[tuple[str, str], tuple[str, ...]] = {}
        """(account, dataset) → the keys and measures that were last asked for."""
        self.bounds: dict[str, Mapping[str, Bounds]] = {}
        """Account → what may be asked of it, as it was known in its last round."""
        self.refused: dict[str, int] = {}
        """Dataset → rows that could not be read since the start."""
        self.requests = 0
        """Questions that went out since the start, each with its tries."""
        self._audited: dict[str, datetime] = {}
        """Account → the UTC day on which it needs no (further) audit."""
        self._skew = timedelta(0)

    def now(self) -> datetime:
        """The server's time, as well as it is known (UTC)."""
        return self._clock.now() + self._skew

    async def present(self, account: str, more: Beside = nothing_beside) -> list[Reading]:
        """Ask for every hour of the open window that may have changed: one request when no page is full.

        `more` makes questions that are asked beside these and are not kept; their readings are returned.
        """
        bounds = self.bounds[account] = await self._source.bounds(account)
        self._failed = {(one, name) for one, name in self._failed if one != account}
        now = self.now()
        questions: list[Question] = []
        for dataset in self._asked(bounds):
            window = plan.open_window(dataset, now)
            hours = self._history.unsettled(account, dataset, window, now)
            longest = plan.longest(dataset, bounds, {name: self._slices[name] for name in self._found})
            questions += [Question(dataset, part) for part in plan.stretches(hours, window.until, longest)]
        beside = more(account, bounds, now)
        readings = await self._ask(account, [*questions, *beside])
        return readings[len(questions) :]

    async def beside(self, account: str, more: Beside) -> list[Reading]:
        """Ask only what is not kept: for an account that another process asks for."""
        bounds = self.bounds[account] = await self._source.bounds(account)
        return await self._ask(account, more(account, bounds, self.now()))

    async def past(self, account: str, reach: timedelta, shorter: Reaches = AS_FAR, *, with_audit: bool = True) -> bool:
        """Ask for the newest stretch that history lacks, of each dataset: one request; once a day, when nothing is
        lacking, audit what is settled. `shorter`: the reach of some datasets. False: nothing to do.
        """
        bounds = await self._source.bounds(account)
        now = self.now()
        questions: list[Question] = []
        for dataset in self._asked(bounds):
            if (account, dataset.name) in self._failed:
                continue
            window = self._past_window(dataset, bounds, shorter.get(dataset.name, reach))
            hours = self._history.unsettled(account, dataset, window, now)
            parts = plan.past_windows(hours, dataset, bounds, self._slices)
            questions += [Question(dataset, part) for part in parts]
        if not questions:
            return with_audit and await self._audit(account, bounds)
        for reading in await self._ask(account, questions):
            self._lengthen(reading, bounds)
        return True

    async def _audit(self, account: str, bounds: Mapping[str, Bounds]) -> bool:
        """Reopen the hours that moved since they settled: one request. False: there was no need to look."""
        now = self.now()
        if self._audited.get(account) == day_of(now):
            return False
        is_due = self._history.is_audit_due(account, audit.since(now), now)
        if is_due:
            parts = [audit.questions(one, bounds.get(one.name, Bounds()), now) for one in self._asked(bounds)]
            readings = await self._complete(account, [part for group in parts for part in group], MOST_REQUESTS)
            moved: dict[Dataset, tuple[int, ...]] = {}
            for reading in filter(is_whole, readings):
                dataset = reading.question.dataset
                stored = self._history.sums(account, dataset, reading.question.window)
                intervals = self._unseen.intervals(account, reading, stored)
                off = audit.moved(stored, reading.totals, intervals)
                moved[dataset] = (*moved.get(dataset, ()), *off)
            self._history.audit(account, moved, now)
            again = sum(map(len, moved.values()))
            log.info(
                "audit of %s: %s", account, f"{again} hours moved and are read again" if again else "nothing moved"
            )
        self._audited[account] = day_of(now)
        return is_due

    async def progress(
        self, account: str, reach: timedelta | None = None, shorter: Reaches = AS_FAR
    ) -> Progress | None:
        """How much of what may be asked (of the last `reach`) has been read; None when all has."""
        bounds = await self._source.bounds(account)
        done, of, back_to = 0, 0, []
        for dataset in self._asked(bounds):
            window = self._past_window(dataset, bounds, shorter.get(dataset.name, reach))
            known = self._history.known(dataset.name, window, (account,))
            hours = window.hours
            done, of = done + sum(hour in known for hour in hours), of + len(hours)
            back_to.append(next((hour + HOUR for hour in reversed(hours) if hour not in known), window.since))
        return Progress(done, of, max(back_to)) if done < of else None

    def _past_window(self, dataset: Dataset, bounds: Mapping[str, Bounds], reach: timedelta | None) -> Window:
        return plan.past_window(dataset, bounds.get(dataset.name, Bounds()), self.now(), reach)

    def _asked(self, bounds: Mapping[str, Bounds]) -> tuple[Dataset, ...]:
        return tuple(dataset for dataset in self._datasets if bounds.get(dataset.name, Bounds()).enabled)

    async def _ask(self, account: str, questions: Sequence[Question]) -> list[Reading]:
        readings = await self._complete(account, questions, MOST_REQUESTS)
        for reading in readings:
            if reading.question.by is None:
                self._take(account, reading)
        return readings

    async def _complete(self, account: str, questions: Sequence[Question], requests: int) -> list[Reading]:
        """A reading for each question, asked in ever smaller parts while pages are full."""
        if not questions:
            return []
        self.requests += 1
        answer = await self._source.fetch(account, questions)
        self._keep_time(answer.server_time)
        readings = list(answer.readings)
        smaller = {
            n: plan.halves(reading.question)
            for n, reading in enumerate(readings)
            if is_cut(reading) and reading.question.by is None
        }
        for reading in (readings[n] for n in smaller if not questions[n].only_totals):
            self._shorten(reading)
        if requests > 1 and any(smaller.values()):
            parts = await self._complete(account, [part for group in smaller.values() for part in group], requests // 2)
            for n, group in smaller.items():
                if group:
                    readings[n], parts = together(readings[n].question, parts[: len(group)]), parts[len(group) :]
        return readings

    def _shorten(self, reading: Reading) -> None:
        """The next stretch of the past will be half as long as the one that did not fit."""
        name = reading.question.dataset.name
        self._found.add(name)
        self._slices[name] = max(HOUR, min(self._slices.get(name, DAY), reading.question.window.length / 2))

    def _lengthen(self, reading: Reading, bounds: Mapping[str, Bounds]) -> None:
        """The next stretch of the past will be twice as long as one that left most of its page empty."""
        name, length = reading.question.dataset.name, reading.question.window.length
        known, before = bounds.get(name, Bounds()), self._slices.get(name, DAY)
        if reading.error is None and len(reading.rows) * MOSTLY_EMPTY < known.page and name not in self._found:
            longer = 2 * (before if length >= known.max_window else length)
            self._slices[name] = min(max(longer, before), plan.WEEK)

    def _take(self, account: str, reading: Reading) -> None:
        dataset, now = reading.question.dataset, self.now()
        error = reading.error
        if reading.truncated:
            error = LimitError(f"{dataset.name}: more rows than a page holds", kind="rows")
        if error is not None:
            log.warning("%s of %s: %s", dataset.name, account, error)
            self._failed.add((account, dataset.name))
            self._faults.failed(error, account, dataset.name, now)
            return
        if reading.refused:
            self.refused[dataset.name] = self.refused.get(dataset.name, 0) + reading.refused
            unread = BadDataError(f"{dataset.name}: {reading.refused} rows could not be read and were left out")
            self._faults.failed(unread, account, dataset.name, now)
        else:
            self._faults.worked(account, dataset.name)
        window = reading.question.window
        if reading.known and self._selected.get((account, dataset.name)) != reading.known:
            if self._history.select(account, dataset, reading.known, hour_of(now - dataset.reach)):
                log.info("%s of %s: more may be asked than before, the past is read again", dataset.name, account)
            self._selected[account, dataset.name] = reading.known
        seconds = (int(row[0] or 0) for row in reading.rows)
        intervals = self._unseen.intervals(account, reading, {second - second % 3600 for second in seconds})
        self._history.record(account, dataset, window, reading.rows, reading.totals, now, intervals)
        stored = self._history.sums(account, dataset, window)
        self._differences.compare(account, dataset, window, stored, reading.totals, intervals, now)

    def _keep_time(self, server_time: datetime | None) -> None:
        if server_time is None or server_time.year not in CREDIBLE:
            return
        skew = server_time - self._clock.now()
        is_off = abs(skew) > SKEW
        self._skew = skew if is_off else timedelta(0)
        if not is_off:
            self._faults.worked("", CLOCK)
        else:
            minutes = round(abs(skew).total_seconds() / 60)
            why = (
                f"this machine's clock is {minutes} min {'behind' if skew > timedelta(0) else 'ahead of'} Cloudflare's"
            )
            self._faults.note(Fault(CLOCK, CLOCK, why, "set the clock; questions use the corrected time", self.now()))
