"""The REST routes: tokens, accounts, gateways, models; logs have a file of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from aigw_tui.demo.account import Account
from aigw_tui.demo.asked import Asked
from aigw_tui.demo.catalogue import ACCOUNT_TOKEN, GATEWAYS, Gateway, neuron_prices
from aigw_tui.demo.envelope import (
    INVALID_TOKEN,
    NO_ROUTE,
    NOT_FOUND,
    NOT_PERMITTED,
    UNAUTHENTICATED,
    WRONG_METHOD,
    Json,
    Sealed,
    invalid,
    page,
    success,
)
from aigw_tui.demo.limits import Limits
from aigw_tui.demo.logs import log, log_body, logs
from aigw_tui.demo.making import make
from aigw_tui.demo.stores import LOG_LIMIT
from aigw_tui.demo.token import groups, token_id, turned_away
from aigw_tui.model import SpendLimit


class Call(NamedTuple):
    """A request that is welcome, for a route's answerer."""

    asked: Asked
    account: Account
    """The one that the path names, or the first."""
    token: str
    query: Mapping[str, str]
    body: bytes
    gateway: str = ""
    id: str = ""
    log: str = ""
    part: str = ""


def rest(asked: Asked, token: str, method: str, path: str, query: str, body: bytes) -> Sealed:
    """`path` is below `/client/v4`."""
    if refusal := turned_away(token, path):
        return refusal
    for pattern, answerers in ROUTES:
        if found := pattern.fullmatch(path):
            answerer = answerers.get(method)
            if answerer is None:
                return WRONG_METHOD
            places = found.groupdict()
            account = asked.accounts.get(places.pop("account", next(iter(asked.accounts))))
            if account is None:
                return UNAUTHENTICATED
            if "/ai-gateway/" in path and not asked.limits.may_read_gateways:
                return NOT_PERMITTED
            return answerer(Call(asked, account, token, dict(parse_qsl(query, errors="replace")), body, **places))
    return NO_ROUTE


def _verify_user(call: Call) -> Sealed:
    """A token that belongs to the account is unknown here, and the other way round."""
    return INVALID_TOKEN if call.token == ACCOUNT_TOKEN else success(_verified("user"))


def _verify_account(call: Call) -> Sealed:
    return success(_verified("account")) if call.token == ACCOUNT_TOKEN else INVALID_TOKEN


def _verified(owner: str) -> Json:
    return {"id": token_id(owner), "status": "active"}


def _user_token(call: Call) -> Sealed:
    """A user's token may read its own policies here; an account's may not, which is how most tokens are."""
    if call.token == ACCOUNT_TOKEN:
        return UNAUTHENTICATED
    if call.id != token_id("user"):
        return NOT_FOUND
    policy = {"effect": "allow", "resources": {}, "permission_groups": groups(call.asked.limits)}
    return success({**_verified("user"), "name": "monitor", "policies": [policy]})


def _account_token(_call: Call) -> Sealed:
    return NOT_PERMITTED


def _accounts(call: Call) -> Sealed:
    return _paged(
        [{"id": tag, "name": account.name, "type": "standard"} for tag, account in call.asked.accounts.items()],
        call.query,
    )


def _gateways(call: Call) -> Sealed:
    listed = [_gateway(gateway, call.asked.limits) for gateway in GATEWAYS] if call.asked.limits.has_gateways else []
    return _paged([*listed, *call.account.made], call.query)


def _make_gateway(call: Call) -> Sealed:
    if not call.asked.limits.may_edit or call.token == ACCOUNT_TOKEN:
        return NOT_PERMITTED
    return make(call.account, call.body, {gateway.name for gateway in GATEWAYS})


def _gateway(gateway: Gateway, limits: Limits) -> Json:
    rules = [_rule(limit) for limit in limits.spend_limits.get(gateway.name, ())]
    return {
        "id": gateway.name,
        "cache_ttl": gateway.cache_ttl_s,
        "cache_invalidate_on_update": True,
        "collect_logs": gateway.name not in limits.unlogged,
        "log_management": LOG_LIMIT,
        "log_management_strategy": "STOP_INSERTING" if gateway.name in limits.full_logs else "DELETE_OLDEST",
        "rate_limiting_interval": 60 if gateway.calls_per_minute else 0,
        "rate_limiting_limit": gateway.calls_per_minute,
        "rate_limiting_technique": "sliding",
        "authentication": True,
        "spend_limits": {"enabled": bool(rules), "rules": rules},
    }


def _rule(limit: SpendLimit) -> Json:
    narrowed = {"model": limit.model, "provider": limit.provider}
    return {
        "limit": limit.limit_usd,
        "limitType": "cost",
        "window": limit.window_s,
        "technique": "fixed",
        "enabled": True,
        **{name: value for name, value in narrowed.items() if value},
    }


def _logs(call: Call) -> Sealed:
    if not call.asked.limits.has_logs or call.gateway not in {gateway.name for gateway in GATEWAYS}:
        return NOT_FOUND
    if call.part:
        return log_body(call.asked, call.account, call.gateway, call.log, call.part)
    if call.log:
        return log(call.asked, call.account, call.gateway, call.log)
    return logs(call.asked, call.account, call.gateway, call.query)


def _models(call: Call) -> Sealed:
    wanted = call.query.get("search", "")
    return _paged([_model(name, line) for name, line in neuron_prices().items() if wanted in name], call.query)


def _model(name: str, line: Mapping[str, str]) -> Json:
    prices = [
        {"unit": f"per M {way} tokens", "price": float(price), "currency": "USD"}
        for way in ("input", "output")
        if (price := line[f"usd_per_m_{way}_tokens"])
    ]
    return {"name": name, "properties": [{"property_id": "price", "value": prices}]}


def _paged(items: list[Json], query: Mapping[str, str]) -> Sealed:
    try:
        number, size = int(query.get("page", "1")), int(query.get("per_page", "50"))
    except ValueError:
        return invalid("page and per_page are numbers")
    return page(items, number, size) if number > 0 and 0 < size <= 100 else invalid("per_page must be from 1 to 100")


_ACCOUNT = "/accounts/(?P<account>[^/]+)"
_GATEWAYS = f"{_ACCOUNT}/ai-gateway/gateways"
Answerer = Callable[[Call], Sealed]
ROUTES: tuple[tuple[re.Pattern[str], Mapping[str, Answerer]], ...] = tuple(
    (re.compile(pattern), answerers)
    for pattern, answerers in (
        ("/user/tokens/verify", {"GET": _verify_user}),
        ("/user/tokens/(?P<id>[^/]+)", {"GET": _user_token}),
        (f"{_ACCOUNT}/tokens/verify", {"GET": _verify_account}),
        (f"{_ACCOUNT}/tokens/(?P<id>[^/]+)", {"GET": _account_token}),
        ("/accounts", {"GET": _accounts}),
        (_GATEWAYS, {"GET": _gateways, "POST": _make_gateway}),
        (f"{_GATEWAYS}/(?P<gateway>[^/]+)/logs", {"GET": _logs}),
        (f"{_GATEWAYS}/(?P<gateway>[^/]+)/logs/(?P<log>[^/]+)", {"GET": _logs}),
        (f"{_GATEWAYS}/(?P<gateway>[^/]+)/logs/(?P<log>[^/]+)/(?P<part>request|response)", {"GET": _logs}),
        (f"{_ACCOUNT}/ai/models/search", {"GET": _models}),
    )
)
