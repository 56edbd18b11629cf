"""The box's REST answers, its tokens, and the same box over a real socket on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.clock import FastClock
from aigw_tui.demo.box import ACCOUNT_ID, ACCOUNT_NAME, ACCOUNT_TOKEN, TOKEN, Box, Limits, story_start
from aigw_tui.demo.making import REQUIRED
from aigw_tui.demo.server import Server
from aigw_tui.demo.truth import totals
from aigw_tui.errors import LocalError
from aigw_tui.format import iso
from aigw_tui.model import Window

START = story_start(date(2026, 11, 23))
UNKNOWN = "cfut_" + "x" * 40
COUNT = json.dumps({"query": "{viewer {accounts {accountTag}}}"}).encode()


@pytest.fixture(scope="module")
def box() -> Box:
    return Box(FastClock(START, speed=0))


@pytest.fixture(scope="module")
def server(box: Box) -> Iterator[Server]:
    with Server(box) as running:
        yield running


def ask(box: Box, path: str, token: str = TOKEN, method: str = "GET", body: bytes = b"") -> tuple[int, Any]:
    answered = box.answer(method, f"/client/v4{path}", {"Authorization": f"Bearer {token}"}, body)
    return answered.status, json.loads(answered.body)


def test_each_owner_verifies_its_own_tokens(box: Box) -> None:
    """A user's token is unknown to the account's endpoint, and the other way round."""
    theirs = f"/accounts/{ACCOUNT_ID}/tokens/verify"
    assert ask(box, "/user/tokens/verify")[1]["result"]["status"] == "active"
    assert ask(box, theirs, ACCOUNT_TOKEN)[1]["result"]["status"] == "active"
    for path, token in (("/user/tokens/verify", ACCOUNT_TOKEN), (theirs, TOKEN)):
        status, answer = ask(box, path, token)
        assert (status, answer["errors"][0]["code"]) == (401, 1000)


@pytest.mark.parametrize(
    ("path", "token", "status", "code"),
    [
        ("/graphql", "short", 400, 9106),
        ("/graphql", "two words " + "x" * 40, 400, 9106),
        ("/graphql", UNKNOWN, 401, 10_000),
        ("/user/tokens/verify", UNKNOWN, 401, 1000),
        ("/accounts", UNKNOWN, 403, 9109),
        (f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways", UNKNOWN, 401, 10_000),
        (f"/accounts/{'f' * 32}/ai-gateway/gateways", TOKEN, 401, 10_000),
        (f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways/none/logs", TOKEN, 404, 7002),
        (f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways/batch/logs?per_page=100", TOKEN, 400, 7001),
        ("/nowhere", TOKEN, 404, 7000),
        ("/../../etc/passwd", TOKEN, 404, 7000),
    ],
)
def test_refusals_come_in_the_envelope(box: Box, path: str, token: str, status: int, code: int) -> None:
    """Status and code are those that were seen."""
    found, answer = ask(box, path, token, "POST" if path == "/graphql" else "GET", COUNT)
    assert (found, answer["errors"][0]["code"], answer["success"]) == (status, code, False)


def test_policies() -> None:
    """A user's token may read its own policies, an account's may not; nobody makes gateways without the permission."""
    box = Box(FastClock(START, speed=0))
    user = ask(box, "/user/tokens/verify")[1]["result"]["id"]
    policy = ask(box, f"/user/tokens/{user}")[1]["result"]["policies"][0]
    assert all(group["name"].endswith(" Read") for group in policy["permission_groups"])
    account = ask(box, f"/accounts/{ACCOUNT_ID}/tokens/verify", ACCOUNT_TOKEN)[1]["result"]["id"]
    theirs = f"/accounts/{ACCOUNT_ID}/tokens/{account}"
    gateways = f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways"
    for path, token, method in ((theirs, ACCOUNT_TOKEN, "GET"), (gateways, TOKEN, "POST")):
        status, answer = ask(box, path, token, method)
        assert (status, answer["errors"][0]["code"]) == (403, 10_000)


def test_a_gateway_is_made_and_listed() -> None:
    """With all required fields and a free name, by a token that may; nothing else makes one."""
    box = Box(FastClock(START, speed=0), limits=Limits(may_edit=True))
    path = f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways"
    wanted = dict.fromkeys(REQUIRED, 0) | {"id": "new"}
    for body in (b"{", b"[]", *(json.dumps({**wanted, "id": name}).encode() for name in ("batch", "A!", 7))):
        assert ask(box, path, TOKEN, "POST", body)[0] == 400
    assert ask(box, path, TOKEN, "POST", json.dumps({"id": "new"}).encode())[0] == 400
    assert ask(box, path, TOKEN, "POST", json.dumps(wanted).encode())[0] == 200
    assert [one["id"] for one in ask(box, path)[1]["result"]] == ["prod-api", "chat-widget", "batch", "new"]
    assert ask(box, path, TOKEN, "POST", json.dumps(wanted).encode())[0] == 400


def test_accounts_gateways_and_models(box: Box) -> None:
    """What exists is listed; a model's price is in USD per million tokens."""
    assert ask(box, "/accounts")[1]["result"][0] == {"id": ACCOUNT_ID, "name": ACCOUNT_NAME, "type": "standard"}
    found = ask(box, f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways?per_page=2")[1]
    assert [gateway["id"] for gateway in found["result"]] == ["prod-api", "chat-widget"]
    assert found["result_info"] == {"page": 1, "per_page": 2, "count": 2, "total_count": 3}
    model = ask(box, f"/accounts/{ACCOUNT_ID}/ai/models/search?search=gpt-oss-120b")[1]["result"][0]
    assert model["properties"][0]["value"][0] == {"unit": "per M input tokens", "price": 0.35, "currency": "USD"}


def test_logs_are_the_same_events(box: Box) -> None:
    """Paged through, an hour's logs of a gateway are as many as the truth says, newest first, filtered as asked."""
    window = Window(START.replace(hour=9, minute=0), START.replace(hour=10, minute=0))
    path = f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways/prod-api/logs"
    span = f"start_date={iso(window.since)}&end_date={iso(window.until)}&per_page=50"
    rows = [row for page in (1, 2, 3) for row in ask(box, f"{path}?{span}&page={page}")[1]["result"]]
    assert len(rows) == len({row["id"] for row in rows}) == totals(box.account, window, gateway="prod-api").requests
    assert [row["created_at"] for row in rows] == sorted((row["created_at"] for row in rows), reverse=True)
    filters = [
        {"key": "model", "operator": "contains", "value": ["llama-3.3"]},
        {"key": "status_code", "operator": "gt", "value": [399]},
    ]
    failed = ask(box, f"{path}?{span}&filters={quote(json.dumps(filters))}")[1]["result"]
    assert failed == [row for row in rows if "llama-3.3" in row["model"] and row["status_code"] >= 400] != []


@pytest.mark.parametrize("filters", ["{", "[1]", '[{"key":"x","operator":"eq","value":[1]}]', "[" * 5000])
def test_unreadable_filters(box: Box, filters: str) -> None:
    """They are refused with HTTP 400."""
    path = f"/accounts/{ACCOUNT_ID}/ai-gateway/gateways/batch/logs?filters={quote(filters)}"
    assert ask(box, path)[0] == 400


@given(st.text(max_size=40), st.sampled_from(["GET", "POST", "BREW", ""]), st.binary(max_size=40))
@settings(max_examples=100)
def test_any_path_gets_an_answer(path: str, method: str, body: bytes) -> None:
    """Whatever is asked, the reply is an envelope."""
    box = Box(FastClock(datetime(2026, 11, 23, tzinfo=UTC), speed=0))
    for prefix in ("", "/client/v4/", f"/client/v4/accounts/{ACCOUNT_ID}/ai-gateway/gateways/batch/logs?"):
        answered = box.answer(method, prefix + path, {"authorization": f"Bearer {TOKEN}"}, body)
        assert "success" in json.loads(answered.body)


def test_over_a_real_socket(server: Server, box: Box) -> None:
    """The same bytes come through HTTP, compressed, with the box's own date."""
    asked = '{viewer {accounts {aiGatewayRequestsAdaptiveGroups(limit: 9, filter: {date: "2026-11-23"}) {count}}}}'
    with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as client:
        answer = client.post(f"{server.url}/graphql", json={"query": asked})
        settings_answer = client.post(f"{server.url}/graphql", json={"query": "{__schema {types {name}}}"})
    today = totals(box.account, Window(START.replace(hour=0, minute=0), START), START)
    rows = answer.json()["data"]["viewer"]["accounts"][0]["aiGatewayRequestsAdaptiveGroups"]
    assert rows == [{"count": today.requests}]
    assert answer.headers["date"] == "Mon, 23 Nov 2026 14:05:00 GMT"
    assert settings_answer.headers["content-encoding"] == "gzip"


def test_it_stops_and_starts_again_on_the_same_port(box: Box) -> None:
    """After a stop nothing answers, not even a connection that was kept alive; after a start everything does."""
    server = Server(box)
    server.start()
    url = server.url
    with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as client:
        assert client.get(f"{url}/accounts").status_code == 200
        server.stop()
        with pytest.raises(httpx.TransportError):
            client.get(f"{url}/accounts")
        with server:
            assert server.url == url
            assert client.get(f"{url}/accounts").status_code == 200
    server.stop()


def test_a_taken_port_is_said(server: Server, box: Box) -> None:
    """One clean error with a remedy."""
    port = urlsplit(server.url).port
    assert port is not None
    with pytest.raises(LocalError, match=f"cannot serve on port {port}"):
        Server(box, port).start()


@pytest.mark.parametrize("length", ["-1", "x", "99999999", "٣"])
def test_hostile_lengths(server: Server, length: str) -> None:
    """A length that is no number, or too large, is refused before anything is read."""
    connection = HTTPConnection(urlsplit(server.url).netloc)
    connection.putrequest("POST", "/client/v4/graphql")
    connection.putheader("Content-Length", length.encode())
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_many_at_once(box: Box) -> None:
    """The box answers from several threads as it does from one."""
    asked = '{viewer {accounts {aiGatewayRequestsAdaptiveGroups(limit: 1, filter: {date: "2026-11-%d"}) {count}}}}'
    bodies = [json.dumps({"query": asked % (10 + n % 12)}).encode() for n in range(48)]
    found: dict[int, Any] = {}

    def work(first: int) -> None:
        for n in range(first, len(bodies), 4):
            found[n] = ask(box, "/graphql", method="POST", body=bodies[n])[1]["data"]

    threads = [threading.Thread(target=work, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(bodies)
    assert all(found[n] == found[n % 12] for n in found)
