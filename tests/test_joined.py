"""Usage joins what went through the gateways with what it burned, and never shows one scope's neurons as another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.insight.joined import Usage, plus, total, usage, whole_hours
from aigw_tui.insight.prices import neurons as estimate
from aigw_tui.model import HOUR, Query, Scope, Trust, Views, Window
from world import ACCOUNT, BGE, GPT, LLAMA, NOW, SERVER, TODAY, recorded, request_row, world

DAY_SO_FAR = Window(TODAY, NOW)


def by_model(views: Views, scope: Scope | None = None) -> dict[str, Usage]:
    return {use.model: use for use in usage(views, scope or Scope(), DAY_SO_FAR)}


def test_the_sum_is_what_the_store_holds() -> None:
    """No request, neuron or dollar is lost or counted twice, over the window and by the hour."""
    views = world()
    requests = views.view(Query("requests", DAY_SO_FAR, (), ("requests", "errors", "cache_hits", "cost_usd"))).total
    neurons = views.view(Query("neurons", DAY_SO_FAR, (), ("neurons",))).total.values[0]
    for found in (usage(views, Scope(), DAY_SO_FAR), usage(views, Scope(), DAY_SO_FAR, "hour")):
        together = total(found)
        assert (together.requests, together.errors, together.cache_hits) == requests.values[:3]
        assert (together.owed_usd or 0) + (together.listed_usd or 0) == pytest.approx(requests.values[3])
        assert together.neurons == pytest.approx(neurons)
        assert together.trust is Trust.FILLING


def test_the_busiest_model_comes_first() -> None:
    """In the window, and within every hour; hours from the oldest on."""
    requests = [use.requests or 0 for use in usage(world(), Scope(), DAY_SO_FAR)]
    assert requests == sorted(requests, reverse=True)
    hours = [(use.since, -(use.requests or 0)) for use in usage(world(), Scope(), DAY_SO_FAR, "hour")]
    assert hours == sorted(hours, key=lambda pair: (pair[0] or TODAY, pair[1]))


def test_a_list_price_is_never_owed() -> None:
    """Cost of Workers AI is a list price; a total keeps the two apart."""
    found = by_model(world())
    assert found[LLAMA].owed_usd is None
    assert found[LLAMA].listed_usd
    assert found[GPT].owed_usd
    assert found[GPT].listed_usd is None
    assert found[GPT].neurons is None


def test_a_gateway_has_estimated_neurons() -> None:
    """Neurons have no gateway: there they are tokens times price, and marked; never the account's figure."""
    narrow = by_model(world(), Scope().narrow(gateway="prod"))[LLAMA]
    assert narrow.is_estimate
    assert narrow.neurons == pytest.approx(estimate(LLAMA, narrow.tokens_in, narrow.tokens_out))
    assert narrow.neurons != by_model(world())[LLAMA].neurons


def test_a_model_keeps_its_measured_neurons() -> None:
    """Narrowed to a model of Workers AI, its neurons are still the account's, measured."""
    narrow = by_model(world(), Scope().narrow(provider="workers-ai", model=LLAMA))
    assert list(narrow) == [LLAMA]
    assert narrow[LLAMA].neurons == by_model(world())[LLAMA].neurons
    assert not narrow[LLAMA].is_estimate


def test_neurons_that_have_not_arrived_are_unknown() -> None:
    """Requests are minutes old, neurons 40: until they come they are not known, and no estimate stands in for them."""
    found = by_model(recorded([request_row(13, LLAMA, "workers-ai", tokens_in=1000, tokens_out=200)]))
    assert found[LLAMA].neurons is None
    assert not found[LLAMA].is_estimate


def test_a_model_that_no_gateway_saw_is_there() -> None:
    """Calls that pass no gateway burn neurons all the same: a row with 0 requests."""
    second = int((TODAY + HOUR * 3).timestamp())
    found = by_model(recorded([(second, "@cf/x/y", 5, 12.5, 10, 10)], "neurons"))
    assert found["@cf/x/y"] == Usage(
        "workers-ai", "@cf/x/y", None, 0, 0, 0, 0, 0, neurons=12.5, neurons_trust=found["@cf/x/y"].neurons_trust
    )


def test_neurons_of_a_model_under_two_providers_count_once() -> None:
    """An empty provider beside `workers-ai` is the same model; its neurons are not doubled."""
    history = open_history(None, SERVER, NOW).history
    rows = [request_row(3, LLAMA, "workers-ai"), request_row(3, LLAMA, "")]
    second = int(rows[0][0] or 0)
    history.record(ACCOUNT, dataset("requests"), DAY_SO_FAR, rows, {second: (20,)}, NOW)
    history.record(
        ACCOUNT, dataset("neurons"), DAY_SO_FAR, [(second, LLAMA, 20, 70.0, 1, 1)], {second: (20, 70.0)}, NOW
    )
    assert total(usage(history, Scope(), DAY_SO_FAR)).neurons == 70.0


def test_what_has_no_price_is_said() -> None:
    """A total holds what is priced, and how many models are not."""
    found = usage(recorded([request_row(3, cost=None), request_row(3, "b", cost=0.5)]), Scope(), DAY_SO_FAR)
    assert [(use.model, use.owed_usd, use.unpriced) for use in found] == [("b", 0.5, 0), (GPT, None, 1)]
    assert (total(found).owed_usd, total(found).unpriced) == (0.5, 1)


def test_a_sum_of_nothing_is_unknown() -> None:
    """None is unknown, and only a known part makes a sum known."""
    assert total(()) == Usage()
    assert plus(None, None) is None
    assert plus(None, 0) == 0
    assert plus(1, 2) == 3
    assert total((Usage(requests=1), Usage(trust=Trust.FILLING))) == replace(Usage(requests=1), trust=Trust.FILLING)


def test_the_same_hours_are_the_same_question() -> None:
    """A window that ends in an hour reads that hour whole, so that a minute later nothing is new."""
    assert whole_hours(DAY_SO_FAR) == whole_hours(Window(TODAY, NOW.replace(minute=59)))
    assert whole_hours(Window(TODAY, TODAY + HOUR)) == Window(TODAY, TODAY + HOUR)


def test_a_pattern_narrows_both() -> None:
    """A filter over names holds for requests and for neurons."""
    assert set(by_model(world(), replace(Scope(), pattern="bge"))) == {BGE}
