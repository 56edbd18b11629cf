"""⁴ Cache: how much it answers, whether that grows, and what it saved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight import prices
from aigw_tui.model import PERIODS, Scope
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.cache import Cache, look_at
from world import BGE, GPT, LLAMA, area, check_any_size, empty, recorded, request_row, scene, shown, world

MODEL = Scope().narrow(provider="workers-ai", model=LLAMA)
SCOPES = (Scope(), Scope(PERIODS[1]), Scope(PERIODS[2]), MODEL, Scope().narrow(status="429"), Scope(pattern="nothing"))


def test_the_tile() -> None:
    """The rate with the reading it comes from, the hours, the first and the last that is over, what was saved."""
    assert shown(Cache(), scene(), 28, 7) == (
        "╭─ ⁴ Cache ────────────────╮\n"
        "│ 34 % hits   409 of 1,204 │\n"
        "│       ▁▃▃▃▅▆██▇          │\n"
        "│ ▃▅▅▅▇▇█████████▁▁▁▁▁▁▁▁▁ │\n"
        "│ 00:00 7.5 %   13:00 44 % │\n"
        "│ ~$0.53 saved             │\n"
        "╰──────────────────────────╯"
    )


def test_filling_hours_are_lighter() -> None:
    """The last three hours are not final."""
    room, panel = area(28, 7), Cache()
    base = panel.draw(panel.look(scene(), room), room).lines[2]
    assert [(span.role, len(span.text)) for span in base] == [("neuron1", 12), ("neuron1:filling", 3), ("grid", 9)]


def test_savings_are_hits_times_what_a_miss_cost() -> None:
    """Per model, as each has its own price: 30 hits at 0.2 / 10, and 5 at 1.0 / 5."""
    rows = [request_row(9, "a", requests=40, hits=30, cost=0.2), request_row(9, "b", requests=10, hits=5, cost=1.0)]
    assert look_at(scene(views=recorded(rows)).snapshot).saved == pytest.approx(1.6)


def test_list_prices_are_no_money_saved() -> None:
    """Hits of Workers AI save neurons; in a mixed scope they are not added to dollars."""
    mixed = [request_row(9, LLAMA, "workers-ai", requests=20, hits=10), request_row(9, requests=20, hits=10, cost=0.1)]
    assert look_at(scene(views=recorded(mixed)).snapshot).saved == pytest.approx(0.1)
    one = [request_row(9, BGE, "workers-ai", requests=20, hits=15, tokens_in=10**6, tokens_out=0)]
    seen = look_at(scene(MODEL.narrow(model=BGE), recorded(one)).snapshot)
    assert seen.unit == "neurons"
    assert seen.saved == pytest.approx(3 * (prices.neurons(BGE, 10**6, 0) or 0))


def test_narrowed_to_workers_ai() -> None:
    """Neurons, with the estimate's mark."""
    assert "~1,264 neurons saved" in shown(Cache(), scene(MODEL), 28, 7)


def test_unknown_prices_save_an_unknown_amount() -> None:
    """Hits of an unpriced model: `–`, not 0."""
    assert "– saved" in shown(Cache(), scene(views=recorded([request_row(9, hits=5, cost=None)])), 28, 7)


def test_no_hits() -> None:
    """A cache that answers nothing says so."""
    text = shown(Cache(), scene(views=recorded([request_row(9, GPT)])), 28, 7)
    assert "│ 0 % hits         0 of 10 │" in text
    assert "nothing saved yet" in text


def test_large_counts_are_shortened_not_cut() -> None:
    """By day, and 3.8k of 11.5k where the full figures have no room."""
    text = shown(Cache(), scene(Scope(PERIODS[2])), 28, 7)
    assert "│ 33 % hits  3.8k of 11.5k │" in text
    assert "│ 17 Nov 33 %  22 Nov 33 % │" in text


def test_nothing_yet() -> None:
    """Not read, read without rows, and not to be told apart, are words."""
    assert "not read yet" in shown(Cache(), scene(views=empty(), quotas=()), 28, 7)
    assert "no requests through" in shown(Cache(), scene(views=empty("requests")), 28, 7)
    assert "hits are not known by" in shown(Cache(), scene(Scope().narrow(status="429")), 28, 7)


def test_zoomed() -> None:
    """The models with most hits first."""
    assert "llama-3.3-70b-instruct-fp8-fast " in shown(Cache(), scene(), 100, 30, is_zoomed=True).split("\n")[-7]


@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(SCOPES),
    st.sampled_from(["", "[/]\x1b[31m", "漢字" * 60, "e\u0301" * 90]),
)
def test_any_size_and_any_name(width: int, height: int, form: Form, is_zoomed: bool, scope: Scope, name: str) -> None:
    """No figure is cut, foreign names stay in their cells, and nothing raises, from 0×0 on."""
    views = recorded([request_row(9, name, requests=10**15, hits=10**14)]) if name else world()
    check_any_size(Cache(), scene(scope, views), width, height, form, is_zoomed)
