"""The budget: our own calls over five minutes, and the pause after a refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aigw_tui.cloudflare.budget import Memory, Meter
from aigw_tui.errors import BudgetError
from aigw_tui.model import Budget
from wire import NOW, BentClock


def test_calls_are_counted_over_five_minutes() -> None:
    """A call is forgotten 300 s after it was made."""
    clock = BentClock()
    meter = Meter(clock)
    meter.spend()
    clock.advance(200)
    meter.spend()
    assert meter.budget == Budget(2, 300)
    clock.advance(100)
    assert meter.budget == Budget(1, 300)


def test_our_own_limit() -> None:
    """The call after the last one is refused until the oldest is forgotten, and is not counted."""
    clock = BentClock()
    meter = Meter(clock, limit=3)
    for _ in range(3):
        meter.spend()
        clock.advance(10)
    with pytest.raises(BudgetError) as caught:
        meter.spend()
    assert caught.value.until == NOW + timedelta(seconds=300)
    assert meter.budget.used == 3
    clock.advance(271)
    meter.spend()


def test_a_block_stops_everything() -> None:
    """No call until the moment Cloudflare named, and then calls again."""
    clock = BentClock()
    meter = Meter(clock)
    meter.block(NOW + timedelta(seconds=300))
    assert meter.blocked_until == NOW + timedelta(seconds=300)
    clock.advance(299)
    with pytest.raises(BudgetError, match="14:10"):
        meter.spend()
    clock.advance(1)
    meter.spend()
    assert meter.budget.used == 1


def test_no_block_outlasts_15_minutes() -> None:
    """Neither a server that asks for a year, nor a wall clock that was set back by a day."""
    clock = BentClock()
    meter = Meter(clock)
    meter.block(NOW + timedelta(days=365))
    assert meter.blocked_until == NOW + timedelta(minutes=15)
    back = BentClock(NOW - timedelta(days=1))
    ledger = Memory(blocked_until=NOW)
    ledger.moments.extend([NOW] * 300)
    Meter(back, ledger=ledger).spend()


def test_pauses_spread_out() -> None:
    """300 s ± 10 %."""
    meter = Meter(BentClock())
    pauses = [meter.pause_s() for _ in range(200)]
    assert 270 <= min(pauses) < max(pauses) <= 330
