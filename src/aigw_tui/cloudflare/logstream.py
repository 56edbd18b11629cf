"""The logs of several gateways as one stream: merged by time, or followed as they grow."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta

from aigw_tui.cloudflare.logs import Logs
from aigw_tui.errors import AigwError, BadDataError, BudgetError, ForbiddenError, LimitError, TransientError
from aigw_tui.model import Clock, LogFilter, LogRow, Window

Source = tuple[Logs, str]
"""An account's logs, and a gateway of it."""

LATE = timedelta(minutes=10)
"""How long after its start a request may still come into the log."""
PASSING = (TransientError, BudgetError, BadDataError)


async def merged(
    sources: Sequence[Source], wanted: LogFilter, say: Callable[[AigwError, str], None]
) -> AsyncGenerator[LogRow, None]:
    """Newest first, of all gateways. One that may not be read is said and left out; raises that if all are so."""
    refusals: list[AigwError] = []
    heads: list[tuple[LogRow, AsyncIterator[LogRow]]] = []
    streams = [(gateway, logs.rows(gateway, wanted)) for logs, gateway in sources]
    for gateway, rows in streams:
        try:
            heads += [(row, rows) for row in [await anext(rows, None)] if row]
        except (ForbiddenError, LimitError) as refusal:
            refusals.append(refusal)
            if len(sources) > 1:
                say(refusal, gateway)
    if len(refusals) == len(sources):
        raise refusals[0]
    while heads:
        place = max(range(len(heads)), key=lambda n: heads[n][0].at)
        row, stream = heads[place]
        yield row
        following = await anext(stream, None)
        heads[place : place + 1] = [(following, stream)] if following else []


async def followed(
    sources: Sequence[Source],
    wanted: LogFilter,
    clock: Clock,
    interval_s: float,
    most: int,
    say: Callable[[AigwError, str], None],
) -> AsyncGenerator[tuple[LogRow, ...], None]:
    """The newest `most` rows, then after each interval those that are new, always oldest first; for ever.

    What passes by itself is said, and the next question waits for as long as Cloudflare wants.
    """
    start = clock.now()
    seen: dict[str, datetime] = {}
    first: list[LogRow] = []
    async with aclosing(merged(sources, _up_to(wanted, wanted.window.since, start), say)) as rows:
        async for row in rows:
            seen[row.id] = row.at
            if len(first) < most:
                first.append(row)
            elif row.at < start - LATE:
                break
    yield tuple(reversed(first))
    latest = start
    while True:
        await clock.sleep(interval_s)
        since = max(wanted.window.since, min(latest, clock.now()) - LATE)
        try:
            found = [
                row async for row in merged(sources, _up_to(wanted, since, clock.now()), say) if row.id not in seen
            ]
        except PASSING as error:
            say(error, "")
            if isinstance(error, BudgetError):
                await clock.sleep(max(0.0, (error.until - clock.now()).total_seconds()))
            yield ()
            continue
        latest = clock.now()
        seen = {id_: at for id_, at in seen.items() if at >= since - LATE} | {row.id: row.at for row in found}
        yield tuple(reversed(found))


def _up_to(wanted: LogFilter, since: datetime, now: datetime) -> LogFilter:
    """The same question about `[since, now]`: a log's times have parts of a second, the question's have none."""
    return replace(wanted, window=Window(since, now + timedelta(seconds=1)))
