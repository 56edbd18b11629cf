"""What may be asked: bounds and fields of an account, narrowed by what it has refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from aigw_tui.cloudflare import documents
from aigw_tui.cloudflare.documents import Ask
from aigw_tui.cloudflare.selection import Node
from aigw_tui.datasets import all_datasets, dataset
from aigw_tui.errors import SchemaError
from aigw_tui.model import Window
from aigw_tui.source import Question
from wire import NOW

REQUESTS = dataset("requests")
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
    assert half.bounds(REQUESTS).unavailable == ("tokens_in",)


def test_a_missing_key() -> None:
    """An optional one is left out; a required one makes the dataset unavailable."""
    failures = dataset("failures")
    denied = Node().without("statusCode")
    assert [key.name for key in denied.select(failures).keys] == ["gateway", "provider", "model", "rate_limited"]
    with pytest.raises(SchemaError, match="has no model"):
        Node().without("model").select(REQUESTS)
    assert not Node().without("model").bounds(REQUESTS).enabled


def test_a_disabled_dataset() -> None:
    """`enabled: false` is not asked."""
    with pytest.raises(SchemaError, match="not enabled"):
        Node(enabled=False).select(REQUESTS)


@pytest.mark.parametrize("refused", ["sum.cost", "sum_cost", "cost", "COST", "sum.COST"])
def test_a_denied_field(refused: str) -> None:
    """Cloudflare names fields in lower case, with or without their group."""
    assert Node().without(refused).bounds(REQUESTS).unavailable == ("cost_usd",)


def test_too_many_fields() -> None:
    """The measures declared last go first; what is checked stays; keys and bucket always stay."""
    assert Node(max_fields=11).bounds(REQUESTS).unavailable == ("cost_usd", "duration_p50", "duration_p90")
    least = Node(max_fields=5).select(REQUESTS)
    assert [measure.name for measure, _ in least.measures] == ["requests"]
    with pytest.raises(SchemaError, match="only 4 fields"):
        Node(max_fields=4).select(REQUESTS)


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
