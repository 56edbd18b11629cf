"""The box's gateways as REST tells of them: logs that are counted, off, full or elsewhere, and spend limits."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from aigw_tui.cloudflare.rest import Rest
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Limits
from aigw_tui.demo.truth import totals
from aigw_tui.format import from_iso, iso
from aigw_tui.model import DAY, HOUR, SpendLimit, Window
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport
from test_demo_graphql import START, TODAY, StandingClock, post, within

SIZE = "aiGatewaySizeAdaptiveGroups"
FULL_SINCE = TODAY.since - timedelta(hours=6)
"""The evening before the story's day."""


def get(box: Box, path: str) -> tuple[int, Any]:
    path = f"/client/v4/accounts/{ACCOUNT_ID}/ai-gateway/gateways{path}"
    answered = box.answer("GET", path, {"Authorization": f"Bearer {TOKEN}"}, b"")
    return answered.status, json.loads(answered.body)


def logged(box: Box, gateway: str, since: datetime, until: datetime) -> tuple[int, list[dict[str, Any]]]:
    """How many rows a window has, and the newest of them."""
    status, answer = get(box, f"/{gateway}/logs?start_date={iso(since)}&end_date={iso(until)}&per_page=1")
    assert status == 200
    return answer["result_info"]["total_count"], answer["result"]


def settings(box: Box) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in get(box, "")[1]["result"]}


def stored(box: Box, since: datetime, until: datetime) -> dict[str, int]:
    """The largest reading of each gateway's store."""
    bounds = f'datetimeMinute_geq: "{iso(since)}", datetimeMinute_lt: "{iso(until)}"'
    query = within(f"{SIZE}(limit: 99, filter: {{{bounds}}}) {{ max {{ rows }} dimensions {{ gateway }} }}")
    rows = post(box, query)["data"]["viewer"]["accounts"][0][SIZE]
    return {row["dimensions"]["gateway"]: row["max"]["rows"] for row in rows}


@pytest.mark.parametrize("gateway", ["prod-api", "chat-widget", "batch"])
@pytest.mark.parametrize(("back", "length"), [(1, 1), (5, 3), (26, 24), (100, 1)])
def test_a_windows_logs_are_counted(gateway: str, back: int, length: int) -> None:
    """One row is enough to learn how many a closed window has; each request has one."""
    box, since = Box(StandingClock()), START - HOUR * (back + length)
    count, rows = logged(box, gateway, since, since + HOUR * length)
    assert count == totals(box.account, Window(since, since + HOUR * length), gateway=gateway).requests
    assert len(rows) == min(count, 1)


def test_a_gateway_that_does_not_log() -> None:
    """It says so, has no rows and no store; its requests are counted all the same, and the others log on."""
    box = Box(StandingClock(), limits=Limits(unlogged=frozenset({"batch"})))
    assert {name: each["collect_logs"] for name, each in settings(box).items()} == {
        "prod-api": True,
        "chat-widget": True,
        "batch": False,
    }
    assert logged(box, "batch", TODAY.since, START) == (0, [])
    assert logged(box, "prod-api", TODAY.since, START)[0] > 0
    assert set(stored(box, START - HOUR, START)) == {"prod-api", "chat-widget"}
    assert totals(box.account, TODAY, gateway="batch").requests > 0


def test_a_store_that_is_full() -> None:
    """It stands at its limit, and has older rows but none of today; the other gateways are not concerned."""
    box, usual = (Box(StandingClock(), limits=limits) for limits in (Limits(full_logs=frozenset({"batch"})), Limits()))
    said = settings(box)
    assert said["batch"]["log_management_strategy"] == "STOP_INSERTING"
    assert said["prod-api"]["log_management_strategy"] == "DELETE_OLDEST"
    assert logged(box, "batch", TODAY.since, START) == (0, [])
    count, (newest,) = logged(box, "batch", TODAY.since - DAY, START)
    assert count == totals(box.account, Window(TODAY.since - DAY, FULL_SINCE), gateway="batch").requests > 0
    assert from_iso(newest["created_at"]) < FULL_SINCE
    assert stored(box, START - HOUR, START)["batch"] == said["batch"]["log_management"]
    before = stored(box, FULL_SINCE - HOUR, FULL_SINCE - HOUR / 2)["batch"]
    assert 0 < before < said["batch"]["log_management"]
    assert logged(box, "prod-api", TODAY.since, START) == logged(usual, "prod-api", TODAY.since, START)
    assert stored(box, START - HOUR, START)["prod-api"] == stored(usual, START - HOUR, START)["prod-api"]


