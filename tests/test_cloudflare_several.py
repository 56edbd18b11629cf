"""Accounts with tokens of their own: whom each is asked through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from account import MadeUpAccount, StillClock
from aigw_tui.cloudflare.several import Several
from aigw_tui.datasets import dataset
from aigw_tui.model import Budget, Window
from aigw_tui.source import Question

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


async def test_each_account_has_its_own_source() -> None:
    """Questions go to the account's own source, those of all others to the rest; the fullest budget is shown."""
    clock = StillClock(NOW)
    rest, own = MadeUpAccount(clock, budget=Budget(10, 300)), MadeUpAccount(clock, budget=Budget(40, 300))
    own.reach = timedelta(days=1)
    both = Several(rest, {"b": own})
    question = Question(dataset("pulse"), Window(NOW - timedelta(hours=1), NOW))
    for account in ("a", "b", "c"):
        await both.fetch(account, [question])
    assert (len(rest.asked), len(own.asked)) == (2, 1)
    assert (await both.bounds("b"))["pulse"].oldest == own.reach != (await both.bounds("a"))["pulse"].oldest
    assert await both.accounts() == await rest.accounts()
    assert both.budget == own.budget
    await both.close()
    assert rest.is_closed
    assert own.is_closed
