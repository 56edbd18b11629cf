"""The datasets of the built-in account: which facts each holds, and what can be asked of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aigw_tui.demo.columns import Column, Number, day, flag, moment, number, text, texts
from aigw_tui.demo.facts import Facts, failed, inferred, none, routed, stored
from aigw_tui.demo.limits import REQUESTS
from aigw_tui.demo.stores import LOG_LIMIT


@dataclass(frozen=True, slots=True)
class Node:
    facts: Facts
    columns: Mapping[str, Column]
    sums: Mapping[str, Number] = field(default_factory=dict)
    maxima: Mapping[str, Number] = field(default_factory=dict)
    is_adaptive: bool = True
    """Sampled where the account is; its facts are calls."""


TIMES = {
    "date": day(),
    "datetime": moment(1),
    "datetimeHour": moment(3600),
    "datetimeFifteenMinutes": moment(900),
    "datetimeFiveMinutes": moment(300),
    "datetimeMinute": moment(60),
}
PLACES = {
    "gateway": text(lambda fact: fact.gateway),
    "provider": text(lambda event: event.model.provider),
    "model": text(lambda event: event.model.name),
}
_ERRORS = {"datetimeMinute": moment(60), **PLACES}


def metadata(key: str) -> Column:
    """The value of one metadata key; empty where a request has none."""
    return text(lambda event: next((value for name, value in event.caller.metadata if name == key), ""))


NODES: Mapping[str, Node] = {
    REQUESTS: Node(
        routed,
        columns={
            **TIMES,
            **PLACES,
            "statusCode": number(lambda event: event.status),
            "durationMs": number(lambda event: event.duration_ms),
            "cached": flag(lambda event: event.is_cached),
            "error": flag(lambda event: event.is_error),
            "rateLimited": flag(lambda event: event.is_limited),
            "wholesale": flag(lambda _: False),
            "userAgent": text(lambda event: event.caller.user_agent),
            "metadataRaw": text(lambda event: json.dumps(dict(event.caller.metadata))),
            "metadataKeys": texts(lambda event: tuple(name for name, _ in event.caller.metadata)),
            "metadataValues": texts(lambda event: tuple(value for _, value in event.caller.metadata)),
        },
        sums={
            "cachedRequests": lambda event: event.is_cached,
            "erroredRequests": lambda event: event.is_error,
            "tokensIn": lambda event: event.tokens_in,
            "tokensOut": lambda event: event.tokens_out,
            "cachedTokensIn": lambda _: 0,
            "cachedTokensOut": lambda _: 0,
            "uncachedTokensIn": lambda event: event.tokens_in,
            "uncachedTokensOut": lambda event: event.tokens_out,
            "cacheReadTokens": lambda _: 0,
            "cacheWriteTokens": lambda _: 0,
            "cost": lambda event: event.cost,
        },
    ),
    "aiGatewayErrorsAdaptiveGroups": Node(failed, _ERRORS),
    "aiGatewayCacheAdaptiveGroups": Node(none, _ERRORS),
    "aiGatewaySizeAdaptiveGroups": Node(
        stored,
        {"datetimeMinute": moment(60), "gateway": PLACES["gateway"], "logManagement": number(lambda _: LOG_LIMIT)},
        maxima={"rows": lambda reading: reading.rows},
        is_adaptive=False,
    ),
    "aiInferenceAdaptiveGroups": Node(
        inferred,
        columns={
            **TIMES,
            "modelId": text(lambda event: event.model.name),
            "errorCode": number(lambda event: event.fault),
            "requestSource": text(lambda event: event.caller.source),
            "tag": text(lambda _: ""),
        },
        sums={
            "totalNeurons": lambda event: event.neurons,
            "totalInputTokens": lambda event: event.tokens_in,
            "totalOutputTokens": lambda event: event.tokens_out,
            "totalInferenceTimeMs": lambda event: event.duration_ms,
            "totalInferenceSteps": lambda _: 0,
            "totalRequestBytesIn": lambda event: 4 * event.tokens_in,
            "totalRequestBytesOut": lambda event: 4 * event.tokens_out,
            "totalAudioSeconds": lambda _: 0,
            "totalTiles": lambda _: 0,
            "totalProcessedPixels": lambda _: 0,
            "totalInputLength": lambda event: event.tokens_in,
            "totalCostMetricValue1": lambda event: event.tokens_in,
            "totalCostMetricValue2": lambda event: event.tokens_out,
        },
    ),
}
