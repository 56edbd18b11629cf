"""A report's figures: against the days before, and never surer than what is known."""

from __future__ import annotations

from datetime import datetime

import pytest

from aigw_tui.insight.billable import billable
from aigw_tui.insight.daily import Failed, report
from aigw_tui.insight.measured import Figure
from aigw_tui.insight.quality import holes, quality
from aigw_tui.insight.quotas import Allowance
from aigw_tui.model import DAY, HOUR, USD_PER_NEURON, Scope, Window
from world import (
    ACCOUNT,
    GPT,
    HAIKU,
    LLAMA,
    NOW,
    TODAY,
    empty,
    failure_row,
    neuron_row,
    recorded_all,
    recorded_sampled,
    request_row,
    scene,
    total,
    world,
)

DAY_OF_TODAY = Window(TODAY, TODAY + DAY)
LIMITS = {ACCOUNT: Allowance()}


def at(hour: int) -> datetime:
    return TODAY + HOUR * hour


@pytest.mark.parametrize(
    ("value", "usual", "change"),
    [(110.0, 100.0, 0.1), (50.0, 100.0, -0.5), (0.0, 0.0, 0.0), (5.0, 0.0, None), (None, 1.0, None), (1.0, None, None)],
)
def test_change(value: float | None, usual: float | None, change: float | None) -> None:
    """Over the usual; nothing can be divided by nothing, and unknown stays unknown."""
    assert Figure("requests", "requests", value, usual).change == pytest.approx(change)


def test_the_median_of_the_days_before() -> None:
    """The days before are alike in the world, so yesterday is as usual; days that were never read do not count."""
    yesterday = Window(TODAY - DAY, TODAY)
    found = report(scene().snapshot, LIMITS, "day", yesterday)
    assert found.figure("requests").usual == total(
        world(), "requests", "requests", Window(TODAY - DAY * 2, yesterday.since)
    )
    assert found.figure("requests").change == 0.0
    early = Window(TODAY - DAY * 7, TODAY - DAY * 6)  # one day before it is known
    assert report(scene().snapshot, LIMITS, "day", early).figure("requests").usual is None


def test_a_running_day_is_set_against_nothing() -> None:
    """Half a day is less than a day, which is no news."""
    found = report(scene().snapshot, LIMITS, "day", DAY_OF_TODAY)
    assert found.is_running
    assert {one.usual for one in found.figures} == {None}
    assert found.basis == ""


def test_neurons_by_hour() -> None:
    """Hours that are still to come, or may yet fill, are unknown and not 0."""
    (day,) = report(scene().snapshot, LIMITS, "day", DAY_OF_TODAY).neurons
    assert day.used == pytest.approx(total(world(), "neurons", "neurons"))
    assert day.hours[0] == pytest.approx(520)
    assert day.hours[15:] == (None,) * 9
    assert day.ran_out is None


def test_when_it_ran_out() -> None:
    """Within the hour that passed the limit."""
    rows = [neuron_row(hour, neurons=1_000.0) for hour in range(5)]
    snapshot = scene(views=recorded_all(requests=[], neurons=rows)).snapshot
    (day,) = report(snapshot, {ACCOUNT: Allowance(neurons=2_500)}, "day", DAY_OF_TODAY).neurons
    assert day.ran_out == at(2) + HOUR / 2


def test_a_narrower_scope() -> None:
    """Neurons are estimated and marked; allowances say nothing of a part of an account."""
    found = report(scene(Scope().narrow(gateway="prod")).snapshot, LIMITS, "day", DAY_OF_TODAY)
    assert found.neurons == ()
    assert found.figure("neurons").mark == "~"
    assert found.figure("not_routed").value is None
    assert found.routed is None


def test_a_narrower_scope_by_day() -> None:
    """What other providers cost there; the sum of the days is the figure."""
    week = Window(TODAY - DAY * 6, TODAY + DAY)
    found = report(scene(Scope().narrow(gateway="prod")).snapshot, LIMITS, "week", week)
    assert sum(day.cost_usd or 0.0 for day in found.days) == pytest.approx(found.figure("cost_usd").value)
    assert found.days[0].cost_usd


def test_billable() -> None:
    """Other providers' cost, and neurons above the allowance only on a paid plan; list prices never."""
    rows = [request_row(9, GPT, cost=1.0), request_row(9, LLAMA, "workers-ai", cost=9.0)]
    views = recorded_all(requests=rows, neurons=[neuron_row(9, neurons=15_000.0)])
    window = Window(TODAY, NOW)
    assert billable(views, ACCOUNT, Allowance(), window) == {TODAY: 1.0}
    assert billable(views, ACCOUNT, Allowance(is_paid=True), window) == {TODAY: 1.0 + 5_000 * USD_PER_NEURON}


def test_cost_that_nobody_knows() -> None:
    """A cost of nothing beside tokens without a price is unknown; so is a day that was never read."""
    views = recorded_all(requests=[request_row(9, GPT, cost=None)])
    assert billable(views, ACCOUNT, Allowance(), Window(TODAY, NOW)) == {TODAY: None}
    assert billable(empty(), ACCOUNT, Allowance(), Window(TODAY, NOW)) == {}


def test_rankings() -> None:
    """By cost only what is owed; by neurons only what burns them; the most first."""
    rows = [request_row(9, GPT, cost=1.0), request_row(9, HAIKU, "anthropic", cost=2.0),
            request_row(9, LLAMA, "workers-ai", cost=9.0, tokens_in=10**6)]  # fmt: skip
    snapshot = scene(views=recorded_all(requests=rows, neurons=[neuron_row(9)])).snapshot
    found = report(snapshot, LIMITS, "day", DAY_OF_TODAY)
    assert [use.model for use in found.by_cost] == [HAIKU, GPT]
    assert [use.model for use in found.by_neurons] == [LLAMA]
    assert found.by_tokens[0].model == LLAMA


def test_errors_by_status() -> None:
    """What a rate limit turned away stands apart from what failed with the same status."""
    rows = [failure_row(9, "429", "1", 4), failure_row(10, "429", "0", 2), failure_row(10, "500", "0", 3)]
    snapshot = scene(views=recorded_all(requests=[request_row(9)], failures=rows)).snapshot
    found = report(snapshot, LIMITS, "day", DAY_OF_TODAY).errors
    assert found == (Failed("429", True, 4), Failed("500", False, 3), Failed("429", False, 2))


def test_holes() -> None:
    """Hours that follow each other are one."""
    assert holes([at(1), at(2), at(5)]) == (Window(at(1), at(3)), Window(at(5), at(6)))
    assert holes([]) == ()


def test_quality_of_a_day() -> None:
    """Only hours that have begun; what a second account lacks is missing of both."""
    found = quality(world(), "requests", DAY_OF_TODAY, (ACCOUNT,), NOW)
    assert (found.hours, found.known, found.holes) == (15, 15, ())
    assert found.filling > 0
    both = quality(world(), "requests", DAY_OF_TODAY, (ACCOUNT, "f" * 32), NOW)
    assert (both.missing, both.holes) == (15, (Window(TODAY, at(15)),))
    assert quality(recorded_sampled(requests=[request_row(9)]), "requests", DAY_OF_TODAY, (ACCOUNT,), NOW).sampled > 0


def test_nothing_was_read() -> None:
    """It says so, and knows no figure."""
    found = report(scene(views=empty()).snapshot, LIMITS, "day", DAY_OF_TODAY)
    assert found.is_empty
    assert {one.value for one in found.figures} == {None}
