"""What history does not keep: asked for while a visible panel needs it, for the scope that is looked at."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aigw_tui.datasets import Dataset, live_datasets
from aigw_tui.errors import AigwError
from aigw_tui.feed.gatewaybook import GatewayBook, is_young
from aigw_tui.insight.scoped import Pairs, is_covered, where
from aigw_tui.model import DAY, HOUR, Gateway, Live, Logged, Scope, Views, Window, day_of, hour_of
from aigw_tui.source import Bounds, Question, Reading, Source

log = logging.getLogger(__name__)

BY_HOUR_UP_TO = 14 * DAY
"""Longer windows are asked by the day."""
CLOSED = timedelta(hours=2)
"""Hours this old get no more logs."""
LONGEST_CLOSED = 7 * DAY
WHOLE = "whole"
"""Every screen shows totals: it is needed wherever hours of the scope's window were sampled."""
SCOPES_KEPT = 8
GATEWAYS, LOGGED = "gateways", "logged"
"""What is needed besides datasets."""
NOT_KEPT = frozenset((*(one.name for one in live_datasets()), GATEWAYS, LOGGED))
"""All that is asked for only while somebody looks."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the screen shows."""

    scope: Scope = Scope()  # noqa: RUF009 - frozen
    names: frozenset[str] = frozenset()
    """Live datasets, `gateways`, `logged`."""
    argument: str = ""
    """The name of the metadata key that is looked at."""


