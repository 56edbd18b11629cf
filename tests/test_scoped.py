"""A scope lets through the rows it names, and never passes a wider set off as its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight.scoped import is_covered, matching, where
from aigw_tui.model import Interval, Query, Scope, Trust, View, Window

LLAMA, BGE, GPT = "@cf/meta/llama-3.3-70b", "@cf/baai/bge-base", "gpt-5-mini"


class Names:
    """Views that know nothing but names."""

    def view(self, query: Query) -> View:
        raise NotImplementedError

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        return {}

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        raise NotImplementedError

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        assert key == "model"
        return (BGE, LLAMA) if dataset == "neurons" else (BGE, LLAMA, GPT)


@pytest.mark.parametrize(
    ("dataset", "wanted"),
    [
        ("requests", ("account", "gateway", "provider", "model")),
        ("failures", ("account", "gateway", "provider", "model", "status")),
        ("neurons", ("account", "model")),
        ("refusals", ("account", "model")),
        ("pulse", ("account", "gateway")),
    ],
)
def test_only_keys_that_the_dataset_has(dataset: str, wanted: tuple[str, ...]) -> None:
    """Every field that was narrowed is asked where the dataset has it as a key; the account always."""
    scope = Scope().narrow(status="429", model=GPT, provider="openai", gateway="g", account="a")
    assert tuple(name for name, _ in where(Names(), scope, dataset)) == wanted


def test_the_pattern_becomes_names() -> None:
    """A pattern is resolved by the names the dataset itself holds."""
    assert where(Names(), Scope(pattern="llama"), "neurons") == (("model", (LLAMA,)),)
    assert where(Names(), Scope(pattern="!^@cf"), "requests") == (("model", (GPT,)),)
    assert where(Names(), Scope(), "requests") == ()


def test_a_pattern_without_a_match_lets_nothing_through() -> None:
    """No name is an empty set of names, which is something else than no condition."""
    assert where(Names(), Scope(pattern="nothing like it"), "requests") == (("model", ()),)


def test_a_pattern_narrows_a_narrowed_scope_further() -> None:
    """Both hold: the model that was chosen, and the pattern."""
    scope = Scope(pattern="llama").narrow(model=(LLAMA, GPT))
    assert where(Names(), scope, "requests") == (("model", (LLAMA,)),)


def test_half_typed_patterns_are_plain_text() -> None:
    """While somebody types `[8b]` the first bracket alone must not be an error."""
    assert matching("[", ("[8b]", "8b")) == ("[8b]",)
    assert matching("!(", ("(a", "b")) == ("b",)


@given(pattern=st.text(max_size=8), names=st.lists(st.text(max_size=8), max_size=5).map(tuple))
def test_a_pattern_and_its_inverse_share_the_names_out(pattern: str, names: tuple[str, ...]) -> None:
    """Every name is let through by exactly one of a pattern and its inverse, whatever is typed."""
    wanted = pattern.lstrip("!")
    both = (*matching(wanted, names), *matching("!" + wanted, names))
    assert sorted(both) == sorted(names)


@pytest.mark.parametrize(
    ("scope", "requests", "neurons", "failures"),
    [
        (Scope(), True, True, True),
        (Scope(pattern="llama"), True, True, True),
        (Scope().narrow(account="a"), True, True, True),
        (Scope().narrow(model=LLAMA), True, True, True),
        (Scope().narrow(provider="workers-ai", model=LLAMA), True, True, True),
        (Scope().narrow(provider="workers-ai"), True, False, True),
        (Scope().narrow(provider="openai", model=GPT), True, False, True),
        (Scope().narrow(gateway="g", model=LLAMA), True, False, True),
        (Scope().narrow(status="429"), False, False, True),
    ],
)
def test_what_a_dataset_covers(scope: Scope, requests: bool, neurons: bool, failures: bool) -> None:
    """Neurons know models, not gateways, as do Workers AI's codes; requests know no status; failures know both."""
    found = tuple(is_covered(scope, dataset) for dataset in ("requests", "neurons", "failures"))
    assert found == (requests, neurons, failures)
    assert is_covered(scope, "refusals") is neurons
