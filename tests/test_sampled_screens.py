"""Sampled figures on the screen: ± wherever one stands, and how far off it may be where that is known."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.model import HOUR, Interval, Live, Scope, Views, Window
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels.bypass import NotRouted
from aigw_tui.tui.panels.cache import Cache
from aigw_tui.tui.panels.cost import Cost
from aigw_tui.tui.panels.failures import Failures
from aigw_tui.tui.panels.gateways import Gateways
from aigw_tui.tui.panels.health import Health
from aigw_tui.tui.panels.hours import HoursPanel
from aigw_tui.tui.panels.models import ModelsPanel
from aigw_tui.tui.panels.neurons import Neurons
from aigw_tui.tui.panels.providers import Providers
from aigw_tui.tui.panels.today import Today
from aigw_tui.tui.panels.traffic import TrafficPanel
from world import (
    ACCOUNT,
    BGE,
    GPT,
    LLAMA,
    NOW,
    SERVER,
    TODAY,
    check_any_size,
    failure_row,
    neuron_row,
    recorded_all,
    recorded_sampled,
    refusal_row,
    request_row,
    scene,
    shown,
)

ROWS = {
    "requests": [
        request_row(8, requests=604, errors=2, hits=200, cost=0.4, tokens_in=90_000, tokens_out=8_000),
        request_row(9, LLAMA, "workers-ai", requests=600, errors=12, hits=209, cost=0.001, tokens_in=40_000),
    ],
    "neurons": [neuron_row(9, LLAMA, 400, 1200.0), neuron_row(9, BGE, 30, 14.0)],
    "failures": [failure_row(9, "429", "1", 10), failure_row(9, "500", "0", 4)],
    "refusals": [refusal_row(9, "0", 420), refusal_row(9, "3040", 10)],
}
SAMPLE = Live("whole", ACCOUNT, (), Window(TODAY, NOW), rows=((1204, None, None),), interval=Interval(1173, 1235))
GATEWAY = Scope().narrow(gateway="prod")
PANELS = (
    Cache(), Cost(), Failures(), Gateways(), Health(), HoursPanel(), ModelsPanel(), Neurons(), NotRouted(), Providers(),
    Today(), TrafficPanel(),
)  # fmt: skip


@cache
def views(*, is_sampled: bool = True) -> Views:
    return recorded_sampled(**ROWS) if is_sampled else recorded_all(**ROWS)


def test_health() -> None:
    """The total says how far off it may be; where nobody said so every count has the mark."""
    assert shown(Health(), scene(views=views(), live=(SAMPLE,)), 34, 7).split("\n")[1] == (
        "│ 1.2 % errors   14 of 1,204 ±31 │"
    )
    assert "│ 1.2 % errors   14/1,204 ±31 │" in shown(Health(), scene(views=views(), live=(SAMPLE,)), 31, 7)
    text = shown(Health(), scene(views=views()), 31, 7)
    assert "│ 1.2 % errors  ±14 of ±1,204 │" in text
    assert "│ ±12 at 09:00, since then ±0 │\n│ ±10 rate-limited            │" in text


def test_cache() -> None:
    """Hits as Health's errors; what was saved is an estimate, sampled or not."""
    text = shown(Cache(), scene(views=views(), live=(SAMPLE,)), 28, 7)
    assert "│ 34 % hits  409/1,204 ±31 │" in text
    assert "±" not in text.split("\n")[5]
    assert "│ 34 % hits ±409 of ±1,204 │" in shown(Cache(), scene(views=views()), 28, 7)


def test_models() -> None:
    """In every column and in the total; what is unknown stays unknown."""
    assert shown(ModelsPanel(), scene(views=views()), 60, 9) == (
        "╭─ ⁶ Models ───────────────────────────────────────────────╮\n"
        "│   model            last 24 h        req neurons       $  │\n"
        "│ ■ gpt-5-mini           ▁▁▁▁▇▁▁▁    ±604       –   ±0.40  │\n"
        "│ ■ llama-3.3-70b        ▁▁▁▁▁▇▁▁    ±600  ±1,200 (±<0.01) │\n"
        "│ ■ bge-base-en-v1.5     ▁▁▁▁▁▁▁▁      ±0     ±14       –  │\n"
        "│ ──────────────────────────────────────────────────────── │\n"
        "│   all                            ±1,204  ±1,214   ±0.40  │\n"
        "│ ( ) list price, inside the free allowance, not added     │\n"
        "╰──────────────────────────────────────────────────────────╯"
    )
    low = scene(views=views(), live=(SAMPLE,))
    assert "all  1,204 ±31 requests   ±14 errors   ±1,214 neurons   ±$0.40 ─╯" in shown(ModelsPanel(), low, 78, 5)


