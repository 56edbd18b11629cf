"""Savings: hits times what a miss cost, per model, in its own currency; unknown where that is not known."""

from __future__ import annotations

import pytest

from aigw_tui.history.protocol import StoredRow
from aigw_tui.insight import prices
from aigw_tui.insight.savings import Saved, Saving, saved, savings
from aigw_tui.model import Scope, Window
from world import BGE, GPT, LLAMA, NOW, TODAY, recorded, request_row

DAY_SO_FAR = Window(TODAY, NOW)


def found(*rows: StoredRow) -> dict[str, Saving]:
    return {one.model: one for one in savings(recorded(rows), Scope(), DAY_SO_FAR)}


def test_dollars() -> None:
    """Per model, as each has its own price: 30 hits at 0.2 / 10, and 5 at 1.0 / 5."""
    a, b = request_row(9, "a", requests=40, hits=30, cost=0.2), request_row(9, "b", requests=10, hits=5, cost=1.0)
    assert {name: one.usd for name, one in found(a, b).items()} == {"a": pytest.approx(0.6), "b": pytest.approx(1.0)}
    together = saved(found(a, b).values())
    assert together.usd == pytest.approx(1.6)
    assert together == Saved(together.usd, None, 0, 2)


def test_hours_are_one_mean() -> None:
    """The average is that of the window: a dear hour without hits counts for the hits of a cheap one."""
    rows = request_row(8, requests=10, cost=3.0), request_row(9, requests=20, hits=10, cost=1.0)
    assert found(*rows)[GPT].usd == pytest.approx(10 * 4.0 / 20)


def test_neurons() -> None:
    """Of Workers AI uncached tokens times price, by the requests that had them; its list price saves no dollars."""
    row = request_row(9, BGE, "workers-ai", requests=20, hits=15, tokens_in=10**6, tokens_out=0, cost=7.0)
    saving = found(row)[BGE]
    assert saving.neurons == pytest.approx(3 * (prices.neurons(BGE, 10**6, 0) or 0))
    assert saving == Saving("workers-ai", BGE, 15, 20, None, saving.neurons)


def test_the_two_are_not_added() -> None:
    """A total has both: dollars of the others, neurons of Workers AI."""
    rows = request_row(9, LLAMA, "workers-ai", requests=20, hits=10), request_row(9, requests=20, hits=10, cost=0.1)
    together = saved(found(*rows).values())
    assert together.usd == pytest.approx(0.1)
    assert together.neurons == pytest.approx(prices.neurons(LLAMA, 100, 20))
    assert (together.unknown, together.models) == (0, 2)


def test_tokens_stand_in_for_uncached_ones() -> None:
    """An account without that field: cached responses carry no tokens, so all tokens are uncached ones."""
    row = request_row(9, BGE, "workers-ai", requests=20, hits=15, tokens_in=10**6, tokens_out=0)
    without = (*row[:9], None, None, *row[11:])
    assert found(without)[BGE].neurons == found(row)[BGE].neurons
    dollars = request_row(9, requests=20, hits=10, cost=0.1)
    assert found((*dollars[:9], None, None, *dollars[11:]))[GPT].usd == pytest.approx(0.1)


@pytest.mark.parametrize(
    "row",
    [
        request_row(9, requests=20, hits=10, cost=None),
        request_row(9, requests=10, hits=10, cost=0.0, tokens_in=0, tokens_out=0),
        request_row(9, requests=12, hits=10, errors=2, cost=0.0, tokens_in=0, tokens_out=0),
        request_row(9, requests=20, hits=10, cost=0.0, tokens_in=0, tokens_out=0),
        request_row(9, "@cf/nobody/knows", "workers-ai", requests=20, hits=10),
        request_row(9, LLAMA, "workers-ai", requests=10, hits=10, tokens_in=0, tokens_out=0),
    ],
    ids=["no price", "only hits", "nothing answered", "costs nothing", "no neuron price", "only hits of Workers AI"],
)
def test_unknown(row: StoredRow) -> None:
    """It is counted, and is no 0 in a total."""
    (one,) = found(row).values()
    assert (one.usd, one.neurons, one.is_unknown) == (None, None, True)
    other = request_row(9, "b", requests=10, hits=5, cost=1.0)
    assert saved(found(row, other).values()) == Saved(1.0, None, 1, 2)


def test_a_price_for_a_part_is_no_mean() -> None:
    """One gateway prices the model and another does not: what a request of both costs on average is not known."""
    rows = request_row(9, requests=20, hits=10, cost=0.1), request_row(9, gateway="batch", requests=5, cost=None)
    assert found(*rows)[GPT].is_unknown


def test_no_hits_save_nothing() -> None:
    """A model without hits is neither saved nor unknown."""
    assert saved(found(request_row(9, cost=None), request_row(9, LLAMA, "workers-ai")).values()) == Saved()
