"""² Cost: what is owed, and never a list price in a total."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.format import dollars
from aigw_tui.model import PERIODS, Scope
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.cost import Cost, look_at
from world import (
    ACCOUNT,
    COST_QUOTA,
    LLAMA,
    NEURON_QUOTA,
    TODAY,
    check_any_size,
    empty,
    recorded,
    request_row,
    scene,
    shown,
)

NO_LIMIT = (NEURON_QUOTA, replace(COST_QUOTA, limit=None))
MODEL = Scope().narrow(provider="workers-ai", model=LLAMA)
SCOPES = (
    Scope(), Scope(PERIODS[1]), Scope(PERIODS[3]), Scope(PERIODS[-1]), MODEL, Scope().narrow(gateway="prod"),
    Scope(pattern="nothing"), Scope().narrow(status="429"),
)  # fmt: skip


def test_with_a_limit() -> None:
    """Billable today, the share of the limit, the gauge, the limit and the projection."""
    assert shown(Cost(), scene(), 20, 7) == (
        "╭─ ² Cost ─────────╮\n"
        "│ $1.23       25 % │\n"
        "│ ▄▄▄▄▄▄▄▄▄▄▄▄▄┃   │\n"
        "│ ▀▀▀▀▀▀▀▀▀▀▀▀▀┃   │\n"
        "│ limit $5.00/day  │\n"
        "│ ~$2.10 by 24:00  │\n"
        "╰──────────────────╯"
    )


def test_without_a_limit() -> None:
    """The hours instead of a gauge, and the dearest of them."""
    assert shown(Cost(), scene(quotas=NO_LIMIT), 20, 7) == (
        "╭─ ² Cost ─────────╮\n"
        "│ $1.23      today │\n"
        "│     ▁█▅          │\n"
        "│ ▃▂▂▇███▁▁▁▁▁     │\n"
        "│ ~$2.10 by 24:00  │\n"
        "│ $0.18 at 11:00   │\n"
        "╰──────────────────╯"
    )


def test_a_list_price_is_in_parentheses() -> None:
    """Workers AI is paid in neurons: its price is no money owed, and the tile says until when."""
    assert shown(Cost(), scene(MODEL), 20, 7) == (
        "╭─ ² Cost ─────────╮\n"
        "│ ($0.04)     list │\n"
        "│                  │\n"
        "│ inside the free  │\n"
        "│ allowance until  │\n"
        "│ 10,000 neurons   │\n"
        "╰──────────────────╯"
    )


def test_a_list_price_has_hours_when_zoomed() -> None:
    """There is room for when it arose."""
    assert "list price by hour" in shown(Cost(), scene(MODEL), 60, 20, is_zoomed=True)


def test_a_used_up_allowance_is_said() -> None:
    """Past the limit the list price is not free any more."""
    text = shown(Cost(), scene(MODEL, quotas=(replace(NEURON_QUOTA, used=10_500.0),)), 36, 7)
    assert "used up" in text


def test_a_list_price_is_never_added() -> None:
    """A gateway with both kinds of models shows what is owed alone."""
    rows = [request_row(9, LLAMA, "workers-ai", cost=7.0), request_row(9, cost=0.25)]
    assert "│ $0.25 " in shown(Cost(), scene(Scope().narrow(gateway="prod"), recorded(rows)), 20, 7)


def test_tiny_amounts_are_not_zero() -> None:
    """`<` rather than a false zero."""
    rows = [request_row(9, LLAMA, "workers-ai", cost=0.0004)]
    assert "│ (<$0.01) " in shown(Cost(), scene(MODEL, recorded(rows)), 20, 7)


def test_unpriced_models_are_said() -> None:
    """A total says how much of it has no price; when nothing has, it is unknown."""
    rows = [request_row(9, cost=0.25), request_row(9, "new", cost=None), request_row(10, "new", cost=None)]
    scope = Scope().narrow(gateway="prod")
    assert "+ 1 unpriced ─╯" in shown(Cost(), scene(scope, recorded(rows)), 20, 7)
    assert "│ – " in shown(Cost(), scene(scope, recorded(rows[1:])), 20, 7)


def test_an_unpriced_list_price_is_said() -> None:
    """Also where all models are of Workers AI: the sum in parentheses misses some."""
    rows = [request_row(9, LLAMA, "workers-ai", cost=0.5), request_row(9, "@cf/x/y", "workers-ai", cost=None)]
    assert "─ + 1 unpriced ─╯" in shown(Cost(), scene(views=recorded(rows), quotas=()), 26, 7)


def test_a_week_is_by_day() -> None:
    """Longer windows are named, summed from history, and averaged over the known days."""
    assert shown(Cost(), scene(Scope(PERIODS[2])), 20, 7) == (
        "╭─ ² Cost ─────────╮\n"
        "│ $12.02       7 d │\n"
        "│ ████████████▃▃   │\n"
        "│ ██████████████   │\n"
        "│ $1.72 a day      │\n"
        "│ $1.80 on 22 Nov  │\n"
        "╰──────────────────╯"
    )


def test_a_narrowed_today_has_its_own_pace() -> None:
    """The limit is the account's; a gateway's rest of the day is projected from its own hours."""
    text = shown(Cost(), scene(Scope().narrow(gateway="prod")), 20, 7)
    assert "limit" not in text
    assert "by 24:00" in text


def test_a_status_cannot_be_told() -> None:
    """Cost is not known by status, so the tile says so instead of showing all of it."""
    assert "cost is not" in shown(Cost(), scene(Scope().narrow(status="429")), 20, 7)


def test_nothing_yet() -> None:
    """Not read, and read without rows, are words."""
    assert "not read yet;" in shown(Cost(), scene(views=empty(), quotas=()), 20, 7)
    assert shown(Cost(), scene(views=empty("requests")), 20, 7) == (
        "╭─ ² Cost ─────────╮\n"
        "│ no requests      │\n"
        "│ through these    │\n"
        "│ gateways yet     │\n"
        "│ today            │\n"
        "│                  │\n"
        "╰──────────────────╯"
    )


def test_zoomed() -> None:
    """Every hour, and every provider, dearest first."""
    lines = shown(Cost(), scene(), 100, 30, is_zoomed=True).split("\n")
    assert [line.split()[1] for line in lines[-4:-1]] == ["openai", "anthropic", "google-ai-studio"]


@pytest.mark.parametrize("height", range(9, 30))
def test_the_providers_add_up(height: int) -> None:
    """What has no room of its own is counted and added in the last line."""
    rows = [request_row(9, "m", f"provider-{n}", cost=0.5 + n) for n in range(8)]
    text = shown(Cost(), scene(views=recorded(rows), quotas=()), 60, height, is_zoomed=True)
    found = re.findall(r"(provider-\d|\+ \d more|\d providers) +\$(\d+\.\d\d)", text)
    assert not found or sum(float(cost) for _, cost in found) == 32
    assert len(found) == 8 or not found or found[-1][0] in (f"+ {9 - len(found)} more", "8 providers")


@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(SCOPES),
    st.one_of(st.none(), st.floats(0, 1e12)),
    st.one_of(st.none(), st.floats(0.01, 1e9)),
)
def test_any_size_and_any_figures(
    width: int, height: int, form: Form, is_zoomed: bool, scope: Scope, used: float | None, limit: float | None
) -> None:
    """No figure is cut and nothing raises, from 0×0 on."""
    quotas = (NEURON_QUOTA, replace(COST_QUOTA, used=used, limit=limit))
    check_any_size(Cost(), scene(scope, quotas=quotas), width, height, form, is_zoomed)


@given(st.integers(0, 60), st.integers(9, 30))
def test_hostile_names_stay_in_their_cells(width: int, height: int) -> None:
    """A provider's name is foreign text."""
    rows = [request_row(9, "m", "\x1b]52;c;eA==\x07[/]漢字" * 9, day=TODAY)]
    check_any_size(Cost(), scene(views=recorded(rows)), width, height, "box", is_zoomed=True)


