"""One request through a gateway, or to a Worker of the person's own: what came back, and when to look for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlsplit

from aigw_tui.cloudflare.envelope import open_envelope
from aigw_tui.errors import AigwError, AuthError, BadDataError, TransientError
from aigw_tui.format import clean
from aigw_tui.model import Clock, Window
from aigw_tui.secret import redact
from aigw_tui.transport import Response, Transport

CLOUDFLARE = "api.cloudflare.com"
GATEWAYS_URL = "https://gateway.ai.cloudflare.com/v1"
GATEWAY_TOKEN = "cf-aig-authorization"  # noqa: S105 - the name of a header
LOG_ID = "cf-aig-log-id"
NEEDS_GATEWAY_TOKEN = "2009"  # noqa: S105 - an error's code
GATEWAY_TOKEN_REMEDY = "set gateway_token_command to a program that prints a token with AI Gateway: Run"  # noqa: S105
MAYBE_SENT = "it may have arrived all the same: look with aigw-tui logs before you send another"
SAFE_IN_MODEL = "@/"
BEFORE, AFTER = timedelta(seconds=2), timedelta(seconds=10)
"""How far the server's times of a request may lie outside the stretch in which it was on its way."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the request."""

    status: int
    took_ms: float
    log: str
    """The id of its log; empty when the answer names none."""
    window: Window
    """When it was on its way, by the server's clock, with some room."""
    complaint: str = ""
    """What an answer of 400 and above says."""


def gateways_url(base_url: str) -> str:
    """Where the gateways of that API are: Cloudflare's have a host of their own, others are at the same origin."""
    parts = urlsplit(base_url)
    return GATEWAYS_URL if parts.hostname == CLOUDFLARE else f"{parts.scheme}://{parts.netloc}/v1"


async def send_tiny(transport: Transport, clock: Clock, account: str, gateway: str, model: str) -> Sent:
    """One word to a model of Workers AI, one token back, past the cache; sent once, never again.

    Raises AuthError or AigwError where the gateway turned it away without passing it on.
    """
    body = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    path = f"/{quote(account, safe='')}/{quote(gateway, safe='')}/workers-ai/{quote(model, safe=SAFE_IN_MODEL)}"
    began = clock.monotonic()
    headers = {"cf-aig-skip-cache": "true"}
    try:
        response = await transport.send("POST", path, json=json.dumps(body).encode(), headers=headers)
    except TransientError as error:
        raise TransientError(error.why, MAYBE_SENT) from None
    sent = _sent(response, clock, began)
    if sent.status in (401, 403, 404) and not sent.log:
        raise _turned_away(sent, response)
    return sent


async def send_to(transport: Transport, clock: Clock, path: str, data: bytes | None) -> Sent:
    """To a Worker: GET, or POST with data. Raises BadDataError for a redirect, TransientError."""
    began = clock.monotonic()
    headers = {"Accept": "*/*"} if data is None or _is_json(data) else {"Accept": "*/*", "Content-Type": "text/plain"}
    try:
        response = await transport.send("GET" if data is None else "POST", path, json=data, headers=headers)
    except BadDataError as error:
        raise BadDataError(error.why, "use the address that answers itself") from None
    except TransientError as error:
        raise TransientError(error.why, MAYBE_SENT) from None
    return _sent(response, clock, began)


def _sent(response: Response, clock: Clock, began: float) -> Sent:
    took_s = clock.monotonic() - began
    answered = response.date or clock.now()
    window = Window(answered - timedelta(seconds=took_s) - BEFORE, answered + AFTER)
    log = clean(response.headers.get(LOG_ID, ""), 80)
    complaint = _complaint(response) if response.status >= 400 else ""
    return Sent(response.status, took_s * 1000, log, window, complaint)


def _complaint(response: Response) -> str:
    try:
        complaints = open_envelope(response.body, "application/json").complaints
    except BadDataError:
        return clean(redact(response.body[:400].decode("utf-8", "replace")), 80)
    return complaints[0].message if complaints else ""


def _turned_away(sent: Sent, response: Response) -> AigwError:
    why = f"the gateway answers HTTP {sent.status}" + (f": {sent.complaint}" if sent.complaint else "")
    if sent.status == 404:
        return AigwError(why, "check --account, --gateway and --model")
    if NEEDS_GATEWAY_TOKEN in response.body[:400].decode("utf-8", "replace"):
        return AuthError(why, GATEWAY_TOKEN_REMEDY)
    return AuthError(
        why, f"the token needs Workers AI: Read; if the gateway is an authenticated one, {GATEWAY_TOKEN_REMEDY}"
    )


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
