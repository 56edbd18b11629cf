"""What may be asked: bounds and fields of an account, narrowed by what it has refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from aigw_tui.cloudflare import documents
from aigw_tui.cloudflare.documents import Ask
from aigw_tui.cloudflare.selection import Node
from aigw_tui.datasets import all_datasets, dataset, live_datasets
from aigw_tui.errors import SchemaError
from aigw_tui.model import Window
from aigw_tui.source import Bounds, Question
from wire import NOW

REQUESTS = dataset("requests")


def names(bounds: Bounds) -> list[str]:
    """The measures that may not be asked."""
    return [name for name, _ in bounds.unavailable]


EVERYTHING = frozenset(name.replace(".", "_") for name in Node().select(REQUESTS).fields if name != "count") | {
    "sum_cachedTokensIn",
    "sum_cachedTokensOut",
}


def test_what_is_documented_is_assumed() -> None:
    """Where nothing is known, every measure's best alternative is asked."""
    for each in all_datasets():
        selection = Node().select(each)
        assert [measure.name for measure, _ in selection.measures] == list(each.measure_names)
        assert selection.keys == each.keys
        assert Node().bounds(each).unavailable == ()


def test_the_next_alternative_is_taken() -> None:
    """Without `tokensIn`, its two parts are asked; one of them alone would be wrong."""
    old = Node(fields=EVERYTHING - {"sum_tokensIn", "sum_tokensOut"}).select(REQUESTS)
    assert {measure.name: asked for measure, asked in old.measures}["tokens_in"] == (
        "sum.uncachedTokensIn",
        "sum.cachedTokensIn",
    )
    half = Node(fields=EVERYTHING - {"sum_tokensIn", "sum_cachedTokensIn"})
    assert names(half.bounds(REQUESTS)) == ["tokens_in"]


def test_a_missing_key() -> None:
    """It is left out; without its time a dataset cannot be asked."""
    failures = dataset("failures")
    denied = Node().without("statusCode")
    assert [key.name for key in denied.select(failures).keys] == ["gateway", "provider", "model", "rate_limited"]
    assert [key.name for key in Node().without("gateway").select(REQUESTS).keys] == ["provider", "model"]
    with pytest.raises(SchemaError, match="has no datetimeHour"):
        Node().without("datetimeHour").select(REQUESTS)
    assert not Node().without("datetimeHour").bounds(REQUESTS).enabled


def test_a_disabled_dataset() -> None:
    """`enabled: false` is not asked."""
    with pytest.raises(SchemaError, match="not enabled"):
        Node(enabled=False).select(REQUESTS)


@pytest.mark.parametrize("refused", ["sum.cost", "sum_cost", "cost", "COST", "sum.COST"])
def test_a_denied_field(refused: str) -> None:
    """Cloudflare names fields in lower case, with or without their group."""
    assert names(Node().without(refused).bounds(REQUESTS)) == ["cost_usd"]


@pytest.mark.parametrize("most", range(7, 40))
def test_too_many_fields(most: int) -> None:
    """They stand in several parts, each with bucket and keys; what is checked is in the first, and nothing is lost."""
    for each in (*all_datasets(), *live_datasets()):
        whole = Node(max_fields=most).select(each)
        assert all(len(part.fields) <= most for part in whole.parts)
        assert all(part.keys == whole.keys for part in whole.parts)
        asked = [measure.name for part in whole.parts for measure, _ in part.measures]
        assert {*whole.parts[0].dataset.checked} == {*each.checked}
        assert sorted(asked) == sorted(each.measure_names)
        assert len(whole.parts) <= len(each.measures)


def test_fewer_fields_than_keys() -> None:
    """The keys declared last go; with room for nothing but the time the dataset cannot be asked, and says so."""
    least = Node(max_fields=2).select(REQUESTS)
    assert (least.keys, [one.name for one, _ in least.parts[0].measures]) == ((), ["requests"])
    bounds = Node(max_fields=1).bounds(REQUESTS)
    assert not bounds.enabled
    assert bounds.unavailable == (("", "aiGatewayRequestsAdaptiveGroups allows only 1 fields"),)


