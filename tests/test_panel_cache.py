"""⁴ Cache: how much it answers, whether that grows, and what it saved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import PERIODS, Scope
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.cache import Cache
from aigw_tui.tui.panels.today import Today
from world import GPT, LLAMA, area, check_any_size, empty, recorded, request_row, scene, shown, world

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
        "│ ~$0.53 + ~1,845 neurons  │\n"
        "╰────────────────── saved ─╯"
    )


def test_filling_hours_are_lighter() -> None:
    """The last three hours are not final."""
    room, panel = area(28, 7), Cache()
    base = panel.draw(panel.look(scene(), room), room).lines[2]
    assert [(span.role, len(span.text)) for span in base] == [("neuron1", 12), ("neuron1:filling", 3), ("grid", 9)]


def test_narrowed_to_workers_ai() -> None:
    """Neurons, with the estimate's mark."""
    assert "~1,264 neurons saved" in shown(Cache(), scene(MODEL), 28, 7)


def test_unknown_prices_save_an_unknown_amount() -> None:
    """Hits of an unpriced model: `–`, not 0, and of how many that is true."""
    rows = [request_row(9, hits=5, cost=None)]
    text = shown(Cache(), scene(views=recorded(rows)), 28, 7)
    assert "│ – saved                  │\n╰───────── 1 of 1 unknown ─╯" in text
    text = shown(Cache(), scene(views=recorded([*rows, request_row(9, "b", hits=5, cost=0.5)])), 34, 7)
    assert "│ ~$0.50 saved                   │\n╰──────── 1 of 2 models unknown ─╯" in text


def test_one_line_of_three() -> None:
    """Where cost, errors and cache share a box, the unknown is said as long as there is room for it."""
    rows = [request_row(9, hits=5, cost=None), request_row(9, "b", hits=5, cost=0.5), request_row(9, "c")]
    now = scene(views=recorded(rows))
    assert "~$0.50 saved, 1 of 2 models unknown │" in shown(Today(), now, 66, 5)
    assert "~$0.50 saved │" in shown(Today(), now, 36, 5)


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
    """The models with most hits first, each with what it saved in its own currency."""
    views = recorded(
        [
            request_row(9, requests=20, hits=10, cost=0.1),
            request_row(9, LLAMA, "workers-ai", requests=30, hits=20),
            request_row(9, "no price", requests=8, hits=4, cost=None),
            request_row(9, "no hits", requests=5),
        ]
    )
    rows = shown(Cache(), scene(views=views), 100, 30, is_zoomed=True).split("\n")[-5:-1]
    assert [" ".join(row.split()[1:-1]) for row in rows] == [
        "llama-3.3-70b-instruct-fp8-fast 67 % 20 of 30 ~14 neurons",
        "gpt-5-mini 50 % 10 of 20 ~$0.10",
        "no price 50 % 4 of 8 –",
        "no hits 0 % 0 of 5 0",
    ]


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
