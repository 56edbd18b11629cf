"""The box's GraphQL: its figures are those of the truth, and its limits are Cloudflare's."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, story_start
from aigw_tui.demo.limits import PLAIN_TOKENS, REQUESTS, SPLIT_TOKENS, Limits
from aigw_tui.demo.truth import totals
from aigw_tui.format import iso
from aigw_tui.model import DAY, HOUR, Window, day_of

START = story_start(date(2026, 11, 23))
TODAY = Window(day_of(START), START)
NEURONS = "aiInferenceAdaptiveGroups"


class StandingClock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def post(box: Box, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    answered = box.answer("POST", "/client/v4/graphql", {"Authorization": f"Bearer {TOKEN}"}, body)
    assert answered.status == 200
    found: dict[str, Any] = json.loads(answered.body)
    return found


def within(inner: str, of: str = "") -> str:
    """A document that asks `inner` of the account."""
    return f"{{viewer {{accounts{of} {{ {inner} }} }} }}"


def groups(box: Box, node: str, fields: str, window: Window, rest: str = "limit: 1000", also: str = "") -> list[Any]:
    """The rows of one dataset over a window."""
    bounds = f'datetime_geq: "{iso(window.since)}", datetime_lt: "{iso(window.until)}" {also}'
    query = within(f"{node}({rest}, filter: {{{bounds}}}) {{ {fields} }}", f'(filter: {{accountTag: "{ACCOUNT_ID}"}})')
    answer = post(box, query)
    assert answer["errors"] is None, answer["errors"]
    rows: list[Any] = answer["data"]["viewer"]["accounts"][0][node]
    return rows


def complaint(box: Box, inner: str) -> tuple[str, list[str] | None]:
    """The message and path of a refused question; nothing else may come with it."""
    answer = post(box, within(inner))
    assert answer["data"] is None
    return answer["errors"][0]["message"], answer["errors"][0]["path"]


@pytest.fixture(scope="module")
def box() -> Box:
    return Box(StandingClock())


FIELDS = """count dimensions { datetimeHour gateway provider model }
    sum { erroredRequests cachedRequests tokensIn uncachedTokensOut cost }"""


@given(st.integers(0, 70), st.integers(1, 24))
@settings(max_examples=12)
def test_groups_add_up_to_the_truth(back: int, length: int) -> None:
    """Grouped sums of any window equal the ungrouped truth as it can be seen now."""
    window = Window(START - HOUR * (back + length), START - HOUR * back)
    rows = groups(SHARED, REQUESTS, FIELDS, window)
    true = totals(SHARED.account, window, START)
    assert sum(row["count"] for row in rows) == true.requests
    assert sum(row["sum"]["erroredRequests"] for row in rows) == true.errors
    assert sum(row["sum"]["cachedRequests"] for row in rows) == true.cached
    assert sum(row["sum"]["tokensIn"] for row in rows) == true.tokens_in
    assert sum(row["sum"]["uncachedTokensOut"] for row in rows) == true.tokens_out
    assert math.isclose(sum(row["sum"]["cost"] for row in rows), true.cost, abs_tol=1e-9)


def test_neurons_add_up_to_the_truth(box: Box) -> None:
    """Neurons by hour and model equal the truth, with the calls that bypass the gateways."""
    rows = groups(box, NEURONS, "count dimensions { datetimeHour modelId } sum { totalNeurons }", TODAY)
    true = totals(box.account, TODAY, START)
    assert sum(row["count"] for row in rows) == true.inferences
    assert math.isclose(sum(row["sum"]["totalNeurons"] for row in rows), true.neurons)
    assert any(row["dimensions"]["modelId"] == "@cf/meta/m2m100-1.2b" for row in rows)


def test_rows_appear_late_and_grow() -> None:
    """The hour before now is incomplete and later complete; its neurons lag by three quarters of an hour."""
    clock = StandingClock()
    box = Box(clock)
    hour = Window(START - timedelta(minutes=65), START - timedelta(minutes=5))
    seen = []
    for minutes in (0, 3, 10, 50):
        clock.moment = START + timedelta(minutes=minutes)
        requests = groups(box, REQUESTS, "count", hour)[0]["count"]
        seen.append((requests, groups(box, NEURONS, "count", hour)[0]["count"]))
    assert [requests for requests, _ in seen] == sorted(requests for requests, _ in seen)
    assert seen[0][0] < seen[2][0] == seen[3][0] == totals(box.account, hour).requests
    assert seen[0][1] < seen[2][1] < seen[3][1] == totals(box.account, hour).inferences


def test_nothing_younger_than_the_delay(box: Box) -> None:
    """The last two minutes are empty: no row, not a zero."""
    assert groups(box, REQUESTS, "count", Window(START - timedelta(minutes=2), START)) == []


def test_filters_select_what_they_say(box: Box) -> None:
    """Equality, sets, patterns, AND and OR agree with the truth narrowed in the same way."""
    true = totals(box.account, TODAY, START, gateway="batch", provider="workers-ai")
    for also in (
        'gateway: "batch", provider: "workers-ai"',
        'gateway_in: ["batch"], provider_notin: ["openai", "groq", "anthropic"]',
        'gateway_like: "b%ch", model_like: "@cf/%"',
        'AND: [{gateway_neq: "prod-api"}, {gateway_notlike: "chat-%"}, {provider: "workers-ai"}]',
        'OR: [{gateway: "batch", model_like: "@cf/baai/%"}, {gateway: "batch", model_like: "@cf/%n%"}]',
    ):
        assert groups(box, REQUESTS, "count", TODAY, also=also)[0]["count"] == true.requests, also


@pytest.mark.parametrize(
    ("comparison", "hours"), [("geq", [9, 10, 11]), ("gt", [10, 11]), ("lt", [8]), ("leq", [8, 9]), ("in", [9])]
)
def test_buckets_of_time_compare_as_buckets(box: Box, comparison: str, hours: list[int]) -> None:
    """`datetimeHour_leq` 09:00 holds all of that hour."""
    window = Window(TODAY.since + 8 * HOUR, TODAY.since + 12 * HOUR)
    also = f'datetimeHour_{comparison}: "2026-11-23T09:00:00Z"'
    rows = groups(box, REQUESTS, "dimensions { datetimeHour }", window, also=also)
    assert [int(row["dimensions"]["datetimeHour"][11:13]) for row in rows] == hours


def test_order_and_limit(box: Box) -> None:
    """The largest come first when asked so, and no more than the limit."""
    rows = groups(box, REQUESTS, "count dimensions { model }", TODAY, "limit: 3, orderBy: [count_DESC]")
    counts = [row["count"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert len(rows) == 3
    by_cost = groups(box, REQUESTS, "dimensions { model }", TODAY, "limit: 1, orderBy: [sum_cost_DESC, model_ASC]")
    assert by_cost[0]["dimensions"]["model"] == "gpt-5-mini"


def test_quantiles_metadata_and_confidence(box: Box) -> None:
    """Quantiles ascend; a metadata key is a dimension; nothing is sampled, so the interval is a point."""
    fields = """count quantiles { p50: durationMsP50 durationMsP90 } dimensions { team: metadataValue(key: "team") }
        confidence(level: 0.9) { level count { lower upper } }"""
    rows = groups(box, REQUESTS, fields, TODAY)
    assert {row["dimensions"]["team"] for row in rows} == {"data", "search", "support", "web"}
    assert all(0 < row["quantiles"]["p50"] < row["quantiles"]["durationMsP90"] for row in rows)
    assert all(
        row["confidence"] == {"level": 0.9, "count": {"lower": row["count"], "upper": row["count"]}} for row in rows
    )


@pytest.mark.parametrize(
    "kinds", [("string!", "Time!", "uint64!"), ("String!", "String!", "Int!"), ("string", "string!", "Int")]
)
def test_variables_are_accepted_in_all_spellings(box: Box, kinds: tuple[str, str, str]) -> None:
    """`string!`, `String!`, `uint64!` and `Int!` are all seen in the wild."""
    account, moment, number = kinds
    asked = within(f"{REQUESTS}(limit: $n, filter: {{datetime_geq: $s}}) {{ count }}", "(filter: {accountTag: $a})")
    query = f"query($a: {account}, $s: {moment}, $n: {number}) {asked}"
    answer = post(box, query, {"a": ACCOUNT_ID, "s": iso(TODAY.since), "n": 10})
    assert answer["errors"] is None
    assert answer["data"]["viewer"]["accounts"][0][REQUESTS][0]["count"] == totals(box.account, TODAY, START).requests


def test_aliases_and_fragments(box: Box) -> None:
    """One document asks several datasets, also through fragments and directives."""
    window = f'filter: {{datetime_geq: "{iso(TODAY.since)}"}}, limit: 9'
    minutes = f'filter: {{datetimeMinute_geq: "{iso(TODAY.since)}"}}, limit: 9'
    query = f"""query {{ viewer {{ accounts {{
        a: {REQUESTS}({window}) {{ ...Counted dimensions {{ gateway @include(if: true) model @skip(if: true) }} }}
        b: {NEURONS}({window}) {{ ... on AccountAiInferenceAdaptiveGroups {{ sum {{ totalNeurons }} }} }}
        c: aiGatewayCacheAdaptiveGroups({minutes}) {{ count }}
        d: aiGatewayErrorsAdaptiveGroups({minutes}) {{ count }} }} }} }}
        fragment Counted on AccountAiGatewayRequestsAdaptiveGroups {{ count __typename }}"""
    found = post(box, query)["data"]["viewer"]["accounts"][0]
    assert [row["dimensions"] for row in found["a"]] == [
        {"gateway": name} for name in ("batch", "chat-widget", "prod-api")
    ]
    assert found["b"][0]["sum"]["totalNeurons"] > 6_000
    assert found["c"] == []
    assert found["d"][0]["count"] == totals(box.account, TODAY, START).errors


def test_stored_logs_grow(box: Box) -> None:
    """The size dataset holds the stored rows of each gateway."""
    since = iso(START - HOUR)
    bounds = f'limit: 99, filter: {{datetimeMinute_geq: "{since}", gateway: "batch"}}'
    query = within(f"aiGatewaySizeAdaptiveGroups({bounds}) {{ max {{ rows }} dimensions {{ datetimeMinute }} }}")
    rows = [
        row["max"]["rows"] for row in post(box, query)["data"]["viewer"]["accounts"][0]["aiGatewaySizeAdaptiveGroups"]
    ]
    assert 0 < rows[0] < rows[-1]


def test_settings_and_introspection(box: Box) -> None:
    """The account says what may be asked, in the spellings that a client has to know."""
    names = "enabled availableFields maxNumberOfFields maxDuration notOlderThan maxPageSize"
    found = post(box, f"{{viewer {{accounts {{ settings {{ {REQUESTS} {{ {names} }} }} }} }} }}")["data"]
    known = found["viewer"]["accounts"][0]["settings"][REQUESTS]
    assert {"count", "sum_cost", "dimensions_gateway", "quantiles_durationMsP50"} <= set(known.pop("availableFields"))
    expected = {
        "enabled": True,
        "maxNumberOfFields": 30,
        "maxDuration": 2_764_800,
        "notOlderThan": 5_356_800,
        "maxPageSize": 1000,
    }
    assert known == expected
    kind = post(box, '{__type(name: "AccountAiGatewayRequestsAdaptiveGroupsSum") {fields {name type {ofType {name}}}}}')
    assert {"name": "cost", "type": {"ofType": {"name": "float64"}}} in kind["data"]["__type"]["fields"]


RECENT = 'limit: 5, filter: {date_geq: "2026-11-23"}'


@pytest.mark.parametrize(
    ("inner", "message", "has_path"),
    [
        (f"{REQUESTS}({RECENT}) {{ misses }}", 'unknown field "misses"', True),
        ("aiGatewayUsage { count }", 'unknown field "aiGatewayUsage"', False),
        (f"{REQUESTS}({RECENT}) {{ count {{ x }} }}", "scalar fields must have no selections", True),
        (f"{REQUESTS}({RECENT}) {{ dimensions {{ metadataValue }} }}", 'argument "key" is required', True),
        (f"{NEURONS}(limit: 5) {{ count }}", 'argument "filter" is required', True),
        (f"{REQUESTS}(limt: 5) {{ count }}", 'unknown arg "limt"', True),
        (f"{REQUESTS}(limit: 5, filter: {{hour: 3}}) {{ count }}", "error parsing args", True),
        (f'{REQUESTS}(limit: 5, filter: {{datetime_geq: "noon"}}) {{ count }}', "error parsing args", True),
        (f"{REQUESTS}(limit: 5, filter: {{model: 7}}) {{ count }}", "error parsing args", True),
        (f"{REQUESTS}({RECENT}, orderBy: [model_ASC]) {{ count }}", "error parsing args", True),
        (f"{REQUESTS} {{ count }}", "limit must be positive number and not greater than 1000", True),
        (f"{REQUESTS}(limit: 0) {{ count }}", "limit must be positive number and not greater than 1000", True),
        (f"{REQUESTS}(limit: 1001) {{ count }}", "limit must be positive number and not greater than 1000", True),
        (
            f'{REQUESTS}(limit: 5, filter: {{date_geq: "2020-01-01"}}) {{ count }}',
            "cannot request data older than 5356800s",
            True,
        ),
        (
            f'{REQUESTS}(limit: 5, filter: {{date_geq: "2026-10-01"}}) {{ count }}',
            "query time range is too large",
            True,
        ),
        (f"{REQUESTS}(limit: 5) {{ count }}", "query time range is too large", True),
    ],
)
def test_what_goes_too_far_is_refused(box: Box, inner: str, message: str, has_path: bool) -> None:
    """Each refusal has Cloudflare's words and, where one is concerned, the dataset's name in its path."""
    words, path = complaint(box, inner)
    assert words.startswith(message)
    node = inner.partition("(")[0].partition(" ")[0]
    assert path == (["viewer", "accounts", "0", node] if has_path else None)


def test_one_bad_field_spoils_the_whole_request(box: Box) -> None:
    """The other aliases get nothing either."""
    answer = post(
        box,
        f"{{viewer {{accounts {{ good: {REQUESTS}({RECENT}) {{ count }} bad: {NEURONS}({RECENT}) {{ none }} }} }} }}",
    )
    assert answer["data"] is None
    assert answer["errors"][0]["path"][-1] == NEURONS


@pytest.mark.parametrize(
    ("limits", "inner", "message"),
    [
        (
            Limits(page=10),
            f"{REQUESTS}(limit: 11) {{ count }}",
            "limit must be positive number and not greater than 10",
        ),
        (
            Limits(fields=2),
            f"{REQUESTS}({RECENT}) {{ count sum {{ cost tokensIn }} }}",
            "number of fields can't be more than 2",
        ),
        (Limits(window=HOUR), f"{REQUESTS}({RECENT}) {{ count }}", "query time range is too large"),
        (Limits(oldest=HOUR), f"{REQUESTS}({RECENT}) {{ count }}", "cannot request data older than 3600s"),
        (Limits(denied=frozenset({NEURONS})), f"{NEURONS}({RECENT}) {{ count }}", "does not have access to the path"),
        (Limits(disabled=frozenset({NEURONS})), f"{NEURONS}({RECENT}) {{ count }}", "does not have access to the path"),
        (
            Limits(denied=frozenset({f"{REQUESTS}.sum_cost"})),
            f"{REQUESTS}({RECENT}) {{ sum {{ cost }} }}",
            "does not have access to the field 'cost'",
        ),
        (Limits(missing=PLAIN_TOKENS), f"{REQUESTS}({RECENT}) {{ sum {{ tokensIn }} }}", 'unknown field "tokensIn"'),
        (
            Limits(missing=SPLIT_TOKENS),
            f"{REQUESTS}({RECENT}) {{ sum {{ uncachedTokensIn }} }}",
            'unknown field "uncachedTokensIn"',
        ),
        (Limits(missing=frozenset({NEURONS})), f"{NEURONS}({RECENT}) {{ count }}", f'unknown field "{NEURONS}"'),
        (
            Limits(missing=frozenset({f"{REQUESTS}.dimensions_statusCode"})),
            f"{REQUESTS}({RECENT}) {{ dimensions {{ statusCode }} }}",
            'unknown field "statusCode"',
        ),
        (
            Limits(missing=frozenset({f"{REQUESTS}.quantiles"})),
            f"{REQUESTS}({RECENT}) {{ quantiles {{ durationMsP50 }} }}",
            'unknown field "quantiles"',
        ),
    ],
)
def test_tightened_limits(limits: Limits, inner: str, message: str) -> None:
    """Every limit can be made less, and what an account lacks is refused as what the server never heard of."""
    assert complaint(Box(StandingClock(), limits=limits), inner)[0].startswith(message)


def test_settings_show_the_limits() -> None:
    """A client can learn of a smaller page, a disabled dataset and a missing field; not of a denied one."""
    limits = Limits(10, disabled=frozenset({NEURONS}), missing=PLAIN_TOKENS, denied=frozenset({f"{REQUESTS}.sum_cost"}))
    asked = f"{REQUESTS} {{ enabled availableFields maxPageSize }} {NEURONS} {{ enabled }}"
    query = within(f"settings {{ {asked} }}")
    found = post(Box(StandingClock(), limits=limits), query)["data"]["viewer"]["accounts"][0]["settings"]
    assert found[REQUESTS]["maxPageSize"] == 10
    assert "sum_tokensIn" not in found[REQUESTS]["availableFields"]
    assert "sum_cost" in found[REQUESTS]["availableFields"]
    assert not found[NEURONS]["enabled"]


def test_other_accounts_are_out_of_reach(box: Box) -> None:
    """A foreign id is not authorized; what cannot be an id is nobody's."""
    foreign = post(box, f'{{viewer {{accounts(filter: {{accountTag: "{"f" * 32}"}}) {{ accountTag }} }} }}')
    assert foreign["errors"][0]["message"] == "not authorized for that account"
    assert foreign["errors"][0]["extensions"]["code"] == "authz"
    nobody = post(box, '{viewer {accounts(filter: {accountTag: "acme"}) { accountTag }}}')
    assert nobody["data"] == {"viewer": {"accounts": []}}


