"""A model has one colour everywhere: its rank in its family."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight.families import ROLES, account_tints, burns_neurons, of_family, short_names, tint, tints
from aigw_tui.model import HOUR, Query, Scope, Window, period_of
from world import BGE, GEMINI, GPT, HAIKU, LLAMA, NOW, OSS, TODAY, recorded, request_row, world

models = st.lists(
    st.tuples(st.sampled_from(("workers-ai", "openai", "")), st.text(max_size=6)), unique=True, max_size=12
)


@given(models)
def test_tints_go_down_with_the_rank(ranking: list[tuple[str, str]]) -> None:
    """Each family starts at its first tint; from the third on all share the third."""
    roles = tints(ranking)
    for family, burns in (("neuron", True), ("dollar", False)):
        own = [roles[model] for model in ranking if burns_neurons(*model) is burns]
        assert own == [f"{family}{min(n + 1, 3)}" for n in range(len(own))]
    assert set(roles.values()) <= set(ROLES)


def test_the_whole_account_is_ranked() -> None:
    """Busiest first, over today, each family by itself."""
    assert account_tints(world(), Scope(), NOW) == {
        ("workers-ai", LLAMA): "neuron1",
        ("openai", GPT): "dollar1",
        ("workers-ai", BGE): "neuron2",
        ("workers-ai", OSS): "neuron3",
        ("anthropic", HAIKU): "dollar2",
        ("google-ai-studio", GEMINI): "dollar3",
    }


def test_narrowing_changes_no_colour() -> None:
    """A narrower scope, to a model, a gateway or an hour, keeps the colours of the scope it came from."""
    hour = period_of(Window(TODAY + HOUR * 9, TODAY + HOUR * 10))
    narrow = Scope().narrow(gateway="batch").narrow(provider="workers-ai", model=BGE).narrow(period=hour)
    assert account_tints(world(), narrow, NOW) == account_tints(world(), Scope(), NOW)


def test_a_model_out_of_the_ranking_has_the_last_tint() -> None:
    """A model that only the neurons know is still of its family."""
    assert tint({}, "workers-ai", "@cf/x/y") == "neuron3"
    assert tint({}, "openai", "x") == "dollar3"


def test_an_empty_provider_is_told_by_the_name() -> None:
    """`@cf/` and `@hf/` are names of Workers AI alone."""
    assert burns_neurons("", "@cf/meta/llama")
    assert not burns_neurons("", "gpt-5")
    assert not burns_neurons("openai", "@cf/meta/llama")


def test_short_names_stay_apart() -> None:
    """Vendor and customary endings go, as long as no two models become one name."""
    assert short_names({LLAMA, BGE, GPT}) == {LLAMA: "llama-3.3-70b", BGE: "bge-base-en-v1.5", GPT: "gpt-5-mini"}
    assert short_names({"@cf/a/m-7b-instruct", "@cf/a/m-7b-chat"}) == {
        "@cf/a/m-7b-instruct": "m-7b-instruct",
        "@cf/a/m-7b-chat": "m-7b-chat",
    }
    assert short_names({""}) == {"": "(none)"}


def test_filters_of_the_two_families_let_through_everything_once() -> None:
    """A named provider decides alone, an empty one leaves it to the model; narrower pairs stay narrow."""
    rows = [request_row(9, LLAMA, "workers-ai"), request_row(9, OSS, ""), request_row(9, GPT), request_row(9, "x", "")]
    views = recorded(rows)

    def models(burns: bool, *pairs: tuple[str, tuple[str, ...]]) -> list[str]:
        queries = [Query("requests", Window(TODAY, NOW), ("model",), (), one) for one in of_family(views, pairs, burns)]
        return sorted(row.key[0] for query in queries for row in views.view(query).rows)

    assert models(True) == sorted((LLAMA, OSS))
    assert models(False) == sorted((GPT, "x"))
    assert models(True, ("provider", ("openai", ""))) == [OSS]
    assert models(False, ("model", ())) == []
