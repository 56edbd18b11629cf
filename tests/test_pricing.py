"""Prices: Cloudflare's own before the shipped ones, asked for once a day, and unknown where nobody has one."""

from __future__ import annotations

from datetime import UTC, datetime

from account import MadeUpAccount, StillClock
from aigw_tui.feed.pricing import A_DAY_S, AGAIN_S, Pricing
from aigw_tui.history import open_history
from aigw_tui.insight.prices import neurons, prefer, price_of, shipped
from aigw_tui.model import Price
from world import LLAMA

NEW = "@cf/x/new"


def made_up() -> tuple[Pricing, MadeUpAccount, StillClock]:
    clock = StillClock(datetime(2026, 11, 23, 14, 5, tzinfo=UTC))
    account = MadeUpAccount(clock, prices_said={NEW: Price(1000.0, 2000.0)})
    return Pricing(account, clock, open_history(None, "https://x", clock.now()).history.shelf), account, clock


def test_newer_prices_go_first() -> None:
    """A changed price replaces the shipped one; a model that was not shipped has one now; the rest stays."""
    before = neurons(LLAMA, 10**6, 0)
    prefer({LLAMA: Price(50_000.0, None), NEW: Price(1000.0, 2000.0)})
    assert neurons(LLAMA, 10**6, 0) == 50_000 != before
    assert price_of(LLAMA) == Price(50_000.0, shipped()[LLAMA].tokens_out)
    assert neurons(NEW, 10**6, 10**6) == 3000
    assert neurons("@cf/x/unheard-of", 10**6, 0) is None
    prefer({})
    assert neurons(LLAMA, 10**6, 0) == before


def test_the_same_price_with_fewer_digits_changes_nothing() -> None:
    """Dollars are written with three digits: neurons that round to them are finer, and stay."""
    old = shipped()[LLAMA]
    rounded = Price(*(round(price * 0.000011, 3) / 0.000011 for price in (old.tokens_in or 0, old.tokens_out or 0)))
    prefer({LLAMA: rounded})
    assert price_of(LLAMA) == old


async def test_they_are_asked_for_once_a_day() -> None:
    """However often the feed comes by."""
    pricing, account, clock = made_up()
    for _ in range(5):
        await pricing.refresh("a")
    assert account.priced == 1
    assert neurons(NEW, 10**6, 0) == 1000
    clock.pass_(A_DAY_S)
    await pricing.refresh("a")
    assert account.priced == 2


async def test_a_refusal_is_no_fault() -> None:
    """What is known holds, and an hour later it is asked again; a list without prices changes nothing either."""
    pricing, account, clock = made_up()
    await pricing.refresh("a")
    for said, pause_s in ((None, A_DAY_S), ({}, AGAIN_S)):
        account.prices_said = said
        clock.pass_(pause_s)
        await pricing.refresh("a")
        assert neurons(NEW, 10**6, 0) == 1000
    assert account.priced == 3
