"""What is used of each limit: what burns neurons owes nothing, whatever its provider is called."""

from __future__ import annotations

import pytest

from aigw_tui.insight import prices
from aigw_tui.insight.quotas import Allowance, quotas
from aigw_tui.model import Quota, Views
from world import ACCOUNT, GPT, LLAMA, NOW, OSS, recorded, request_row, total, world


def judged(views: Views, name: str) -> Quota:
    return next(quota for quota in quotas(views, ACCOUNT, Allowance(), NOW) if quota.name == name)


def test_the_cost_is_what_others_charge() -> None:
    """Workers AI's cost is a list price: with its provider's name, and without one."""
    rows = [
        request_row(9, LLAMA, "workers-ai", cost=0.4),
        request_row(9, OSS, "", cost=0.5),
        request_row(9, GPT, cost=1.0),
        request_row(10, "gpt-5-nano", "", cost=0.25),
    ]
    assert judged(recorded(rows), "cost_day").used == 1.25
    assert judged(recorded(rows[:2]), "cost_day").used is None


def test_the_whole_day() -> None:
    """The requests of today, settled hours and filling ones."""
    assert judged(world(), "requests").used == total(world(), "requests", "requests")


def test_the_nowcast_knows_models_without_a_provider() -> None:
    """Tokens of the hours that neurons have not reached, times price."""
    rows = [request_row(14, OSS, "", tokens_in=5000, tokens_out=1000), request_row(14, GPT, tokens_in=10**6)]
    assert judged(recorded(rows), "neurons").nowcast == pytest.approx(prices.neurons(OSS, 5000, 1000))