def test_a_full_store_keeps_its_rows() -> None:
    """Nothing is deleted for newer rows that never come: a week later the old ones are still there."""
    clock = StandingClock()
    box = Box(clock, limits=Limits(full_logs=frozenset({"batch"})))
    clock.moment = START + 30 * DAY
    assert logged(box, "batch", FULL_SINCE - DAY, FULL_SINCE)[0] > 0
    assert logged(box, "prod-api", FULL_SINCE - DAY, FULL_SINCE)[0] == 0


def test_an_account_whose_logs_are_elsewhere() -> None:
    """The endpoint is not there; the gateways are."""
    box = Box(StandingClock(), limits=Limits(has_logs=False))
    status, answer = get(box, "/batch/logs?per_page=1")
    assert (status, answer["errors"][0]["code"]) == (404, 7002)
    assert len(settings(box)) == 3


async def test_spend_limits_reach_the_client() -> None:
    """The rules that an account holds are those that the client reads; a gateway without rules has none."""
    rules = (SpendLimit(5.0, 86_400), SpendLimit(0.5, 3600, model="gpt-5-mini", provider="openai"))
    clock = StandingClock()
    box = Box(clock, limits=Limits(spend_limits={"prod-api": rules}))
    transport = Transport("https://demo.invalid/client/v4", Secret(TOKEN), inner=InProcess(box.answer))
    found = {gateway.id: gateway.spend_limits for gateway in await Rest(transport, clock).gateways(ACCOUNT_ID)}
    await transport.close()
    assert found == {"prod-api": rules, "chat-widget": (), "batch": ()}
    assert settings(box)["batch"]["spend_limits"] == {"enabled": False, "rules": []}


TO_A_MODEL = "/v1/{account}/{gateway}/workers-ai/{model}"
GOOD = {"account": ACCOUNT_ID, "gateway": "batch", "model": "@cf/meta/llama-3.2-1b-instruct"}
BOTH = {"Authorization": f"Bearer {TOKEN}", "cf-aig-authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("place", "headers", "status"),
    [
        ({}, BOTH, 200),
        ({"model": "@cf/none/such"}, BOTH, 400),
        ({"gateway": "none"}, BOTH, 404),
        ({"account": "f" * 32}, BOTH, 404),
        ({}, {"Authorization": f"Bearer {TOKEN}"}, 401),
        ({}, {"cf-aig-authorization": f"Bearer {TOKEN}"}, 401),
        ({}, {}, 401),
    ],
)
def test_a_request_through_a_gateway(place: dict[str, str], headers: dict[str, str], status: int) -> None:
    """With both tokens it is answered and becomes an event with a log of its own; otherwise nothing happens."""
    box = Box(StandingClock(START))
    until = START + timedelta(seconds=1)
    before = totals(box.account, Window(START, until), gateway="batch").requests
    for body in (b"{}", b"\xff", b"[" * 100_000):
        found = box.answer("POST", TO_A_MODEL.format(**{**GOOD, **place}), headers, body)
        assert found.status == status
        assert ("cf-aig-log-id" in dict(found.headers)) is (status == 200)
    after = totals(box.account, Window(START, until), gateway="batch").requests
    assert after - before == (3 if status == 200 else 0)
    assert box.answer("GET", TO_A_MODEL.format(**GOOD), BOTH, b"").status == 405
