"""The REST side: accounts, the token's own state, gateways with their limits, prices; only clean text, no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from aigw_tui.cloudflare.envelope import UNREADABLE, Envelope
from aigw_tui.cloudflare.pricelist import prices_of
from aigw_tui.cloudflare.refusals import read, worst
from aigw_tui.cloudflare.retry import Deadline, insist
from aigw_tui.errors import AuthError, BadDataError, ForbiddenError, LimitError
from aigw_tui.format import clean, iso
from aigw_tui.model import Clock, Gateway, Logged, Price, SpendLimit, Window
from aigw_tui.transport import Response, Transport

PAGE = 50
MOST_PAGES = 20
MOST_USD = 1e15
REST_PAUSE_S = 300.0
"""The wait after a 429 that names none: REST counts over five minutes, too."""


@dataclass(frozen=True, slots=True)
class Token:
    """What Cloudflare says about the token that asks."""

    owner: str
    """`user` or `account`."""
    status: str
    """`active`, `disabled`, `expired`."""
    expires: str = ""
    """RFC 3339; empty when it does not expire."""
    id: str = ""


class Rest:
    """Questions outside GraphQL, which have a budget of their own at Cloudflare (1,200 in 5 minutes)."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self.skew: timedelta | None = None
        """How far the server's clock was ahead of ours at its last answer; None: it never said."""

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of the accounts that the token sees; a narrow token may see none and still work."""
        found = await self._listing("/accounts")
        return tuple((_text(each, "id"), _text(each, "name")) for each in found if _text(each, "id"))

    async def token(self, account: str) -> Token:
        """Asks as a user's token, then as an account's, where one is named. Raises AuthError when it is neither."""
        try:
            return _token("user", await self._get("/user/tokens/verify"))
        except (AuthError, ForbiddenError):
            if not account:
                raise
            return _token("account", await self._get(f"/accounts/{quote(account, safe='')}/tokens/verify"))

    async def allowed(self, account: str, token: Token) -> tuple[str, ...]:
        """The permission groups that the token's policies allow, by the API's names, such as `Workers AI Read`.

        Raises ForbiddenError or AuthError when the token may not read its own policies, as most may not.
        """
        owner = f"accounts/{quote(account, safe='')}" if token.owner == "account" else "user"
        result = _decoded(await self._get(f"/{owner}/tokens/{quote(token.id, safe='')}"))
        policies = result.get("policies") if isinstance(result, dict) else None
        if not isinstance(policies, list):
            raise BadDataError("no word about the token's policies")
        allowing = (each for each in policies if isinstance(each, dict) and each.get("effect") != "deny")
        groups = (group for each in allowing for group in _each(each.get("permission_groups")))
        return tuple(dict.fromkeys(name for group in groups if (name := _text(group, "name"))))

    async def create(self, account: str, name: str, cache_ttl_s: int) -> Gateway:
        """Makes a gateway that collects logs and limits no rate; asked once, because twice would be two wishes."""
        wanted = {
            "id": name,
            "cache_invalidate_on_update": True,
            "cache_ttl": cache_ttl_s,
            "collect_logs": True,
            "rate_limiting_interval": 0,
            "rate_limiting_limit": 0,
            "rate_limiting_technique": "fixed",
        }
        path = f"/accounts/{quote(account, safe='')}/ai-gateway/gateways"
        result = _decoded(self._opened(await self._transport.send("POST", path, json=msgspec.json.encode(wanted))))
        if not isinstance(result, dict):
            raise BadDataError("no word about the new gateway")
        return _gateway(result)

    async def gateways(self, account: str) -> tuple[Gateway, ...]:
        found = await self._listing(f"/accounts/{quote(account, safe='')}/ai-gateway/gateways")
        return tuple(_gateway(each) for each in found if _text(each, "id"))

    async def logged(self, account: str, gateway: str, window: Window) -> Logged:
        """How many request logs the gateway holds of that window; a refusal is a part of the answer."""
        place = f"/accounts/{quote(account, safe='')}/ai-gateway/gateways/{quote(gateway, safe='')}/logs"
        asked = {"per_page": "1", "start_date": iso(window.since), "end_date": iso(window.until)}
        try:
            envelope = await self._get(place, asked)
        except (ForbiddenError, BadDataError, LimitError) as error:
            return Logged(gateway, None, error.why)
        if envelope.count is None:
            return Logged(gateway, None, "Cloudflare does not say how many logs there are")
        return Logged(gateway, envelope.count)

    async def prices(self, account: str) -> dict[str, Price]:
        """Model of Workers AI → what its tokens burn, as Cloudflare's list of models says now."""
        return prices_of(await self._listing(f"/accounts/{quote(account, safe='')}/ai/models/search"))

    async def _listing(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list."""
        found: list[dict[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            envelope = await self._get(path, {"page": str(page), "per_page": str(PAGE)})
            result = _decoded(envelope)
            if not isinstance(result, list):
                raise BadDataError("no list where one was asked for")
            found += [each for each in result if isinstance(each, dict)]
            if page >= envelope.pages:
                break
        return found

    async def _get(self, path: str, params: Mapping[str, str] | None = None) -> Envelope:
        deadline = Deadline(self._clock)

        async def once() -> Envelope:
            return self._opened(await self._transport.send("GET", path, params=params, within_s=deadline.left_s))

        return await insist(once, self._clock, deadline)

    def _opened(self, response: Response) -> Envelope:
        """Raises the error that a refusal stands for."""
        if response.date:
            self.skew = response.date - self._clock.now()
        envelope, errors = read(response, self._clock.now(), REST_PAUSE_S)
        if errors:
            raise worst(errors)
        return envelope


def _decoded(envelope: Envelope) -> Any:
    try:
        return msgspec.json.decode(envelope.payload)
    except UNREADABLE:
        raise BadDataError("JSON of another shape than Cloudflare's") from None


def _token(owner: str, envelope: Envelope) -> Token:
    result = _decoded(envelope)
    if not isinstance(result, dict):
        raise BadDataError("no word about the token")
    return Token(owner, _text(result, "status"), _text(result, "expires_on"), _text(result, "id"))


def _each(said: object) -> list[dict[str, Any]]:
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []


def _gateway(said: Mapping[str, Any]) -> Gateway:
    spending = said.get("spend_limits")
    rules = spending.get("rules") if isinstance(spending, dict) and spending.get("enabled") is not False else None
    return Gateway(
        id=_text(said, "id"),
        cache_ttl_s=_count(said, "cache_ttl"),
        collects_logs=_flag(said, "collect_logs"),
        rate_limit=_count(said, "rate_limiting_limit"),
        rate_interval_s=_count(said, "rate_limiting_interval"),
        rate_technique=_text(said, "rate_limiting_technique"),
        log_limit=_count(said, "log_management"),
        log_strategy=_text(said, "log_management_strategy"),
        is_authenticated=_flag(said, "authentication"),
        spend_limits=tuple(map(_spend_limit, filter(_is_rule, rules if isinstance(rules, list) else ()))),
    )


def _is_rule(rule: object) -> bool:
    """A rule in USD over a known time; those that are switched off, or limit something else, do not count."""
    if not isinstance(rule, dict) or rule.get("enabled") is False:
        return False
    limit, kind = rule.get("limit"), rule.get("limitType", "cost")
    is_amount = isinstance(limit, (int, float)) and not isinstance(limit, bool) and 0 <= limit <= MOST_USD
    return is_amount and kind == "cost" and _count(rule, "window") is not None


def _spend_limit(rule: Mapping[str, Any]) -> SpendLimit:
    return SpendLimit(float(rule["limit"]), _count(rule, "window") or 0, _text(rule, "model"), _text(rule, "provider"))


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return clean(value) if isinstance(value, str) else ""


def _count(said: Mapping[str, Any], name: str) -> int | None:
    value = said.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _flag(said: Mapping[str, Any], name: str) -> bool | None:
    value = said.get(name)
    return value if isinstance(value, bool) else None
