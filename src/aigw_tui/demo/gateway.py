"""The gateways themselves: a request to a model of Workers AI goes through one, and becomes an event like any other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from urllib.parse import unquote

from aigw_tui.demo.account import Account
from aigw_tui.demo.asked import Asked
from aigw_tui.demo.catalogue import ACCOUNT_TOKEN, GATEWAYS, TOKEN, WORKERS_AI, Caller, Model, neuron_prices
from aigw_tui.demo.envelope import NOT_FOUND, UNAUTHENTICATED, WRONG_METHOD, Sealed, failure, success
from aigw_tui.demo.event import GATEWAY_DELAY_S, Event
from aigw_tui.demo.logs import id_of
from aigw_tui.demo.reply import Reply, reply
from aigw_tui.demo.token import token_of

ROUTE = re.compile("/(?P<account>[^/]+)/(?P<gateway>[^/]+)/workers-ai/(?P<model>.+)")
NO_GATEWAY_TOKEN = failure(401, 2009, "Unauthorized")
"""What an authenticated gateway says to a request without its token; the words are a guess."""
LONGEST_TEXT = 4_000


def through_gateway(asked: Asked, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """`path` is below `/v1`; all gateways are authenticated ones. Header names are in lower case."""
    answered, log = _answered(asked, method, path, headers, body)
    found = reply(*answered, asked.now, headers)
    return replace(found, headers=(*found.headers, ("cf-aig-log-id", log))) if log else found


def _answered(asked: Asked, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Sealed, str]:
    found = ROUTE.fullmatch(path)
    if not found or method != "POST":
        return (WRONG_METHOD if found else NOT_FOUND), ""
    account, name = asked.accounts.get(found["account"]), unquote(found["model"])
    if account is None or found["gateway"] not in {gateway.name for gateway in GATEWAYS}:
        return NOT_FOUND, ""
    if token_of({"authorization": headers.get("cf-aig-authorization", "")}) not in (TOKEN, ACCOUNT_TOKEN):
        return NO_GATEWAY_TOKEN, ""
    if token_of(headers) not in (TOKEN, ACCOUNT_TOKEN):
        return UNAUTHENTICATED, ""
    line = neuron_prices().get(name)
    if line is None:
        return failure(400, 5007, "No such model"), ""
    prices = (float(line[f"neurons_per_m_{way}_tokens"] or 0) for way in ("input", "output"))
    event = _event(asked, account, found["gateway"], Model(name, WORKERS_AI, 0, 1, 200, 0.0, *prices), body)
    account.send(event)
    usage = {"prompt_tokens": event.tokens_in, "completion_tokens": event.tokens_out}
    return success({"response": "Hi", "usage": usage}), id_of(event)


def _event(asked: Asked, account: Account, gateway: str, model: Model, body: bytes) -> Event:
    """Four characters are about a token; the delays are those of every other request."""
    at = int(asked.now.timestamp())
    random = Random(f"{account.tag}/{at}/{gateway}")  # noqa: S311 - nothing secret
    try:
        said = json.dumps(json.loads(body))[:LONGEST_TEXT]
    except (ValueError, RecursionError):
        said = ""
    caller = Caller("aigw-tui", "rest", ())
    delay, duration = random.randint(*GATEWAY_DELAY_S), random.randint(150, 400)
    return Event(at, delay, gateway, model, caller, 200, 0, duration, 1 + len(said) // 4, 1, False, False)