class LiveAnswers:
    """The answers to what is needed now, and to what was a moment ago: who goes back has them at once."""

    def __init__(self, source: Source, views: Views, gateways: GatewayBook) -> None:
        self._source, self._views, self._gateways = source, views, gateways
        self.needs = self._asked_for = Needs()
        self._answers: dict[tuple[Scope, str], dict[tuple[str, str, tuple[str, ...]], Live]] = {}
        """(scope, argument) → (account, dataset, by) → its answer; the scope looked at last comes last."""
        self._logged: dict[str, tuple[datetime, Window, tuple[Logged, ...]]] = {}

    def need(self, needs: Needs) -> bool:
        """From now on these; True when something of them was never answered."""
        self.needs = needs
        own = self._answers.pop((needs.scope, needs.argument), {})
        self._answers[needs.scope, needs.argument] = own
        for old in tuple(self._answers)[:-SCOPES_KEPT]:
            del self._answers[old]
        known = {dataset for _, dataset, _ in own}
        known |= {name for name, found in ((GATEWAYS, self._gateways.is_begun), (LOGGED, self._logged)) if found}
        return bool(needs.names - known)

    def questions(self, account: str, bounds: Mapping[str, Bounds], now: datetime) -> list[Question]:
        """What to ask that account beside what history lacks."""
        found: list[Question] = []
        self._asked_for = self.needs
        for dataset in live_datasets():
            if not self._is_needed(account, dataset, now):
                continue
            window = self._window(dataset, bounds.get(dataset.name, Bounds()), now)
            pairs = self._where(dataset)
            has_none = any(not values for _, values in pairs)
            for by in map(self._by, dataset.asks):
                if not is_covered(self.needs.scope, dataset.name):
                    why = "this cannot be told for a part of the failures"
                    self._put(Live(dataset.name, account, by, window, why=why, remedy="{scope.back} goes back"))
                elif has_none:
                    self._put(Live(dataset.name, account, by, window))
                else:
                    found.append(Question(dataset, window, by=by, where=pairs, argument=self.needs.argument))
        return found

    def take(self, account: str, readings: Sequence[Reading]) -> None:
        """The answers to the last questions: of the scope that was looked at then, whatever is looked at now."""
        for reading in readings:
            question, by = reading.question, reading.question.by or ()
            live = Live(question.dataset.name, account, by, question.window, question.argument)
            self._put(_answered(live, reading))

    async def look_up(self, account: str, now: datetime) -> None:
        """Gateways and their logs over REST, now and then. A refusal is logged, and tried again as seldom."""
        if not self.needs.names & {GATEWAYS, LOGGED}:
            return
        gateways = await self._gateways.of(account, now)
        window = closed(self.needs.scope.window(now), now)
        allowed = self.needs.scope.values("gateway")
        names = [one.id for one in gateways if not allowed or one.id in allowed]
        known = self._logged.get(account)
        has_all = known and known[1] == window and {*names} <= {one.gateway for one in known[2]}
        if LOGGED in self.needs.names and not (has_all and known and is_young(known[0], now)):
            self._logged[account] = now, window, await self._counted(account, names, window)

    async def _counted(self, account: str, gateways: Sequence[str], window: Window) -> tuple[Logged, ...]:
        """One that fails speaks for those after it: each could take as long to fail."""
        found: list[Logged] = []
        try:
            for gateway in gateways:
                found.append(await self._source.logged(account, gateway, window))  # noqa: PERF401 - kept when one fails
        except AigwError as error:
            log.info("no count of logs: %s", error)
            found += [Logged(gateway, None, error.why) for gateway in gateways[len(found) :]]
        return tuple(found)

    def answers(self, now: datetime) -> tuple[Live, ...]:
        """Those of the scope that is looked at; after midnight none of yesterday's stands for today."""
        since = self.needs.scope.window(now).since
        found = self._answers.get((self.needs.scope, self.needs.argument), {}).values()
        return tuple(live for live in found if live.window.until > since)

    @property
    def gateways(self) -> tuple[tuple[str, tuple[Gateway, ...]], ...]:
        return self._gateways.all

    @property
    def logged(self) -> tuple[tuple[str, Window, tuple[Logged, ...]], ...]:
        return tuple((account, window, found) for account, (_, window, found) in self._logged.items())

    def _is_needed(self, account: str, dataset: Dataset, now: datetime) -> bool:
        if dataset.name == WHOLE:
            is_sampled = self._views.sampled("requests", self.needs.scope.window(now), (account,))
            return WHOLE in self.needs.names or bool(is_sampled)
        has_argument = bool(self.needs.argument) or not any(key.argument for key in dataset.keys)
        return dataset.name in self.needs.names and has_argument

    def _by(self, by: tuple[str, ...]) -> tuple[str, ...]:
        period = self.needs.scope.current_period
        is_long = period.days > BY_HOUR_UP_TO.days or (not period.days and not period.hours and period.fixed is None)
        is_long = is_long or (period.fixed is not None and period.fixed.length > BY_HOUR_UP_TO)
        return tuple("day" if name == "hour" and is_long else name for name in by)

    def _where(self, dataset: Dataset) -> Pairs:
        """What the scope lets through, besides accounts: each is asked by itself."""
        return tuple(pair for pair in where(self._views, self.needs.scope, dataset.name) if pair[0] != "account")

    def _window(self, dataset: Dataset, bounds: Bounds, now: datetime) -> Window:
        """The scope's, as far back as may be asked at once."""
        asked = self.needs.scope.window(now)
        if dataset.span is not None:
            return Window(now - dataset.span, now)
        oldest = max(asked.until - bounds.max_window, hour_of(now - bounds.oldest) + HOUR)
        since = asked.since if asked.since >= oldest else day_of(oldest) + DAY
        return Window(min(since, asked.until), asked.until)

    def _put(self, live: Live) -> None:
        own = self._answers.setdefault((self._asked_for.scope, self._asked_for.argument), {})
        own[live.account, live.dataset, live.by] = live


def closed(window: Window, now: datetime) -> Window:
    """The part of a window that gets no more logs, at most a week; where there is none, the 24 hours before."""
    until = min(hour_of(window.until), hour_of(now - CLOSED))
    since = max(hour_of(window.since), until - LONGEST_CLOSED)
    return Window(since, until) if since < until else Window(until - DAY, until)


def _answered(live: Live, reading: Reading) -> Live:
    """With the rows of the reading, or with why there are none; times become moments."""
    if reading.error is not None:
        return replace(live, why=reading.error.why, remedy=reading.error.remedy)
    places = [n for n, name in enumerate(live.by) if name in ("hour", "day")]
    rows = tuple(
        tuple(datetime.fromtimestamp(int(value or 0), UTC) if n in places else value for n, value in enumerate(row))
        for row in reading.rows
    )
    return replace(live, rows=rows, interval=reading.interval, is_cut=reading.truncated)
