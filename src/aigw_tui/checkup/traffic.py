"""Whether an account has data, and the evidence where it has none."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from datetime import datetime

from aigw_tui.cloudflare.client import Client
from aigw_tui.datasets import dataset
from aigw_tui.errors import AigwError
from aigw_tui.insight.checkdata import RECENT, Evidence
from aigw_tui.model import DAY, HOUR, Gateway, Window
from aigw_tui.source import Question, Reading

NEWEST_IN = 3 * HOUR
"""How far back the newest row is looked for by the minute."""
MOST_GATEWAYS = 20
"""Whose logs are asked; an account has no more (documented)."""


async def evidence(
    client: Client, account: str, now: datetime, wanted: Sequence[str], gateways: Sequence[Gateway] | None
) -> Evidence:
    """`wanted`: names or globs of the gateways that are watched, none for all; `gateways`: None for unknown."""
    watched = None if gateways is None else [one for one in gateways if not wanted or _is_named(one.id, wanted)]
    names = None if watched is None else tuple(one.id for one in watched)
    try:
        counted = await _counted(client, account, now, wanted)
    except AigwError:
        return Evidence(None, gateways=names)
    if counted:
        return Evidence(counted, await _newest_s(client, account, now, wanted), names)
    logging = [one.id for one in watched or () if one.collects_logs is not False]
    if watched and not logging:
        return Evidence(counted, gateways=names, why="they are off")
    logged, why = await _logged(client, account, logging, Window(now - DAY, now))
    recent = (await _logged(client, account, logging, Window(now - RECENT, now)))[0] if logged else None
    return Evidence(counted, gateways=names, logged=logged, logged_recently=recent, why=why)


async def _counted(client: Client, account: str, now: datetime, wanted: Sequence[str]) -> int | None:
    """Requests of 24 hours through the gateways that are watched; by hour alone where nothing tells gateways apart."""
    question = Question(dataset("whole"), Window(now - DAY, now), by=("gateway",))
    (reading,) = (await client.fetch(account, (question,))).readings
    if reading.error is None:
        return sum(int(row[1] or 0) for row in reading.rows if not wanted or _is_named(str(row[0]), wanted))
    if wanted:
        raise reading.error
    (reading,) = (
        await client.fetch(account, (Question(dataset("requests"), question.window, only_totals=True),))
    ).readings
    if reading.error:
        raise reading.error
    return sum(int(total[0] or 0) for total in reading.totals.values())


async def _newest_s(client: Client, account: str, now: datetime, wanted: Sequence[str]) -> float | None:
    """Age of the newest minute that has a row; of the newest hour, where minutes cannot be asked."""
    for name, span in (("pulse", NEWEST_IN), ("requests", DAY)):
        try:
            (reading,) = (await client.fetch(account, (Question(dataset(name), Window(now - span, now)),))).readings
        except AigwError:
            continue
        if moments := _moments(reading, wanted):
            return max(0.0, now.timestamp() - max(moments))
    return None


def _moments(reading: Reading, wanted: Sequence[str]) -> list[int]:
    return [int(row[0] or 0) for row in reading.rows if not wanted or _is_named(str(row[1]), wanted)]


async def _logged(client: Client, account: str, gateways: Sequence[str], window: Window) -> tuple[int | None, str]:
    """Request logs of all these gateways; None, and why, where one of them cannot be asked."""
    whole = 0
    for gateway in gateways[:MOST_GATEWAYS]:
        try:
            found = await client.logged(account, gateway, window)
        except AigwError as error:
            return None, error.why
        if found.rows is None:
            return None, found.why
        whole += found.rows
    return (whole, "") if gateways else (None, "")


def _is_named(gateway: str, wanted: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(gateway, name) for name in wanted)
