"""The REST routes: tokens, accounts, gateways, models; logs have a file of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from aigw_tui.demo.catalogue import ACCOUNT_ID, ACCOUNT_NAME, ACCOUNT_TOKEN, GATEWAYS, Gateway, neuron_prices
from aigw_tui.demo.envelope import (
    INVALID_TOKEN,
    NO_ROUTE,
    NOT_FOUND,
    UNAUTHENTICATED,
    WRONG_METHOD,
    Json,
    Sealed,
    invalid,
    page,
    success,
)
from aigw_tui.demo.logs import logs
from aigw_tui.demo.resolvers import Asked
from aigw_tui.demo.token import turned_away

Query = Mapping[str, str]
Answerer = Callable[[Asked, str, "re.Match[str]", Query], Sealed]


def rest(asked: Asked, token: str, method: str, path: str, query: str) -> Sealed:
    """`path` is below `/client/v4`."""
    if refusal := turned_away(token, path):
        return refusal
    for pattern, answerer in ROUTES:
        if found := pattern.fullmatch(path):
            if method != "GET":
                return WRONG_METHOD
            if found.groupdict().get("account", ACCOUNT_ID) != ACCOUNT_ID:
                return UNAUTHENTICATED
            return answerer(asked, token, found, dict(parse_qsl(query, errors="replace")))
    return NO_ROUTE


def _verify_user(asked: Asked, token: str, _path: re.Match[str], _query: Query) -> Sealed:
    """A token that belongs to the account is unknown here, and the other way round."""
    del asked
    return INVALID_TOKEN if token == ACCOUNT_TOKEN else success(_verified("user"))


def _verify_account(asked: Asked, token: str, _path: re.Match[str], _query: Query) -> Sealed:
    del asked
    return success(_verified("account")) if token == ACCOUNT_TOKEN else INVALID_TOKEN


def _verified(owner: str) -> Json:
    return {"id": f"demo-{owner}-token", "status": "active"}


def _accounts(_asked: Asked, _token: str, _path: re.Match[str], query: Query) -> Sealed:
    return _paged([{"id": ACCOUNT_ID, "name": ACCOUNT_NAME, "type": "standard"}], query)


def _gateways(_asked: Asked, _token: str, _path: re.Match[str], query: Query) -> Sealed:
    return _paged([_gateway(gateway) for gateway in GATEWAYS], query)


def _gateway(gateway: Gateway) -> Json:
    return {
        "id": gateway.name,
        "cache_ttl": gateway.cache_ttl_s,
        "cache_invalidate_on_update": True,
        "collect_logs": True,
        "log_management": 100_000,
        "log_management_strategy": "DELETE_OLDEST",
        "rate_limiting_interval": 60 if gateway.calls_per_minute else 0,
        "rate_limiting_limit": gateway.calls_per_minute,
        "rate_limiting_technique": "sliding",
        "authentication": True,
        "spend_limits": {"enabled": False, "rules": []},
    }


def _logs(asked: Asked, _token: str, path: re.Match[str], query: Query) -> Sealed:
    if path["gateway"] not in {gateway.name for gateway in GATEWAYS}:
        return NOT_FOUND
    return logs(asked, path["gateway"], query)


def _models(_asked: Asked, _token: str, _path: re.Match[str], query: Query) -> Sealed:
    wanted = query.get("search", "")
    return _paged([_model(name, line) for name, line in neuron_prices().items() if wanted in name], query)


def _model(name: str, line: Mapping[str, str]) -> Json:
    prices = [
        {"unit": f"per M {way} tokens", "price": float(price), "currency": "USD"}
        for way in ("input", "output")
        if (price := line[f"usd_per_m_{way}_tokens"])
    ]
    return {"name": name, "properties": [{"property_id": "price", "value": prices}]}


def _paged(items: list[Json], query: Query) -> Sealed:
    try:
        number, size = int(query.get("page", "1")), int(query.get("per_page", "50"))
    except ValueError:
        return invalid("page and per_page are numbers")
    return page(items, number, size) if number > 0 and 0 < size <= 100 else invalid("per_page must be from 1 to 100")


_ACCOUNT = "/accounts/(?P<account>[^/]+)"
ROUTES: tuple[tuple[re.Pattern[str], Answerer], ...] = tuple(
    (re.compile(pattern), answerer)
    for pattern, answerer in (
        ("/user/tokens/verify", _verify_user),
        (f"{_ACCOUNT}/tokens/verify", _verify_account),
        ("/accounts", _accounts),
        (f"{_ACCOUNT}/ai-gateway/gateways", _gateways),
        (f"{_ACCOUNT}/ai-gateway/gateways/(?P<gateway>[^/]+)/logs", _logs),
        (f"{_ACCOUNT}/ai/models/search", _models),
    )
)
