"""The client: questions in, rows out, within our budget and what the account may see; a `source.Source`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from aigw_tui.cloudflare import documents
from aigw_tui.cloudflare.answers import Decoded, decode
from aigw_tui.cloudflare.budget import Meters
from aigw_tui.cloudflare.discovery import Discovery, Shelf
from aigw_tui.cloudflare.documents import Ask
from aigw_tui.cloudflare.graphql import GraphQL
from aigw_tui.cloudflare.logs import Logs
from aigw_tui.cloudflare.newest import newest
from aigw_tui.cloudflare.refusals import is_particular, worst
from aigw_tui.cloudflare.rest import Rest
from aigw_tui.cloudflare.retry import Deadline
from aigw_tui.cloudflare.schema import Schema
from aigw_tui.cloudflare.selection import TIMES, Selection, asked_names
from aigw_tui.datasets import Dataset, all_datasets, live_datasets
from aigw_tui.errors import AigwError, BadDataError
from aigw_tui.model import Budget, Clock, Gateway, LogFilter, Logged, LogRow, NewestLogs, Price, Window
from aigw_tui.source import Answer, Bounds, Question, Reading
from aigw_tui.transport import Transport

ATTEMPTS_ALONE = 4
"""How often one dataset is asked in one fetch, each time without what was just refused."""
NO_ROWS = Decoded((), 0, 0)

Failures = Sequence[tuple[str, AigwError]]


class Client:
    """Asks Cloudflare, or whoever answers like it. One client holds one token's budget and its accounts' schemas."""

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        *,
        datasets: Sequence[Dataset] | None = None,
        meters: Meters | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.rest = Rest(transport, clock)
        self._transport = transport
        self._clock = clock
        self._datasets = tuple((*all_datasets(), *live_datasets()) if datasets is None else datasets)
        self._meters = meters or Meters(clock)
        self._graphql = GraphQL(transport, clock, self._meters)
        nodes = dict.fromkeys(one.node for dataset in self._datasets for one in (dataset, dataset.instead) if one)
        self._discovery = Discovery(self._graphql, clock, tuple(nodes), shelf)

    @property
    def budget(self) -> Budget:
        return self._meters.budget

    async def close(self) -> None:
        await self._transport.close()

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        return await self.rest.accounts()

    async def prices(self, account: str) -> Mapping[str, Price]:
        return await self.rest.prices(account)

    async def gateways(self, account: str) -> tuple[Gateway, ...]:
        return await self.rest.gateways(account)

    async def logged(self, account: str, gateway: str, window: Window) -> Logged:
        return await self.rest.logged(account, gateway, window)

    async def newest(self, account: str, gateways: Sequence[str], wanted: LogFilter, most: int) -> NewestLogs:
        return await newest(self._transport, self._clock, account, gateways, wanted, most)

    async def log(self, account: str, gateway: str, log: str) -> LogRow | None:
        return await Logs(self._transport, self._clock, account).row(gateway, log)

    async def body(self, account: str, gateway: str, log: str, part: str) -> bytes | None:
        return await Logs(self._transport, self._clock, account).body(gateway, log, part)

    async def bounds(self, account: str) -> Mapping[str, Bounds]:
        schema = await self._discovery.schema(account, Deadline(self._clock))
        return {dataset.name: schema.bounds(dataset, self._clock.monotonic()) for dataset in self._datasets}

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        """See `Source.fetch`; at most 30 s, all tries and waits included."""
        deadline = Deadline(self._clock)
        schema = await self._discovery.schema(account, deadline)
        asks: dict[int, Ask] = {}
        readings: dict[int, Reading] = {}
        for n, question in enumerate(questions):
            try:
                asks[n] = Ask(question, schema.select(question, self._clock.monotonic()))
            except AigwError as error:
                readings[n] = Reading(question, error=error)
        date = None
        if asks:
            answered, date = await self._together(account, schema, tuple(asks.values()), deadline)
            readings |= zip(asks, answered, strict=True)
            self._discovery.keep(account)
        errors = [reading.error for reading in readings.values() if reading.error]
        if errors and len(errors) == len(questions) and not any(map(is_particular, errors)):
            raise worst(tuple(errors))
        return Answer(tuple(readings[n] for n in range(len(questions))), date)

    async def _together(
        self, account: str, schema: Schema, asks: Sequence[Ask], deadline: Deadline
    ) -> tuple[list[Reading], datetime | None]:
        """One POST for all; those that are refused for reasons of their own are asked again alone."""
        try:
            readings, date = await self._post(account, asks, deadline)
        except AigwError as refusal:
            if not is_particular(refusal):
                raise
            # Alone, the refusal is the question's own; together, nobody knows whose it is.
            own = refusal if len(asks) == 1 else None
            return [await self._alone(account, schema, ask, own, deadline) for ask in asks], None
        for n, reading in enumerate(readings):
            if reading.error and is_particular(reading.error):
                readings[n] = await self._alone(account, schema, asks[n], reading.error, deadline)
        return readings, date

    async def _alone(
        self, account: str, schema: Schema, ask: Ask, error: AigwError | None, deadline: Deadline
    ) -> Reading:
        """A reading of one question, asked for less after each refusal; `error` is its last one."""
        question = ask.question
        for _ in range(ATTEMPTS_ALONE):
            if error and not schema.learn(ask, error, self._clock.now(), self._clock.monotonic()):
                break
            try:
                ask = Ask(question, schema.select(question, self._clock.monotonic()))
                (reading,), _date = await self._post(account, (ask,), deadline)
            except AigwError as refusal:
                reading = Reading(question, error=refusal)
            error = reading.error
            if error is None or not is_particular(error):
                return reading
        return Reading(question, error=error)

    async def _post(
        self, account: str, asks: Sequence[Ask], deadline: Deadline
    ) -> tuple[list[Reading], datetime | None]:
        answered = await self._graphql.ask(account, documents.usage(account, asks), deadline)
        parts = answered.account()
        spoiled = {ask.selection.dataset.node for n, ask in enumerate(asks) if not _are_there(n, ask, parts)}
        readings = []
        for n, ask in enumerate(asks):
            error = _failure(n, ask, parts, answered.failures, spoiled)
            readings.append(Reading(ask.question, error=error) if error else _reading(n, ask, parts))
        return readings, answered.date


def _are_there(n: int, ask: Ask, parts: Mapping[str, msgspec.Raw]) -> bool:
    return all(bytes(parts.get(alias, b"null")) != b"null" for alias in documents.aliases(n, ask))


def _failure(
    n: int, ask: Ask, parts: Mapping[str, msgspec.Raw], failures: Failures, spoiled: set[str]
) -> AigwError | None:
    """The error that concerns the n-th question.

    An error's path names an alias, a dataset, or nothing. A dataset may stand behind several questions: then those
    without data are meant, and all of them when none lacks data.
    """
    node, is_missing = ask.selection.dataset.node, not _are_there(n, ask, parts)
    for place, error in failures:
        is_mine = place in (*documents.aliases(n, ask), "")
        if is_mine or (place.lower() == node.lower() and (is_missing or node not in spoiled)):
            return error
    return BadDataError(f"no answer about {node}") if is_missing else None


def _reading(n: int, ask: Ask, parts: Mapping[str, msgspec.Raw]) -> Reading:
    question, selection = ask.question, ask.selection
    try:
        rows = NO_ROWS
        if not question.only_totals:
            raws = [parts[alias] for alias in documents.row_aliases(n, ask)]
            rows = decode(raws, selection, question.window)
        if question.by is not None:
            return _live(question, selection, rows)
        totals = decode((parts[f"totals{n}"],), selection.totals, question.window)
    except BadDataError as error:
        return Reading(question, error=error)
    if max(rows.came, totals.came) >= selection.page:
        return Reading(question, truncated=True)
    known = (*(key.name for key in selection.keys), *asked_names(selection))
    by_hour = {row[0]: row[1:] for row in totals.rows}
    return Reading(question, rows.rows, by_hour, totals.intervals, None, known, rows.refused)  # type: ignore[arg-type]


def _live(question: Question, selection: Selection, found: Decoded) -> Reading:
    """Rows that are not kept; a full page of them holds those that count most, or the first hours."""
    by = question.by or ()
    places = [0 if name in TIMES else 1 + selection.dataset.key_names.index(name) for name in by]
    width = 1 + len(selection.keys)
    rows = tuple((*(row[place] for place in places), *row[width:]) for row in found.rows)
    is_cut = found.came >= selection.page
    return Reading(question, rows, interval=found.intervals.get(0), refused=found.refused, truncated=is_cut)
