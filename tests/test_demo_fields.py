"""What can be asked of the box's datasets: every documented field, with arguments in variables, in one document."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from aigw_tui.demo.box import ACCOUNT_ID, Box
from aigw_tui.demo.event import Event
from aigw_tui.demo.limits import REQUESTS, Limits
from aigw_tui.demo.truth import totals
from aigw_tui.format import iso
from aigw_tui.model import DAY, HOUR, Window
from test_demo_graphql import NEURONS, START, TODAY, StandingClock, groups, post, within

ERRORS, SIZE = "aiGatewayErrorsAdaptiveGroups", "aiGatewaySizeAdaptiveGroups"
EIGHT = "count dimensions { gateway model } sum { tokensIn tokensOut cost } quantiles { durationMsP50 durationMsP90 }"
SURE = "confidence(level: 0.95) { level count { estimate lower upper sampleSize } }"


@pytest.fixture(scope="module")
def box() -> Box:
    return Box(StandingClock())


def asked(box: Box, parts: str, declared: str = "", **variables: Any) -> dict[str, Any]:
    """The account's part of the answer to a document as a client writes it: every value in a variable."""
    query = f"query ($account: string!, $since: Time!, $until: Time!, $limit: uint64!{declared}) {{ viewer {{ "
    query += f"accounts(filter: {{accountTag: $account}}) {{ {parts} }} }} }}"
    bounds = {"account": ACCOUNT_ID, "since": iso(TODAY.since), "until": iso(TODAY.until), "limit": 1000}
    answer = post(box, query, bounds | variables)
    assert answer["errors"] is None, answer["errors"]
    found: dict[str, Any] = answer["data"]["viewer"]["accounts"][0]
    return found


def part(alias: str, node: str, fields: str, also: str = "", time: str = "datetime") -> str:
    window = f"{time}_geq: $since, {time}_lt: $until"
    return f"{alias}: {node}(limit: $limit, filter: {{{window} {also}}}) {{ {fields} }}"


def seen(box: Box) -> list[Event]:
    """Today's requests through the gateways that the datasets can show."""
    since, now = TODAY.since.timestamp(), START.timestamp()
    return [event for event in box.account.events(since, now) if event.gateway and event.shown_at <= now]


def test_metadata_by_a_key_from_a_variable(box: Box) -> None:
    """Its value, under the client's name for it, is a dimension among others; empty where a request has no such key."""
    fields = "count dimensions { datetimeHour value: metadataValue(key: $key0) gateway }"
    rows = asked(box, part("rows0", REQUESTS, fields), ", $key0: string!", key0="plan")["rows0"]
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counted[row["dimensions"]["gateway"], row["dimensions"]["value"]] += row["count"]
    true = Counter((event.gateway, dict(event.caller.metadata).get("plan", "")) for event in seen(box))
    assert counted == true
    assert {value for _, value in true} == {"free", "pro", ""}


def test_two_keys_at_once(box: Box) -> None:
    """Each alias has its own key, and rows are grouped by both."""
    fields = "count dimensions { a: metadataValue(key: $a) b: metadataValue(key: $b) }"
    rows = asked(box, part("rows", REQUESTS, fields), ", $a: string!, $b: string!", a="team", b="plan")["rows"]
    counted = {(row["dimensions"]["a"], row["dimensions"]["b"]): row["count"] for row in rows}
    pairs = [dict(event.caller.metadata) for event in seen(box)]
    assert counted == Counter((pair.get("team", ""), pair.get("plan", "")) for pair in pairs)


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        ('metadataKeys_has: "plan"', {"free", "pro"}),
        ('metadataKeys_hasall: ["team", "plan"]', {"free", "pro"}),
        ('metadataKeys_hasany: ["key", "nobody"]', {""}),
        ('metadataValues_has: "pro"', {"pro"}),
        ('metadataValues_has: "nobody"', set()),
    ],
)
def test_requests_that_carry_metadata(box: Box, condition: str, keys: set[str]) -> None:
    """Filters on the keys and values that a request has."""
    rows = groups(box, REQUESTS, 'count dimensions { v: metadataValue(key: "plan") }', TODAY, also=condition)
    assert {row["dimensions"]["v"] for row in rows} == keys


def test_scopes_in_variables(box: Box) -> None:
    """Gateways, providers and models come as lists; an empty variable filters nothing."""
    also = "gateway_in: $gateways, provider_in: $providers, model_in: $models"
    declared = ", $gateways: [string!], $providers: [string!], $models: [string!]"
    parts = part("rows", REQUESTS, "count", also)
    model = "@cf/openai/gpt-oss-120b"
    (row,) = asked(box, parts, declared, gateways=["batch", "prod-api"], providers=["workers-ai"], models=[model])[
        "rows"
    ]
    true = sum(
        totals(box.account, TODAY, START, gateway=gateway, model=model).requests for gateway in ("batch", "prod-api")
    )
    assert row["count"] == true > 0
    (row,) = asked(box, parts, declared, gateways=["batch"])["rows"]
    assert row["count"] == totals(box.account, TODAY, START, gateway="batch").requests


def test_quantiles_by_day(box: Box) -> None:
    """A day is a date, and its quantiles ascend to the slowest."""
    fields = "count dimensions { date } quantiles { durationMsP50 durationMsP90 durationMsP99 }"
    rows = groups(box, REQUESTS, fields, Window(TODAY.since - 2 * DAY, START))
    assert [row["dimensions"] for row in rows] == [{"date": f"2026-11-{day}"} for day in (21, 22, 23)]
    for row in rows:
        quantiles = row["quantiles"]
        assert 0 < quantiles["durationMsP50"] < quantiles["durationMsP90"] < quantiles["durationMsP99"]


