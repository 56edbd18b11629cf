"""REST: pages of accounts, whose token it is, and gateways without their secrets."""

from __future__ import annotations

from typing import Any

import pytest

from aigw_tui.cloudflare.rest import Rest, Token
from aigw_tui.errors import AuthError, BadDataError, BudgetError
from aigw_tui.model import USD_PER_NEURON, Gateway, Price, SpendLimit
from aigw_tui.transport import Response
from wire import CANARY, BentClock, Script, answered, said

ACCOUNT = "0123456789abcdef0123456789abcdef"


def sealed(result: Any, pages: int = 1) -> Response:
    return said(
        {"success": True, "errors": [], "messages": [], "result": result, "result_info": {"total_pages": pages}}
    )


def bad(code: int, status: int) -> Response:
    return said({"success": False, "errors": [{"code": code, "message": "no"}], "result": None}, status)


def rest(*replies: Response | Exception) -> tuple[Rest, Script]:
    script = Script(*replies)
    return Rest(script, BentClock()), script


async def test_accounts_of_all_pages() -> None:
    """In the server's order, with clean names; entries without an id are no accounts."""
    first = [{"id": "a", "name": "Acme\x1b[31m"}, {"name": "nobody"}, 7]
    one, script = rest(sealed(first, 2), sealed([{"id": "b", "name": None}], 2))
    assert await one.accounts() == (("a", "Acme\ufffd[31m"), ("b", ""))
    assert script.asked == [("/accounts", {"page": str(page), "per_page": "50"}) for page in (1, 2)]


async def test_pages_have_an_end() -> None:
    """A server that promises a million pages is asked for 20."""
    one, script = rest(sealed([{"id": "a", "name": "x"}], 10**6))
    assert len(await one.accounts()) == 20
    assert len(script.asked) == 20


async def test_no_account_is_no_error() -> None:
    """A narrow token gets an empty list and may still work."""
    assert await rest(sealed([]))[0].accounts() == ()


async def test_whose_token_it_is() -> None:
    """The user endpoint refuses an account's token with code 1000, so the account is asked next."""
    user, script = rest(sealed({"id": "x", "status": "active", "expires_on": "2027-01-01T00:00:00Z"}))
    assert await user.token(ACCOUNT) == Token("user", "active", "2027-01-01T00:00:00Z", "x")
    assert script.asked == [("/user/tokens/verify", {})]
    account, script = rest(bad(1000, 401), sealed({"status": "active"}))
    assert await account.token(ACCOUNT) == Token("account", "active")
    assert script.asked[1] == (f"/accounts/{ACCOUNT}/tokens/verify", {})


async def test_a_token_of_nobody() -> None:
    """Refused by both."""
    with pytest.raises(AuthError):
        await rest(bad(1000, 401))[0].token(ACCOUNT)


async def test_gateways() -> None:
    """Settings and spend limits; nothing of what may be secret."""
    said_of_it = {
        "id": "prod",
        "cache_ttl": 300,
        "collect_logs": True,
        "rate_limiting_limit": 60,
        "rate_limiting_interval": 60,
        "rate_limiting_technique": "sliding",
        "log_management": 100_000,
        "authentication": False,
        "otel": [{"authorization": CANARY}],
        "stripe": {"authorization": CANARY},
        "spend_limits": {
            "enabled": True,
            "rules": [
                {"limit": 5, "limitType": "cost", "window": 86_400, "model": "gpt", "enabled": True},
                {"limit": 9, "limitType": "cost", "window": 86_400, "enabled": False},
                {"limit": "much"},
                None,
            ],
        },
    }
    (found,) = await rest(sealed([said_of_it]))[0].gateways(ACCOUNT)
    limits = (SpendLimit(5.0, 86_400, "gpt"),)
    assert found == Gateway("prod", 300, True, 60, 60, "sliding", 100_000, "", False, limits)
    assert CANARY not in repr(found)


async def test_a_gateway_of_nonsense() -> None:
    """What has not its type is unknown."""
    odd = {"id": "x", "cache_ttl": "long", "collect_logs": 1, "rate_limiting_limit": -1, "spend_limits": []}
    assert await rest(sealed([odd]))[0].gateways(ACCOUNT) == (Gateway("x"),)


@pytest.mark.parametrize("limit", [10**400, -5, True, 2e15, "5", None, [5]])
async def test_a_spend_limit_of_nonsense(limit: Any) -> None:
    """It is none."""
    gateway = {"id": "x", "spend_limits": {"rules": [{"limit": limit, "window": 3600}]}}
    assert await rest(sealed([gateway]))[0].gateways(ACCOUNT) == (Gateway("x"),)


async def test_an_account_is_quoted() -> None:
    """An id from a configuration file is not a path."""
    one, script = rest(sealed([]))
    await one.gateways("../user?x#y")
    assert script.asked[0][0] == "/accounts/..%2Fuser%3Fx%23y/ai-gateway/gateways"


async def test_faults() -> None:
    """A listing that is none, HTML, and a throttled answer, which waits as it says."""
    for reply in (sealed({}), said([]), answered(b"<html>", content_type="text/html")):
        with pytest.raises(BadDataError):
            await rest(reply)[0].accounts()
    with pytest.raises(BudgetError) as caught:
        await rest(said({"errors": [{"code": 971, "message": "x"}]}, 429, Retry_After="30"))[0].accounts()
    assert (caught.value.until - BentClock().now()).total_seconds() == 30


async def test_it_is_tried_again() -> None:
    """A 503 passes."""
    one, script = rest(answered(b"", 503), sealed([{"id": "a", "name": "x"}]))
    assert await one.accounts() == (("a", "x"),)
    assert len(script.asked) == 2


async def test_prices() -> None:
    """Dollars for a million tokens as neurons; whatever is no such price is passed over, and so is its model."""

    def model(name: Any, *values: Any) -> Any:
        return {"name": name, "properties": [{"property_id": "beta"}, 7, {"property_id": "price", "value": values}]}

    def price(unit: str, usd: Any, currency: str = "USD") -> Any:
        return {"unit": unit, "price": usd, "currency": currency}

    both = model("@cf/a/b", price("per M input tokens", 0.11), price("per M output tokens", 0.22))
    embeddings = model("@cf/a/c", price("per M input tokens", 0.011))
    wrong = [
        model(name, price(unit, usd, currency))
        for name, unit, usd, currency in (
            (7, "per M input tokens", 1, "USD"),
            ("a", "per step", 1, "USD"),
            ("b", "per M input tokens", 1, "EUR"),
            ("c", "per M input tokens", -1, "USD"),
            ("d", "per M input tokens", True, "USD"),
            ("e", "per M input tokens", "1", "USD"),
            ("f", "per M input tokens", 1e300, "USD"),
        )
    ]
    rubbish = [{"name": "g"}, {"name": "h", "properties": {}}, {"name": "i", "properties": [{"property_id": "price"}]}]
    one, script = rest(sealed([both, *wrong], 2), sealed([embeddings, *rubbish, 7], 2))
    found = await one.prices(ACCOUNT)
    assert set(found) == {"@cf/a/b", "@cf/a/c"}
    assert (found["@cf/a/b"].tokens_in, found["@cf/a/b"].tokens_out) == pytest.approx((10_000, 20_000))
    assert found["@cf/a/c"] == Price(0.011 / USD_PER_NEURON, None)
    assert script.asked[0][0] == f"/accounts/{ACCOUNT}/ai/models/search"