@pytest.mark.parametrize(
    ("node", "why"),
    [
        (Node().without("sum_cost"), "Cloudflare refuses sum.cost of aiGatewayRequestsAdaptiveGroups to this token"),
        (Node(fields=EVERYTHING - {"sum_cost"}), "aiGatewayRequestsAdaptiveGroups has no sum.cost for this account"),
    ],
)
def test_a_missing_measure_has_a_reason(node: Node, why: str) -> None:
    """In words for the help of its column."""
    assert node.bounds(REQUESTS).unavailable == (("cost_usd", why),)


def test_intervals_are_asked_where_they_exist() -> None:
    """Beside the totals, and never where nothing is known of the node; after a refusal no more."""
    node = Node(fields=EVERYTHING | {"confidence_count"})
    question = Question(REQUESTS, Window(NOW - timedelta(hours=2), NOW))

    def text(one: Node) -> str:
        return str(json.loads(documents.usage("a", [Ask(question, one.select(REQUESTS))]))["query"])

    assert text(node).count("confidence(level: 0.95) { count { lower upper } }") == 1
    assert "confidence" not in text(Node())
    assert "confidence" not in text(node.without("confidence"))


def test_what_is_not_kept_is_grouped_and_narrowed() -> None:
    """Values of filters and arguments travel as variables, and the count is ordered by."""
    metadata = dataset("metadata")
    question = Question(
        metadata,
        Window(NOW - timedelta(hours=2), NOW),
        by=("value",),
        where=(("model", ('m" }', "n")),),
        argument='team")',
    )
    body = json.loads(documents.usage("a", [Ask(question, Node().select(metadata).grouped(("value",)))]))
    text, variables = body["query"], body["variables"]
    assert "dimensions { value: metadataValue(key: $argument0) }" in text
    assert "model_in: $where0x0" in text
    assert "orderBy: [count_DESC]" in text
    assert "totals0" not in text
    assert (variables["where0x0"], variables["argument0"]) == (['m" }', "n"], 'team")')
    with pytest.raises(SchemaError, match="has no value"):
        Node().without("metadataValue").select(metadata).grouped(("value",))


def test_hourly_totals() -> None:
    """They have no keys, hours for buckets, and the checked measures in their order."""
    totals = Node().select(dataset("pulse")).totals
    assert totals.fields == ("dimensions.datetimeHour", "count")
    neurons = Node().select(replace(dataset("neurons"), checked=("neurons", "inferences"))).totals
    assert neurons.dataset.measure_names == ("neurons", "inferences")
    assert neurons.keys == ()


def test_values_travel_as_variables() -> None:
    """One document for all questions; account, times and limits are nowhere in its text."""
    window = Window(NOW - timedelta(hours=2), NOW)
    asks = [Ask(Question(each, window), replace(Node(), page=777).select(each)) for each in all_datasets()]
    body = json.loads(documents.usage('a"}) { hostile', asks))
    text, variables = body["query"], body["variables"]
    assert "hostile" not in text
    assert "777" not in text
    assert "2026" not in text
    assert variables["account"] == 'a"}) { hostile'
    assert (variables["since1"], variables["until1"]) == ("2026-11-23T12:05:00Z", "2026-11-23T14:05:00Z")
    assert text.count("{") == text.count("}")
    for n, ask in enumerate(asks):
        node = ask.selection.dataset.node
        assert f"rows{n}: {node}(limit: $limit{n}, filter: {{datetime_geq: $since{n}, datetime_lt: $until{n}}}" in text
        assert f"totals{n}: {node}(" in text
    assert "orderBy: [datetimeMinute_ASC]" in text
    assert "dimensions { datetimeHour gateway provider model }" in text
