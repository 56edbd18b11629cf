"""The newest request logs of several gateways: the account's truth, in few requests, without a hole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.logfields import row_of
from aigw_tui.cloudflare.newest import LEAST_PAGES
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.catalogue import GATEWAYS
from aigw_tui.demo.logs import id_of
from aigw_tui.demo.server import Server
from aigw_tui.errors import ForbiddenError, LimitError, TransientError
from aigw_tui.format import iso
from aigw_tui.model import LogFilter, Unread, Window
from aigw_tui.secret import Secret
from aigw_tui.transport import Response, Transport
from wire import CANARY, NOW, BentClock, Script, said

DAY = Window(NOW.replace(hour=0, minute=0), NOW)
NAMES = [gateway.name for gateway in GATEWAYS]


@pytest.fixture
def box() -> Box:
    return Box(BentClock())


@pytest.fixture
async def client(box: Box) -> AsyncIterator[Client]:
    """To the box, over HTTP."""
    with Server(box) as server:
        found = Client(Transport(server.url, Secret(TOKEN)), BentClock())
        async with asyncio.timeout(60):
            yield found
        await found.close()


def truth(box: Box, until: datetime = NOW) -> list[str]:
    """The ids of today's routed calls that are over, newest first."""
    events = box.account.events(DAY.since.timestamp(), until.timestamp())
    routed = [one for one in events if one.gateway and one.at + one.duration_ms / 1000 <= until.timestamp()]
    return [id_of(event) for event in reversed(routed)]


async def test_the_newest_of_all_gateways(box: Box, client: Client) -> None:
    """Two hundred, in the order of time, none left out."""
    found = await client.newest(ACCOUNT_ID, NAMES, LogFilter(DAY), 200)
    assert {row.id for row in found.rows} == {*truth(box)[:200]}
    times = [row.at for row in found.rows]
    assert times == sorted(times, reverse=True)
    assert (found.is_cut, found.unread, found.account) == (True, (), ACCOUNT_ID)
    assert {row.gateway for row in found.rows} == set(NAMES)


async def test_all_that_there_are(box: Box, client: Client) -> None:
    """A quiet hour is whole, and that is known."""
    hour = Window(DAY.since.replace(hour=2), DAY.since.replace(hour=3))
    found = await client.newest(ACCOUNT_ID, NAMES, LogFilter(hour), 200)
    assert 0 < len(found.rows) < 200
    assert not found.is_cut


async def test_nobody_to_ask(client: Client) -> None:
    """Without a gateway there is no log, and no question."""
    assert (await client.newest(ACCOUNT_ID, (), LogFilter(DAY), 200)).rows == ()


async def test_a_gateway_that_is_gone(client: Client) -> None:
    """It is named with its reason; the others answer."""
    found = await client.newest(ACCOUNT_ID, ["gone", *NAMES], LogFilter(DAY), 20)
    assert [one.gateway for one in found.unread] == ["gone"]
    assert isinstance(found.unread[0], Unread)
    assert len(found.rows) == 20


async def test_logs_that_are_elsewhere(box: Box, client: Client) -> None:
    """When no gateway has any, that is an error with its remedy."""
    box.limits = replace(box.limits, has_logs=False)
    with pytest.raises(LimitError, match="elsewhere"):
        await client.newest(ACCOUNT_ID, NAMES, LogFilter(DAY), 20)


async def test_a_missing_permission(box: Box, client: Client) -> None:
    """The remedy names it."""
    box.limits = replace(box.limits, may_read_gateways=False)
    with pytest.raises(ForbiddenError, match="AI Gateway: Read"):
        await client.newest(ACCOUNT_ID, NAMES, LogFilter(DAY), 20)


