"""Usage by provider or gateway: parts add up, and a rate is of what is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import histories
from aigw_tui.insight.breakdown import breakdown
from aigw_tui.insight.joined import Usage, plus
from aigw_tui.model import Scope, Views, Window
from world import ACCOUNT, LLAMA, NOW, TODAY, neuron_row, recorded, recorded_all, recorded_sampled, request_row, world
from world import total as stored

DAY_SO_FAR = Window(TODAY, NOW)
SUMS = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out", "owed_usd", "listed_usd")
GATEWAYS, PROVIDERS = ("account", "gateway"), ("provider",)
OTHER = "f" * 32


def summed(uses: list[Usage], name: str) -> Any:
    found = None
    for use in uses:
        found = plus(found, getattr(use, name))
    return found


@pytest.mark.parametrize("keys", [GATEWAYS, PROVIDERS])
@pytest.mark.parametrize("scope", [Scope(), Scope().narrow(gateway="prod"), Scope(pattern="llama|gpt")])
def test_parts_add_up_to_the_total(keys: tuple[str, ...], scope: Scope) -> None:
    """Every measure, in any scope; the shares are one."""
    found = breakdown(world(), scope, DAY_SO_FAR, keys)
    for name in SUMS:
        assert summed([part.use for part in found.parts], name) == pytest.approx(getattr(found.all.use, name)), name
    assert sum(part.share or 0 for part in found.parts) == pytest.approx(1)


def test_the_total_is_what_is_stored() -> None:
    """Straight from the table, whatever it is split by."""
    for keys in (GATEWAYS, PROVIDERS):
        use = breakdown(world(), Scope(), DAY_SO_FAR, keys).all.use
        assert (use.requests, use.errors) == (1204, 14)
        assert use.tokens_out == stored(world(), "requests", "tokens_out")
        assert (use.owed_usd or 0) + (use.listed_usd or 0) == pytest.approx(stored(world(), "requests", "cost_usd"))


ROW = st.builds(
    request_row,
    st.integers(0, 13),
    st.sampled_from(["a", "b", "@cf/x/c"]),
    st.sampled_from(["", "openai", "workers-ai"]),
    st.integers(0, 10**9),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.one_of(st.none(), st.floats(0, 1e6)),
    gateway=st.sampled_from(["", "prod", "[/]"]),
)


@settings(max_examples=60)
@given(st.lists(ROW, max_size=30, unique_by=lambda row: row[:4]), st.sampled_from([GATEWAYS, PROVIDERS]))
def test_any_rows_add_up(rows: list[Any], keys: tuple[str, ...]) -> None:
    """Also with names that are empty and costs that are unknown; the busiest first."""
    found = breakdown(recorded(rows), Scope(), DAY_SO_FAR, keys)
    for name in SUMS:
        assert summed([part.use for part in found.parts], name) == pytest.approx(getattr(found.all.use, name))
    assert found.all.use.requests == (sum(row[4] for row in rows) if rows else None)
    counts = [part.use.requests or 0 for part in found.parts]
    assert counts == sorted(counts, reverse=True)
    assert len({part.key for part in found.parts}) == len(found.parts)


def test_a_list_price_is_not_owed() -> None:
    """Workers AI's is told apart, also where Cloudflare names no provider."""
    rows = [
        request_row(3, cost=1.0),
        request_row(3, LLAMA, "workers-ai", cost=2.0),
        request_row(3, LLAMA, "", cost=4.0),
    ]
    found = breakdown(recorded(rows), Scope(), DAY_SO_FAR, PROVIDERS)
    costs = {part.key: (part.use.owed_usd, part.use.listed_usd) for part in found.parts}
    assert costs == {("openai",): (1.0, None), ("workers-ai",): (None, 2.0), ("",): (None, 4.0)}
    assert (found.all.use.owed_usd, found.all.use.listed_usd) == (1.0, 6.0)


def test_a_rate_is_of_what_is_known() -> None:
    """A model whose errors nobody knows does not make the others look better."""
    known, unknown = request_row(3, "a", requests=10, errors=5), list(request_row(3, "b", requests=90))
    unknown[5] = unknown[6] = None
    found = breakdown(recorded([known, tuple(unknown)]), Scope(), DAY_SO_FAR, PROVIDERS)
    assert (found.all.use.requests, found.all.error_rate, found.all.hit_rate) == (100, 0.5, 0.0)
    alone = breakdown(recorded([tuple(unknown)]), Scope(), DAY_SO_FAR, PROVIDERS).parts[0]
    assert (alone.error_rate, alone.hit_rate) == (None, None)


def test_models_without_a_price_are_counted_once() -> None:
    """However many gateways they have."""
    rows = [request_row(3, "a", cost=None, gateway=name) for name in ("x", "y")] + [request_row(3, "b")]
    assert breakdown(recorded(rows), Scope(), DAY_SO_FAR, GATEWAYS).all.use.unpriced == 1


def test_what_passed_no_gateway_is_left_out() -> None:
    """A model that only neurons know is no provider's request."""
    views = recorded_all(requests=[request_row(3)], neurons=[neuron_row(3)])
    assert [part.key for part in breakdown(views, Scope(), DAY_SO_FAR, PROVIDERS).parts] == [("openai",)]


def test_accounts_are_told_apart() -> None:
    """Two gateways of one name are two."""
    views = histories(requests=[(ACCOUNT, request_row(3, requests=7)), (OTHER, request_row(3, requests=5))])
    found = breakdown(views, Scope(), DAY_SO_FAR, GATEWAYS)
    assert [(part.key, part.use.requests) for part in found.parts] == [((ACCOUNT, "prod"), 7), ((OTHER, "prod"), 5)]
    assert found.all.use.requests == 12


def is_sampled(views: Views, keys: tuple[str, ...]) -> list[bool]:
    return [part.use.is_sampled for part in breakdown(views, Scope(), DAY_SO_FAR, keys).parts]


def test_samples_are_marked() -> None:
    """In whatever it is split by."""
    for keys in (GATEWAYS, PROVIDERS):
        assert is_sampled(recorded_sampled(requests=[request_row(3)]), keys) == [True]
        assert is_sampled(recorded([request_row(3)]), keys) == [False]