def test_a_model_without_a_provider_owes_nothing() -> None:
    """`@cf/…` is Workers AI's, whatever stands as its provider: a list price, as in Models."""
    rows = [request_row(9, "@cf/meta/x", "", cost=0.5)]
    assert "($0.50)" in shown(Cost(), scene(views=recorded(rows), quotas=(NEURON_QUOTA,)), 20, 7)
    both = recorded([*rows, request_row(9, cost=0.25)])
    assert "$0.25 " in shown(Cost(), scene(views=both, quotas=()), 20, 7)


def test_the_allowance_is_that_of_the_account() -> None:
    """Narrowed to one of two accounts, a list price is free until that one's limit."""
    other = replace(NEURON_QUOTA, account="other", limit=2000.0, used=0.0)
    scope = MODEL.narrow(account=ACCOUNT)
    assert "10,000" in shown(Cost(), scene(scope, quotas=(other, NEURON_QUOTA)), 20, 7)


def test_a_projection_of_less_than_a_cent_is_not_nothing() -> None:
    """What will be spent is never said to be 0 where something is spent already."""
    rows = [request_row(hour, cost=0.0002) for hour in range(8, 14)]
    seen = look_at(scene(Scope(pattern="gpt"), recorded(rows)).snapshot)
    assert seen.likely is not None
    assert dollars(seen.likely) == "<$0.01"


def test_a_large_budget_that_is_used_up() -> None:
    """In a narrow tile no figure stands without its word, and the share is never given up for cents."""
    spent = replace(COST_QUOTA, used=34_555.61, limit=5000.0)
    text = shown(Cost(), scene(quotas=(NEURON_QUOTA, spent)), 18, 7)
    assert "│ $34,556  691 % │" in text
    assert "│ limit $5,000   │" in text