def test_the_budget_runs_out_and_comes_back() -> None:
    """Too many queries in five minutes are refused with HTTP 200; five minutes after the first there is room again."""
    clock = StandingClock()
    box = Box(clock, limits=Limits(queries=5))
    query = "{viewer {accounts {accountTag}}}"
    assert all(post(box, query)["errors"] is None for _ in range(5))
    refused = post(box, query)
    assert refused["errors"][0]["message"] == "rate limiter budget depleted, try again after 5 minutes"
    assert refused["errors"][0]["extensions"]["code"] == "budget"
    clock.seconds = 299.0
    assert post(box, query)["data"] is None
    clock.seconds = 300.0
    assert post(box, query)["errors"] is None


def test_the_same_question_gets_the_same_bytes() -> None:
    """Seed, start and question determine the answer; another seed is another account."""
    body = json.dumps({"query": f"{{viewer {{accounts {{ {REQUESTS}({RECENT}) {{ {FIELDS} }} }} }} }}"}).encode()
    headers = {"authorization": f"Bearer {TOKEN}", "ACCEPT-ENCODING": "gzip, br"}
    first, second, other = (
        Box(StandingClock(), seed).answer("POST", "/client/v4/graphql", headers, body) for seed in (1, 1, 2)
    )
    assert first == second != other
    assert dict(first.headers)["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(first.body))["errors"] is None


@given(
    st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner) | st.dictionaries(st.sampled_from(["query", "variables", "operationName"]), inner)
            ),
        ).map(lambda found: json.dumps(found).encode()),
    )
)
@settings(max_examples=150)
def test_any_body_gets_an_answer(body: bytes) -> None:
    """Whatever is posted, the reply is JSON that says what is wrong."""
    box = Box(StandingClock(datetime(2026, 11, 23, 14, 5, tzinfo=UTC)))
    answered = box.answer("POST", "/client/v4/graphql", {"Authorization": f"Bearer {TOKEN}"}, body)
    assert json.loads(answered.body)["errors"]


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"query":"' + b"{a" * 4_000 + b'"}', b'{"query":"' + b"a" * 200_000 + b'"}']
)
def test_deep_and_long_bodies(box: Box, body: bytes) -> None:
    """Nesting and length that would exhaust the parser are refused."""
    answered = box.answer("POST", "/client/v4/graphql", {"Authorization": f"Bearer {TOKEN}"}, body)
    assert json.loads(answered.body)["data"] is None


def test_days_do_not_depend_on_what_was_asked_before(box: Box) -> None:
    """A day made alone equals the same day made after others."""
    day = Window(TODAY.since - 9 * DAY, TODAY.since - 8 * DAY)
    totals(box.account, Window(TODAY.since - 20 * DAY, TODAY.since))
    assert totals(box.account, day) == totals(Box(StandingClock()).account, day)


SHARED = Box(StandingClock(), limits=Limits(queries=100_000))