def test_stored_rows_by_gateway_alone(box: Box) -> None:
    """Without a dimension of time: one row a gateway, its largest reading."""
    fields = "max { rows } dimensions { gateway }"
    rows = asked(box, part("rows", SIZE, fields, time="datetimeMinute"), since=iso(START - HOUR))["rows"]
    assert [row["dimensions"]["gateway"] for row in rows] == ["batch", "chat-widget", "prod-api"]
    timed = "max { rows } dimensions { gateway datetimeMinute }"
    readings = asked(box, part("rows", SIZE, timed, time="datetimeMinute"), since=iso(START - HOUR))["rows"]
    assert len(readings) > 30
    for row in rows:
        own = [
            each["max"]["rows"] for each in readings if each["dimensions"]["gateway"] == row["dimensions"]["gateway"]
        ]
        assert row["max"]["rows"] == max(own) > 0


def test_errors_of_a_minute(box: Box) -> None:
    """The errors dataset tells when, where and of what; it has as many as the requests have."""
    fields = "count dimensions { datetimeMinute gateway provider model }"
    rows = asked(box, part("rows", ERRORS, fields, time="datetimeMinute"))["rows"]
    assert sum(row["count"] for row in rows) == totals(box.account, TODAY, START).errors > 10
    assert all(row["dimensions"]["datetimeMinute"].endswith(":00Z") for row in rows)
    assert {row["dimensions"]["provider"] for row in rows} >= {"workers-ai"}


def test_workers_ai_codes(box: Box) -> None:
    """Inferences by error code: nearly all are 0, and the outage's are Cloudflare's own codes."""
    rows = groups(box, NEURONS, "count dimensions { errorCode } sum { totalNeurons }", TODAY)
    counted = {row["dimensions"]["errorCode"]: row["count"] for row in rows}
    assert counted[0] > 0.9 * sum(counted.values())
    assert counted[3040] > 0
    assert all(row["sum"]["totalNeurons"] == 0 for row in rows if row["dimensions"]["errorCode"])


def test_everything_that_is_advertised_can_be_asked(box: Box) -> None:
    """Each field of `availableFields` gets an answer when it is asked for alone, as `settings` spells it."""
    asked_of = {REQUESTS: "datetime", ERRORS: "datetimeMinute", SIZE: "datetimeMinute", NEURONS: "datetime"}
    wanted = " ".join(f"{node} {{ availableFields }}" for node in asked_of)
    settings = post(box, within(f"settings {{ {wanted} }}"))["data"]["viewer"]["accounts"][0]["settings"]
    for node, time in asked_of.items():
        for name in settings[node]["availableFields"]:
            group, _, leaf = name.partition("_")
            inner = {"metadataValue": 'metadataValue(key: "team")'}.get(leaf, leaf)
            fields = f"{group} {{ {inner} }}" if leaf else SURE if name == "confidence" else name
            assert asked(SHARED, part("rows", node, fields, time=time))["rows"], name


def test_settings_types_and_rows_in_one_document() -> None:
    """What may be asked, what the types are, and figures: one query of the budget."""
    box = Box(StandingClock(), limits=Limits(queries=1))
    query = f"""query ($account: string!, $since: Time!, $until: Time!, $limit: uint64!) {{
        type0: __type(name: "AccountAiGatewayRequestsAdaptiveGroups") {{ fields {{ name }} }}
        viewer {{ accounts(filter: {{accountTag: $account}}) {{
            settings {{ {REQUESTS} {{ enabled availableFields maxNumberOfFields }} }}
            {part("rows0", REQUESTS, "count")} }} }} }}"""
    bounds = {"account": ACCOUNT_ID, "since": iso(TODAY.since), "until": iso(TODAY.until), "limit": 9}
    data = post(box, query, bounds)["data"]
    (account,) = data["viewer"]["accounts"]
    assert account["rows0"] == [{"count": totals(box.account, TODAY, START).requests}]
    assert "confidence" in account["settings"][REQUESTS]["availableFields"]
    assert "confidence" in {field["name"] for field in data["type0"]["fields"]}


def test_fields_are_counted_for_each_alias() -> None:
    """Eight of each dataset, whatever another alias asks; the interval is not counted, a ninth field is refused."""
    few = Box(StandingClock(), limits=Limits(fields=8))
    both = part("a", REQUESTS, f"{EIGHT} {SURE}") + " " + part("b", REQUESTS, EIGHT)
    assert asked(few, both)["a"]
    ninth = f'{REQUESTS}(limit: 9, filter: {{date: "2026-11-23"}}) {{ {EIGHT} sum {{ cachedRequests }} }}'
    answer = post(few, f"{{ viewer {{ accounts {{ {ninth} }} }} }}")
    assert answer["errors"][0]["message"] == "number of fields can't be more than 8"


def test_confidence_may_be_denied_or_missing() -> None:
    """An account may not know of it, or may refuse it."""
    query = f'{{ viewer {{ accounts {{ {REQUESTS}(limit: 9, filter: {{date: "2026-11-23"}}) {{ count {SURE} }} }} }} }}'
    field = frozenset({f"{REQUESTS}.confidence"})
    refused = [
        post(Box(StandingClock(), limits=limits), query)["errors"][0]["message"]
        for limits in (Limits(denied=field), Limits(missing=field))
    ]
    assert refused == ["does not have access to the field 'confidence'", 'unknown field "confidence"']


SHARED = Box(StandingClock(), limits=Limits(queries=100_000))