async def test_one_request_with_all_its_fields(box: Box, client: Client) -> None:
    """Sizes, paths, timings, who called: under Cloudflare's names; no byte of what was asked or answered."""
    (row,) = (await client.newest(ACCOUNT_ID, NAMES, LogFilter(DAY), 1)).rows
    whole = await client.log(ACCOUNT_ID, row.gateway, row.id)
    assert whole
    assert replace(whole, more=()) == replace(row, more=())
    more = dict(whole.more)
    assert int(more["request_size"]) > 0
    assert more["timings.latency"] == str(row.duration_ms)
    assert {"model_type", "path", "user_agent", "custom_cost"} <= more.keys()
    assert not [name for name in more if "head" in name]
    body = await client.body(ACCOUNT_ID, row.gateway, row.id, "request")
    assert body
    assert int(more["request_size"]) == len(body)
    assert await client.log(ACCOUNT_ID, row.gateway, "no such log") is None
    assert await client.body(ACCOUNT_ID, row.gateway, "no such log", "response") is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"timings": {"a": 1, "b": {"c": 2}, "d": None}}, (("timings.a", "1"),)),
        ({"timings": [1], "usage_metadata": "x"}, ()),
        ({"path": "v1\x1b[2J"}, (("path", "v1�[2J"),)),
        ({"step": 0, "custom_cost": False}, (("custom_cost", "false"), ("step", "0"))),
        ({"request_head": "secret", "response_head": "secret", "prompts": "secret", "anything": "secret"}, ()),
        ({"usage_metadata": {"\x1b": 1.5}, "path": None, "user_agent": ""}, (("usage_metadata.�", "1.5"),)),
        ({"timings": {str(n): n for n in range(99)}}, tuple((f"timings.{n}", str(n)) for n in range(20))),
    ],
)  # fmt: skip
def test_more_of_a_log(said: dict[str, Any], expected: tuple[tuple[str, str], ...]) -> None:
    """Clean text of what is known to hold no part of a body; of anything else nothing."""
    row = row_of({"id": "x", "created_at": iso(NOW), **said}, "a", "g")
    assert row
    assert row.more == expected


def entries(gateway: str, number: int, minutes: float, **more: Any) -> Response:
    """A full page, a row every `minutes`, the `number`-th of many."""
    rows = [
        {"id": f"{gateway}{n}", "created_at": iso(NOW - timedelta(minutes=minutes * n)), "status_code": 200} | more
        for n in range(1 + number * 50, 51 + number * 50)
    ]
    return said({"success": True, "errors": [], "result": rows, "result_info": {"total_pages": 99}})


class Two(Script):
    """A gateway with a request every second, and one with one every hour, which fails."""

    async def send(self, method: str, path: str, **more: Any) -> Response:
        number = int(more["params"]["page"]) - 1
        self.asked.append((path, number))
        return entries("busy", number, 1 / 60) if "busy" in path else entries("calm", number, 60, status_code=500)


async def test_there_is_no_hole(box: Box) -> None:
    """Of the busy one so many pages are read that none of its rows is missing among those of the calm one; where
    that would be too many, the calm one's older rows are left out, too."""
    wide = Window(NOW - timedelta(days=30), NOW)
    wire = Two(said({}))
    found = await Client(wire, BentClock()).newest("a", ["busy", "calm"], LogFilter(wide), 200)
    assert {row.id for row in found.rows} == {f"busy{n}" for n in range(1, 201)}
    rare = LogFilter(wide, statuses=(range(500, 501),))
    found = await Client(wire, BentClock()).newest("a", ["busy", "calm"], rare, 200)
    assert (found.rows, found.is_cut) == ((), True)
    assert len(wire.asked) <= 2 * 20 + LEAST_PAGES


async def test_it_ends_however_rare_what_is_wanted_is(box: Box) -> None:
    """So many pages of each gateway at the most, and many names are none of the address."""
    wire = Two(said({}))
    names = tuple(f"model{n}" for n in range(500))
    await Client(wire, BentClock()).newest("a", [f"busy{n}" for n in range(10)], LogFilter(DAY, models=names), 200)
    assert len(wire.asked) == 10 * LEAST_PAGES


async def test_out_of_reach() -> None:
    """Said, with no token in it."""
    wire = Script(TransientError("no answer from api.example"))
    with pytest.raises(TransientError) as failure:
        await Client(wire, BentClock()).newest("a", ["g"], LogFilter(DAY), 200)
    assert CANARY not in str(failure.value)
