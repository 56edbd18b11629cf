"""Waiting for one request to appear: in the logs of gateways, and in the analytics."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from aigw_tui.errors import BadDataError, BudgetError, ForbiddenError, LimitError, TransientError
from aigw_tui.model import Clock, LogFilter, LogRow, Window

if TYPE_CHECKING:
    from aigw_tui.cloudflare.client import Client
    from aigw_tui.cloudflare.logs import Logs

LOGS_S, ANALYTICS_S = 180.0, 600.0
"""How long each is waited for: logs were seen within seconds, analytics after 139 to 365 s (cloudflare-api, 1)."""
BEFORE, AFTER = timedelta(seconds=2), timedelta(seconds=10)
"""How far analytics may place a request from where its log does."""
NO_TIME = "without its log nobody knows when the request was"
STEP_S = 5.0
STEPS_A_QUESTION = 4
"""Analytics are asked at every fourth step: 30 questions in 10 minutes, of 300 in 5."""
PASSING = (TransientError, BudgetError, BadDataError)
REFUSED = (ForbiddenError, LimitError)


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of the request that is looked for."""

    gateways: tuple[str, ...]
    """One of these."""
    window: Window | None
    """When it was on its way; None: that is known when its log is."""
    log: str = ""
    """The id of its log; empty: any log of this window."""
    model: str = ""
    """Empty: any."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one of the two places says in the end."""

    place: str
    """`logs` or `analytics`."""
    after_s: float | None = None
    """Seconds from the sending until it was seen; None: it was not."""
    count: int = 0
    """How many requests there are that may be the one; 1 is proof."""
    row: LogRow | None = None
    why: str = ""
    """Why it could not be looked up."""


@dataclass(slots=True)
class Watcher:
    """Looks for a trace in both places until it is seen or too late. Raises AuthError."""

    client: Client
    logs: Logs
    clock: Clock
    began: float
    """Monotonic seconds of the sending."""
    logs_s: float = LOGS_S
    analytics_s: float = ANALYTICS_S

    async def findings(self, trace: Trace) -> AsyncGenerator[Finding, None]:
        """One of each place, as soon as it is known. A log that is found tells where to look in the analytics."""
        open_places = {"logs", "analytics"}
        last_words = dict.fromkeys(open_places, "")
        step = 0
        while open_places:
            for place in ("logs", "analytics"):
                is_due = place == "logs" or step % STEPS_A_QUESTION == 0 or self._is_over(place)
                if place not in open_places or not is_due:
                    continue
                try:
                    found = await (self._in_logs(trace) if place == "logs" else self._in_analytics(trace))
                    last_words[place] = ""
                except PASSING as error:
                    found, last_words[place] = None, str(error)
                except REFUSED as error:
                    found = Finding(place, why=str(error))
                if found is None and self._is_over(place):
                    found = Finding(place, why=last_words[place] or await self._why_no_logs(place, trace))
                if found is None:
                    continue
                open_places.discard(place)
                if found.row:
                    trace = _narrowed(trace, found.row)
                yield found
            step += 1
            if open_places:
                await self.clock.sleep(STEP_S)

    def _is_over(self, place: str) -> bool:
        return self._passed >= (self.logs_s if place == "logs" else self.analytics_s)

    @property
    def _passed(self) -> float:
        return self.clock.monotonic() - self.began

    async def _in_logs(self, trace: Trace) -> Finding | None:
        rows = [row for gateway in trace.gateways for row in await self._rows(gateway, trace)]
        return Finding("logs", self._passed, len(rows), rows[0]) if rows else None

    async def _why_no_logs(self, place: str, trace: Trace) -> str:
        """A log that is not there yet and a gateway without logs are the same 404; a list of logs tells them apart."""
        if place == "logs" and trace.log:
            now = self.clock.now()
            listed = Trace(trace.gateways, trace.window or Window(now - BEFORE, now))
            try:
                for gateway in trace.gateways:
                    await self._rows(gateway, listed)
            except (*REFUSED, *PASSING) as error:
                return str(error)
        return ""

    async def _rows(self, gateway: str, trace: Trace) -> Sequence[LogRow]:
        if trace.log:
            row = await self.logs.row(gateway, trace.log)
            return (row,) if row else ()
        if trace.window is None:
            return ()
        wanted = LogFilter(trace.window, models=(trace.model,) if trace.model else ())
        return [row async for row in self.logs.rows(gateway, wanted)]

    async def _in_analytics(self, trace: Trace) -> Finding | None:
        from aigw_tui.datasets import dataset
        from aigw_tui.source import Question

        if trace.window is None:
            return Finding("analytics", why=NO_TIME) if self._passed >= self.logs_s else None
        model = (("model", (trace.model,)),) if trace.model else ()
        where = (("gateway", trace.gateways), *model)
        question = Question(dataset("whole"), trace.window, by=("gateway",), where=where)
        (reading,) = (await self.client.fetch(self.logs.account, (question,))).readings
        if reading.error:
            raise reading.error
        count = sum(int(row[1] or 0) for row in reading.rows)
        return Finding("analytics", self._passed, count) if count else None


def _narrowed(trace: Trace, row: LogRow) -> Trace:
    """What its log tells of a request."""
    window = trace.window or Window(row.at - BEFORE, row.at + AFTER)
    return Trace((row.gateway,), window, row.id, row.model or trace.model)


def verdict(logs: Finding, analytics: Finding, *, is_logging: bool | None, is_own: bool) -> tuple[bool, str]:
    """Whether it is proven that the request went through a gateway and can be seen, and what the findings mean.

    `is_logging`: whether the gateway collects logs; None: unknown. `is_own`: it was sent to a Worker of the person's.
    """
    gateway = logs.row.gateway if logs.row else ""
    if is_own and (logs.count or analytics.count) > 1:
        return False, "cannot tell: other requests went through the gateways in the same seconds; try at a quieter time"
    if logs.count and analytics.count:
        which = "the only request of these seconds" if is_own else "the request"
        return True, f"proven: {which} went through {gateway}; its log and its analytics are there"
    if logs.count:
        return False, (
            f"the request went through {gateway} and was logged, but the analytics do not show it: {_late(analytics)}"
        )
    if analytics.count:
        why = logs.why or "its log store may be full, or the log was turned off for this request"
        if is_logging is False:
            return True, "proven by the analytics: the request went through; the gateway collects no logs"
        return False, f"the request went through, the analytics show it, but no log does: {why}"
    if logs.why and analytics.why:
        return False, "cannot tell: neither the logs nor the analytics could be asked"
    if is_own:
        return False, (
            "nothing appeared: the Worker seems to call the model without a gateway, or through another account's; "
            "give its call gateway: {id: …}"
        )
    return False, f"nothing appeared: {_late(analytics)}"


def _late(analytics: Finding) -> str:
    return analytics.why or (
        "it may come later (139 to 365 s were seen), or the token lacks Account Analytics: Read; "
        "aigw-tui doctor tells which"
    )