def test_hours() -> None:
    """In every column; the border has the interval of the hour that one stands on."""
    nine = TODAY + 9 * HOUR
    text = shown(HoursPanel(), scene(views=views()), 106, 10, is_focused=True, cursor=nine)
    assert "±600    ±12 ±209   ±40,000      ±20  ±1,214 (±0.0010)         │" in text
    assert " 09:00 600 ±12 requests · today, newest first ─╯" in text
    assert "requests ·" not in shown(HoursPanel(), scene(GATEWAY, views()), 106, 10, is_focused=True, cursor=nine)


def test_hours_that_were_counted_stay_unmarked() -> None:
    """One sampled hour marks its own line, and no other."""
    history = open_history(None, SERVER, NOW).history
    nine = int((TODAY + 9 * HOUR).timestamp())
    totals = {nine - 3600: (10,), nine: (10,)}
    rows = [request_row(8), request_row(9)]
    history.record(ACCOUNT, dataset("requests"), Window(TODAY, NOW), rows, totals, NOW, {nine: Interval(7, 13)})
    lines = shown(HoursPanel(), scene(views=history), 106, 12).split("\n")
    assert [line for line in lines if "±" in line] == [line for line in lines if "09:00" in line] != []


def test_cost() -> None:
    """What is owed, the dearest hour, and a list price inside its parentheses; a projection is an estimate."""
    text = shown(Cost(), scene(views=views(), quotas=()), 30, 7)
    assert "│ ±$0.40               today │" in text
    assert "most: ±$0.40 at 08:00" in text
    assert "│ (±<$0.01)   list price │" in shown(Cost(), scene(Scope().narrow(model=LLAMA), views(), ()), 26, 7)


def test_neurons() -> None:
    """The account's, a model's, and each model's; a gateway's are an estimate of a sample: an estimate."""
    assert "│ ±7,214 used " in shown(Neurons(), scene(views=views()), 36, 7)
    model = shown(Neurons(), scene(Scope().narrow(model=LLAMA), views()), 40, 7)
    assert "│ ±1,200 this model " in model
    assert "│ 17 % of the account's ±7,214 " in model
    assert "│ ~" in shown(Neurons(), scene(GATEWAY, views()), 36, 7)
    zoomed = shown(Neurons(), scene(views=views()), 100, 30, is_zoomed=True)
    assert "    ±1,200    17 %" in zoomed


def test_traffic() -> None:
    """Beside its unit; shares of hits are neither."""
    heads = {
        measure: shown(TrafficPanel(), scene(views=views(), measure=measure), 70, 10).split("\n")[0]
        for measure in ("requests", "errors", "neurons", "cost", "cache")
    }
    assert "Traffic  ±requests an hour" in heads["requests"]
    assert "Traffic  ±failed requests an hour" in heads["errors"]
    assert "Traffic  ±neurons an hour" in heads["neurons"]
    assert "Traffic  ±dollars an hour" in heads["cost"]
    assert "±" not in heads["cache"]
    narrow = shown(TrafficPanel(), scene(GATEWAY, views(), measure="neurons"), 70, 10)
    assert "Traffic  ~neurons an hour" in narrow


def test_failures() -> None:
    """Rows of both sources, and the total with its interval."""
    text = shown(Failures(), scene(views=views(), live=(SAMPLE,)), 78, 16)
    assert "│   ±10  429 limited  workers-ai" in text
    assert "│   ±10  3040         out of capacity" in text
    assert "│ ±14 of 1,204 ±31 requests, 1.2 %; ±10 of them rate-limited " in text


def test_three_in_one() -> None:
    """Where cost, errors and cache share a box."""
    text = shown(Today(), scene(views=views(), quotas=()), 46, 5)
    assert " ±$0.40 " in text
    assert "±12 at 09:00" in text


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.TITLE)
def test_what_was_counted_has_no_mark(panel: Panel) -> None:
    """An account that Cloudflare does not sample looks as if there were no samples."""
    assert "±" not in shown(panel, scene(views=views(is_sampled=False)), 120, 20)
    assert "±" not in shown(panel, scene(views=views(is_sampled=False), live=()), 44, 8, "rule")


def test_the_mark_is_explained_once() -> None:
    """In Health, whose headline it is."""
    assert [panel.TITLE for panel in PANELS if "±" in panel.HELP] == ["Health"]


@settings(max_examples=80)
@given(
    st.sampled_from(PANELS),
    st.integers(24, 120),
    st.integers(2, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from([Scope(), GATEWAY, Scope().narrow(provider="openai", model=GPT)]),
)
def test_any_size(panel: Panel, width: int, height: int, form: Form, is_zoomed: bool, scope: Scope) -> None:
    """The mark takes a cell, and no figure is cut for it."""
    check_any_size(panel, scene(scope, views(), live=(SAMPLE,)), width, height, form, is_zoomed)
