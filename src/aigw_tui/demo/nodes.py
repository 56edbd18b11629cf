"""The datasets of the built-in account: which facts each holds, and what can be asked of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aigw_tui.demo.account import Account
from aigw_tui.demo.catalogue import GATEWAYS
from aigw_tui.demo.columns import Column, Fact, Number, day, flag, moment, number, text
from aigw_tui.demo.limits import REQUESTS

Facts = Callable[[Account, float, float, float], Iterator[Fact]]
"""(account, since, until, now) in epoch seconds → what the dataset knows by now of that window, oldest first."""
LOG_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Node:
    facts: Facts
    columns: Mapping[str, Column]
    sums: Mapping[str, Number] = field(default_factory=dict)
    maxima: Mapping[str, Number] = field(default_factory=dict)


class Stored(NamedTuple):
    """A gateway's stored log rows at a moment."""

    at: int
    gateway: str
    rows: int


def _routed(account: Account, since: float, until: float, now: float) -> Iterator[Fact]:
    return (event for event in account.events(since, min(until, now)) if event.gateway and event.shown_at <= now)


def _failed(account: Account, since: float, until: float, now: float) -> Iterator[Fact]:
    return (event for event in _routed(account, since, until, now) if event.is_error)


def _inferred(account: Account, since: float, until: float, now: float) -> Iterator[Fact]:
    return (event for event in account.events(since, min(until, now)) if event.is_inference and event.counted_at <= now)


def _none(account: Account, since: float, until: float, now: float) -> Iterator[Fact]:  # noqa: ARG001 - a Facts
    """The cache dataset stayed empty through real cache hits."""
    return iter(())


def _stored(account: Account, since: float, until: float, now: float) -> Iterator[Fact]:
    """A reading every five minutes; each store grows evenly and starts anew when it is full."""
    del account
    for at in range(int(-(-since // 300) * 300), int(min(until, now - 300)), 300):
        for place, gateway in enumerate(GATEWAYS):
            yield Stored(at, gateway.name, at // (70 + 60 * place) % LOG_LIMIT)


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
        _routed,
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
            "cost": lambda event: event.cost,
        },
    ),
    "aiGatewayErrorsAdaptiveGroups": Node(_failed, _ERRORS),
    "aiGatewayCacheAdaptiveGroups": Node(_none, _ERRORS),
    "aiGatewaySizeAdaptiveGroups": Node(
        _stored,
        {"datetimeMinute": moment(60), "gateway": PLACES["gateway"], "logManagement": number(lambda _: LOG_LIMIT)},
        maxima={"rows": lambda stored: stored.rows},
    ),
    "aiInferenceAdaptiveGroups": Node(
        _inferred,
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
