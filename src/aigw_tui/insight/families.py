"""Which colour a model has, the same everywhere: two families, blue burns neurons and grey costs dollars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from aigw_tui.datasets.gateway import WORKERS_AI
from aigw_tui.format import model_name
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import HOUR, Query, Scope, Views, Window, hour_of

Model = tuple[str, str]
"""(provider, model): the same model at two providers is two."""

SHADES = 3
"""Tints in a family; what ranks lower shares the last."""
ROLES = tuple(f"{family}{n}" for family in ("neuron", "dollar") for n in range(1, SHADES + 1))
"""All tints, in the order in which they are stacked."""
TAILS = frozenset({"instruct", "fp8", "fp16", "fast", "it", "awq", "int8", "lora", "chat", "hf", "preview", "latest"})
"""Endings of names that seldom tell models apart."""


def burns_neurons(provider: str, model: str) -> bool:
    """Whether Workers AI runs it. An empty provider is possible on the wire; `@cf/` and `@hf/` are its names alone."""
    return provider == WORKERS_AI or (not provider and model.startswith(("@cf/", "@hf/")))


def of_family(views: Views, pairs: Pairs, burns: bool) -> tuple[Pairs, ...]:
    """Filters of `requests`, within `pairs`, that together let through what burns neurons, or all that does not.

    A named provider decides alone; where it is empty, each model does.
    """
    allowed = dict(pairs)
    providers, models = (allowed.get(key, views.names("requests", key)) for key in ("provider", "model"))
    named = tuple(name for name in providers if name and burns_neurons(name, "") is burns)
    nameless = tuple(model for model in models if burns_neurons("", model) is burns)
    found = [allowed | {"provider": named}] if named else []
    if "" in providers and nameless:
        found.append(allowed | {"provider": ("",), "model": nameless})
    return tuple(tuple(one.items()) for one in found)


def tints(ranking: Iterable[Model]) -> dict[Model, str]:
    """Role of each model, from the busiest to the least: `neuron1` … `neuron3`, `dollar1` … `dollar3`."""
    roles: dict[Model, str] = {}
    ranks = {"neuron": 0, "dollar": 0}
    for provider, model in ranking:
        family = "neuron" if burns_neurons(provider, model) else "dollar"
        ranks[family] += 1
        roles[provider, model] = f"{family}{min(ranks[family], SHADES)}"
    return roles


def account_tints(views: Views, scope: Scope, now: datetime) -> dict[Model, str]:
    """The tints that hold for the whole screen: ranked by requests of the account over the period before narrowing."""
    period = scope.period.at(now)
    account = tuple(pair for pair in scope.where if pair[0] == "account")
    query = Query(
        "requests",
        Window(period.since, hour_of(period.until) + HOUR),
        by=("provider", "model"),
        measures=("requests",),
        where=account,
        order=("-requests", "provider", "model"),
    )
    return tints((row.key[0], row.key[1]) for row in views.view(query).rows)


def tint(roles: Mapping[Model, str], provider: str, model: str) -> str:
    """The role of a model; one that never was in the ranking has its family's last tint."""
    found = roles.get((provider, model))
    return found or ("neuron" if burns_neurons(provider, model) else "dollar") + str(SHADES)


def short_names(models: Iterable[str]) -> dict[str, str]:
    """Model → its name without vendor and customary endings, as long as that leaves no two of them alike."""
    full = {model: model_name(model) for model in models}
    brief = {model: _without_tail(name) for model, name in full.items()}
    taken = list(brief.values())
    return {model: name if taken.count(name) == 1 else full[model] for model, name in brief.items()}


def _without_tail(name: str) -> str:
    words = name.split("-")
    while len(words) > 1 and words[-1].lower() in TAILS:
        words.pop()
    return "-".join(words)
