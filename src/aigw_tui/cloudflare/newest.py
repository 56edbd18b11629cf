"""The newest request logs of an account's gateways together: a few pages at the most, whatever is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from aigw_tui.cloudflare.logs import Logs
from aigw_tui.cloudflare.logstream import merged
from aigw_tui.errors import AigwError
from aigw_tui.model import Clock, LogFilter, NewestLogs, Unread
from aigw_tui.transport import Transport

PAGES, LEAST_PAGES = 20, 5
"""Of all gateways together, and of each in any case: enough for 200 rows, where the server does the filtering."""


async def newest(
    transport: Transport, clock: Clock, account: str, gateways: Sequence[str], wanted: LogFilter, most: int
) -> NewestLogs:
    """At most `most` rows. A gateway that refuses is named while another one answers; raises AigwError when none does.

    No row is missing between the first and the last: where a gateway has more logs than are looked at, those of the
    others end there, too.
    """
    if not gateways:
        return NewestLogs(account, read_at=clock.now())
    pages = max(PAGES // len(gateways), LEAST_PAGES)
    sources = [(Logs(transport, clock, account, most_pages=pages), gateway) for gateway in gateways]
    unread: list[Unread] = []

    def refused(error: AigwError, gateway: str) -> None:
        unread.append(Unread(gateway, error.why, error.remedy))

    rows = []
    async with aclosing(merged(sources, wanted, refused)) as found:
        async for row in found:
            rows.append(row)
            if len(rows) == most:
                break
    ends = [logs.cut_at for logs, _ in sources if logs.cut_at]
    kept = tuple(row for row in rows if not ends or row.at >= max(ends))
    return NewestLogs(account, kept, bool(ends) or len(rows) == most, tuple(unread), read_at=clock.now())
