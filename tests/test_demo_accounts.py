"""Several accounts in one box: each answers for itself, is listed, and can have a budget of its own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.demo.accounts import account_id, account_name
from aigw_tui.demo.box import ACCOUNT_ID, ACCOUNT_NAME, ACCOUNT_TOKEN, TOKEN, Box, Limits
from aigw_tui.demo.limits import REQUESTS
from aigw_tui.demo.truth import totals
from aigw_tui.format import iso
from aigw_tui.model import HOUR, Window
from test_demo_graphql import START, TODAY, StandingClock, post

SECOND, THIRD = account_id(2), account_id(3)
STRANGER = "f" * 32
COUNT = f"""query ($account: string!, $since: Time!) {{ viewer {{ accounts(filter: {{accountTag: $account}}) {{
    {REQUESTS}(limit: 9, filter: {{datetime_geq: $since}}) {{ count sum {{ tokensIn }} }} }} }} }}"""
TAGS = "query ($account: string!) { viewer { accounts(filter: {accountTag: $account}) { accountTag } } }"
SCHEMA = "{ __schema { queryType { name } } }"


@pytest.fixture(scope="module")
def three() -> Box:
    return Box(StandingClock(), limits=Limits(accounts=3))


def get(box: Box, path: str, token: str = TOKEN) -> tuple[int, Any]:
    answered = box.answer("GET", f"/client/v4{path}", {"Authorization": f"Bearer {token}"}, b"")
    return answered.status, json.loads(answered.body)


def counted_alone(box: Box, query: str, account: str = "") -> str:
    """The complaint, if any, about a query that asks to be counted for its account."""
    headers = {"Authorization": f"Bearer {TOKEN}", "x-rate-limit-type": "account-based"}
    body = json.dumps({"query": query, "variables": {"account": account}}).encode()
    errors = json.loads(box.answer("POST", "/client/v4/graphql", headers, body).body)["errors"]
    return errors[0]["message"] if errors else ""


def test_each_account_has_its_own_traffic(three: Box) -> None:
    """Every answer is the truth of the account that was asked for, and no two accounts are alike."""
    found = []
    for tag in (ACCOUNT_ID, SECOND, THIRD):
        answer = post(three, COUNT, {"account": tag, "since": iso(TODAY.since)})
        (row,) = answer["data"]["viewer"]["accounts"][0][REQUESTS]
        true = totals(three.accounts[tag], TODAY, START)
        assert (row["count"], row["sum"]["tokensIn"]) == (true.requests, true.tokens_in)
        found.append(true.requests)
    assert len(set(found)) == 3
    assert min(found) > 0


def test_the_first_is_the_same_with_and_without_neighbours(three: Box) -> None:
    """Neighbours change nothing of the account that a box always has."""
    assert three.account is three.accounts[ACCOUNT_ID]
    assert totals(three.account, TODAY) == totals(Box(StandingClock()).account, TODAY)


def test_ids_and_names_are_always_the_same() -> None:
    """The seed is of the traffic: ids and names are those of the place in the list."""
    boxes = [Box(StandingClock(), seed, limits=Limits(accounts=3)) for seed in (1, 2)]
    assert list(boxes[0].accounts) == list(boxes[1].accounts) == [ACCOUNT_ID, SECOND, THIRD]
    assert all(re.fullmatch("[0-9a-f]{32}", tag) for tag in boxes[0].accounts)
    assert [account.name for account in boxes[0].accounts.values()] == [ACCOUNT_NAME, "acme-2", "acme-3"]
    assert totals(boxes[0].accounts[SECOND], TODAY) != totals(boxes[1].accounts[SECOND], TODAY)


def test_three_hundred_are_listed_without_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making and listing accounts makes no traffic; the list comes in pages."""

    def made(*_: Any, **__: Any) -> None:
        raise AssertionError("an event was made")

    monkeypatch.setattr("aigw_tui.demo.account.events_of", made)
    box = Box(StandingClock(), limits=Limits(accounts=300))
    pages = [get(box, f"/accounts?per_page=50&page={number}")[1] for number in range(1, 8)]
    assert [len(page["result"]) for page in pages] == [50] * 6 + [0]
    assert pages[0]["result_info"] == {"page": 1, "per_page": 50, "count": 50, "total_count": 300}
    listed = [(each["id"], each["name"]) for page in pages for each in page["result"]]
    assert listed == [(account_id(number), account_name(number)) for number in range(1, 301)]


def test_hundreds_of_neighbours_are_small() -> None:
    """All of a day's traffic of a hundred accounts is that of a few large ones, and nobody's is nothing."""
    box = Box(StandingClock(), limits=Limits(accounts=100))
    counts = [totals(account, TODAY).requests for account in box.accounts.values()]
    assert min(counts) > 10
    assert sum(counts) < 30 * counts[0]


