"""Request logs over REST: rows of a gateway, newest first, and the bodies of one request for who asks by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

import msgspec

from aigw_tui.cloudflare.envelope import UNREADABLE, Envelope
from aigw_tui.cloudflare.logfields import row_of
from aigw_tui.cloudflare.refusals import read, worst
from aigw_tui.cloudflare.rest import REST_PAUSE_S
from aigw_tui.cloudflare.retry import Deadline, insist
from aigw_tui.errors import BadDataError, ForbiddenError, LimitError
from aigw_tui.format import iso
from aigw_tui.model import Clock, LogFilter, LogRow
from aigw_tui.transport import Response, Transport

PAGE = 50
"""The most that Cloudflare gives at once."""
MOST_PAGES = 400
SLACK = timedelta(minutes=1)
"""Rows out of order by less are in order: a gateway logs a request when it is over."""
ABSENT = "absent"
"""The kind of LimitError that says: nothing is to be had there."""
ABSENT_REMEDY = "check the names; accounts made since 24 September 2026 keep their logs elsewhere: see the dashboard"
PERMISSION = "give the token AI Gateway: Read"
GLOB = frozenset("*?[")
MOST_NAMES = 20
"""In one filter: it is a part of the address, which is not to become too long."""


@dataclass(slots=True)
class Logs:
    """The logs of one account's gateways. Raises AigwError; a LimitError of kind `absent` where there are none."""

    transport: Transport
    clock: Clock
    account: str
    most_pages: int = MOST_PAGES
    """Of one gateway, in one question."""
    unread: int = 0
    """Rows that could not be read and were left out."""
    is_cut: bool = False
    """There is more than `most_pages` hold; what is older was not looked at."""
    cut_at: datetime | None = None
    """The time of the oldest row that was looked at, where that is so."""
    filters_refused: bool = False

    async def rows(self, gateway: str, wanted: LogFilter) -> AsyncGenerator[LogRow, None]:
        """Newest first, each once. Filters are the server's work where documented, and checked here in any case."""
        seen: set[str] = set()
        kept: list[LogRow] = []
        is_sorted, oldest = True, wanted.window.until
        for number in range(1, self.most_pages + 1):
            rows, is_last = await self._page(gateway, wanted, number)
            fresh = [row for row in rows if row.id not in seen]
            seen.update(row.id for row in fresh)
            if fresh:
                before = fresh[0].at if number == 1 else oldest
                is_sorted = is_sorted and fresh[-1].at - SLACK <= fresh[0].at <= before + SLACK
                oldest = min(row.at for row in fresh)
            kept += [row for row in fresh if wanted.passes(row)]
            if is_sorted:
                for row in _by_time(kept):
                    yield row
                kept.clear()
            if is_last or (rows and not fresh) or (is_sorted and oldest < wanted.window.since):
                break
        else:
            self.is_cut, self.cut_at = True, oldest
        for row in _by_time(kept):
            yield row

    async def row(self, gateway: str, log: str) -> LogRow | None:
        """One request; None where that gateway has none of that id."""
        try:
            envelope = self._read(await self._get(f"{self._place(gateway)}/{quote(log, safe='')}"))
        except LimitError as refusal:
            if refusal.kind != ABSENT:
                raise
            return None
        return row_of(_decoded(envelope), self.account, gateway)

    async def body(self, gateway: str, log: str, part: str) -> bytes | None:
        """The `request` or `response` of one request, as it came; None where it was not kept."""
        response = await self._get(f"{self._place(gateway)}/{quote(log, safe='')}/{part}")
        if response.status == 404:
            return None
        if response.status >= 400:
            self._read(response)
        return response.body

    def _place(self, gateway: str) -> str:
        return f"/accounts/{quote(self.account, safe='')}/ai-gateway/gateways/{quote(gateway, safe='')}/logs"

    async def _page(self, gateway: str, wanted: LogFilter, number: int) -> tuple[list[LogRow], bool]:
        """Those that could be read, and whether there are no more."""
        asked = {
            "page": str(number),
            "per_page": str(PAGE),
            "order_by": "created_at",
            "order_by_direction": "desc",
            "start_date": iso(wanted.window.since),
            "end_date": iso(wanted.window.until),
        }
        filters = "" if self.filters_refused else _filters(wanted)
        response = await self._get(self._place(gateway), asked | ({"filters": filters} if filters else {}))
        if response.status == 400 and filters:
            self.filters_refused = True
            response = await self._get(self._place(gateway), asked)
        envelope = self._read(response)
        result = _decoded(envelope)
        if not isinstance(result, list):
            raise BadDataError("no list where one was asked for")
        rows = [row for each in result if (row := row_of(each, self.account, gateway))]
        self.unread += len(result) - len(rows)
        return rows, not result or (len(result) < PAGE and envelope.pages <= number)

    async def _get(self, path: str, params: Mapping[str, str] | None = None) -> Response:
        """Any answer but one that passes by itself; those are asked for again."""
        deadline = Deadline(self.clock)

        async def once() -> Response:
            response = await self.transport.send("GET", path, params=params, within_s=deadline.left_s)
            if response.status >= 500:
                self._read(response)
            return response

        return await insist(once, self.clock, deadline)

    def _read(self, response: Response) -> Envelope:
        if response.status == 404:
            raise LimitError("there is no such log (HTTP 404)", ABSENT_REMEDY, kind=ABSENT)
        try:
            envelope, errors = read(response, self.clock.now(), REST_PAUSE_S)
            if errors:
                raise worst(errors)
        except ForbiddenError as refusal:
            raise ForbiddenError(refusal.why, PERMISSION) from None
        return envelope


def _by_time(rows: list[LogRow]) -> list[LogRow]:
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _filters(wanted: LogFilter) -> str:
    """The part of a filter that has a documented key, as JSON. Status has none; how metadata compare is not said."""
    found: list[dict[str, object]] = [
        {"key": key, "operator": "eq", "value": list(names)}
        for key, names in (("model", wanted.models), ("provider", wanted.providers))
        if all(names) and 0 < len(names) <= MOST_NAMES and not GLOB & set("".join(names))
    ]
    if wanted.only_errors:
        found.append({"key": "success", "operator": "eq", "value": [False]})
    if wanted.least_ms:
        found.append({"key": "duration", "operator": "gt", "value": [wanted.least_ms - 1]})
    return json.dumps(found) if found else ""


def _decoded(envelope: Envelope) -> object:
    try:
        return msgspec.json.decode(envelope.payload)
    except UNREADABLE:
        raise BadDataError("JSON of another shape than Cloudflare's") from None