def test_rest_answers_for_each(three: Box) -> None:
    """Gateways, models and logs are below each account's id; the logs are its own."""
    morning = Window(TODAY.since, TODAY.since + 9 * HOUR)
    span = f"start_date={iso(morning.since)}&end_date={iso(morning.until)}"
    for tag in (ACCOUNT_ID, SECOND):
        gateways = f"/accounts/{tag}/ai-gateway/gateways"
        assert len(get(three, gateways)[1]["result"]) == 3
        logged = get(three, f"{gateways}/batch/logs?per_page=1&{span}")[1]["result_info"]["total_count"]
        assert logged == totals(three.accounts[tag], morning, gateway="batch").requests > 0
    assert get(three, f"/accounts/{STRANGER}/ai-gateway/gateways")[0] == 401


def test_strangers_are_refused_as_ever(three: Box) -> None:
    """An id that is nobody's here is not authorized, also the fourth of three."""
    for tag in (STRANGER, account_id(4)):
        answer = post(three, TAGS, {"account": tag})
        assert answer["errors"][0]["message"] == "not authorized for that account"
        assert answer["errors"][0]["extensions"]["code"] == "authz"


def test_one_account_per_query(three: Box) -> None:
    """Two in one filter, or no filter where there are several, is more than one query may ask."""
    both = f'(filter: {{accountTag_in: ["{ACCOUNT_ID}", "{SECOND}"]}})'
    for of in (both, ""):
        answer = post(three, f"{{ viewer {{ accounts{of} {{ accountTag }} }} }}")
        assert answer["errors"][0]["message"] == "number of accounts can't be more than 1"
    twice = f'(filter: {{accountTag_in: ["{SECOND}", "{SECOND}"]}})'
    found = post(three, f"{{ viewer {{ accounts{twice} {{ accountTag }} }} }}")["data"]["viewer"]["accounts"]
    assert found == [{"accountTag": SECOND}]


def test_a_token_of_an_account_reaches_that_one_only(three: Box) -> None:
    """It verifies there, lists only its owner, and is a stranger to the neighbours."""
    assert get(three, f"/accounts/{ACCOUNT_ID}/tokens/verify", ACCOUNT_TOKEN)[0] == 200
    assert get(three, f"/accounts/{SECOND}/tokens/verify", ACCOUNT_TOKEN)[0] == 401
    assert [each["id"] for each in get(three, "/accounts", ACCOUNT_TOKEN)[1]["result"]] == [ACCOUNT_ID]
    assert len(get(three, "/accounts")[1]["result"]) == 3
    assert get(three, f"/accounts/{SECOND}/tokens/verify")[1]["errors"][0]["code"] == 1000


def test_a_budget_for_each_account() -> None:
    """Counted by account, one that has used up its queries leaves the others theirs; and each comes back."""
    clock = StandingClock()
    box = Box(clock, limits=Limits(accounts=3, queries=2))
    assert [counted_alone(box, TAGS, ACCOUNT_ID) for _ in range(2)] == ["", ""]
    assert counted_alone(box, TAGS, ACCOUNT_ID).startswith("rate limiter budget depleted")
    inline = f'{{ viewer {{ accounts(filter: {{accountTag: "{SECOND}"}}) {{ accountTag }} }} }}'
    assert [counted_alone(box, inline) for _ in range(2)] == ["", ""]
    assert counted_alone(box, TAGS, SECOND).startswith("rate limiter budget depleted")
    assert counted_alone(box, TAGS, THIRD) == ""
    clock.seconds = 300.0
    assert counted_alone(box, TAGS, ACCOUNT_ID) == ""


def test_without_the_header_all_accounts_share_one_budget() -> None:
    """The user's queries are counted together, and apart from those that are counted by account."""
    box = Box(StandingClock(), limits=Limits(accounts=3, queries=2))
    assert post(box, TAGS, {"account": ACCOUNT_ID})["errors"] is None
    assert post(box, TAGS, {"account": SECOND})["errors"] is None
    assert post(box, TAGS, {"account": THIRD})["errors"][0]["extensions"]["code"] == "budget"
    assert counted_alone(box, TAGS, THIRD) == ""


@pytest.mark.parametrize("query", [SCHEMA, TAGS, "{", "{ viewer { accounts { accountTag } } }"])
def test_what_names_no_account_counts_for_the_user(query: str) -> None:
    """With the header too: introspection, strangers, and what cannot be read at all."""
    box = Box(StandingClock(), limits=Limits(accounts=2, queries=1))
    assert not counted_alone(box, query, STRANGER).startswith("rate limiter")
    assert counted_alone(box, query, STRANGER).startswith("rate limiter")
    assert post(box, SCHEMA)["errors"][0]["extensions"]["code"] == "budget"


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
@settings(max_examples=60)
def test_any_account_gets_an_answer(account: Any) -> None:
    """Whatever a variable holds, a query that asks to be counted for its account is answered."""
    body = json.dumps({"query": TAGS, "variables": {"account": account, "accountTag": account}}).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Rate-Limit-Type": "account-based"}
    answered = Box(StandingClock()).answer("POST", "/client/v4/graphql", headers, body)
    assert {"data", "errors"} == set(json.loads(answered.body))


def test_a_neighbour_does_not_depend_on_the_others() -> None:
    """The second of two is the second of nine."""
    first, second = (Box(StandingClock(), limits=Limits(accounts=count)) for count in (2, 9))
    assert totals(first.accounts[SECOND], TODAY) == totals(second.accounts[SECOND], TODAY)
