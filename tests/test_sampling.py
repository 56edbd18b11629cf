"""Samples: what was counted from one says so, and how far off it may be only where that is truly known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.insight.joined import total, usage
from aigw_tui.insight.sampling import Bucket, half_width, hourly_intervals, interval_of
from aigw_tui.model import DAY, HOUR, Interval, Live, Scope, Views, Window, period_of
from aigw_tui.tui.figures import mark, part_of
from aigw_tui.tui.figures import total as in_total
from world import (
    ACCOUNT,
    GPT,
    LLAMA,
    NOW,
    SERVER,
    TODAY,
    neuron_row,
    recorded_all,
    recorded_sampled,
    request_row,
    scene,
)

DAY_SO_FAR = Window(TODAY, NOW)
ROWS = (request_row(8), request_row(9, LLAMA, "workers-ai"), request_row(9))
NEURONS = (neuron_row(9),)
NINE = Scope(period_of(Window(TODAY + 9 * HOUR, TODAY + 10 * HOUR)))
SAMPLE = Live("whole", ACCOUNT, (), DAY_SO_FAR, rows=((1204, None, None),), interval=Interval(1173, 1235))


def partly() -> Views:
    """Nine o'clock was sampled, eight was not."""
    history = open_history(None, SERVER, NOW).history
    eight, nine = (int((TODAY + HOUR * hour).timestamp()) for hour in (8, 9))
    totals, intervals = {eight: (10,), nine: (20,)}, {nine: Interval(8, 32)}
    history.record(ACCOUNT, dataset("requests"), DAY_SO_FAR, ROWS, totals, NOW, intervals)
    return history


@pytest.mark.parametrize(("by", "sampled"), [("hour", [False, True, True]), ("day", [True] * 2), ("", [True] * 2)])
def test_a_row_is_a_sample_when_an_hour_of_it_was(by: Bucket, sampled: list[bool]) -> None:
    """By hour one can tell them apart; a day, the window and a total are no better than their worst hour."""
    found = usage(partly(), Scope(), DAY_SO_FAR, by)
    assert [use.is_sampled for use in found] == sampled
    assert total(found).is_sampled
    assert not total(use for use in found if not use.is_sampled).is_sampled


def test_neurons_are_sampled_for_themselves() -> None:
    """Both datasets are asked apart; neurons that are estimated are no sample of anything."""
    both = usage(recorded_sampled(requests=ROWS, neurons=NEURONS), Scope(), DAY_SO_FAR)
    assert {(use.is_sampled, use.neurons_sampled) for use in both} == {(True, True)}
    gateway = usage(recorded_sampled(requests=ROWS, neurons=NEURONS), Scope().narrow(gateway="prod"), DAY_SO_FAR)
    assert {(use.is_sampled, use.neurons_sampled) for use in gateway} == {(True, False)}
    counted = usage(recorded_all(requests=ROWS, neurons=NEURONS), Scope(), DAY_SO_FAR)
    assert {(use.is_sampled, use.neurons_sampled) for use in counted} == {(False, False)}


def test_intervals_of_hours() -> None:
    """Of one account as a whole: of a part of it, or of several together, nobody said how far off the count may be."""
    nine, views = TODAY + 9 * HOUR, partly()
    assert hourly_intervals(views, Scope(), DAY_SO_FAR) == {nine: Interval(8, 32)}
    assert hourly_intervals(views, Scope().narrow(account=ACCOUNT), DAY_SO_FAR) == {nine: Interval(8, 32)}
    for scope in (Scope().narrow(model=GPT), Scope().narrow(gateway="prod"), Scope(pattern="gpt")):
        assert hourly_intervals(views, scope, DAY_SO_FAR) == {}
    assert hourly_intervals(two_accounts(), Scope(), DAY_SO_FAR) == {}


def two_accounts() -> Views:
    history = open_history(None, SERVER, NOW).history
    for account in (ACCOUNT, "other"):
        second = int((TODAY + HOUR * 9).timestamp())
        history.record(
            account, dataset("requests"), DAY_SO_FAR, [request_row(9)], {second: (10,)}, NOW, {second: Interval(8, 12)}
        )
    return history


def test_no_row_of_a_model_has_an_interval() -> None:
    """The hour's is that of its total, and hours are not added up to one of the day."""
    found = usage(recorded_sampled(requests=ROWS), Scope(), DAY_SO_FAR, "hour")
    assert {use.interval for use in found} == {None}
    assert total(found).interval is None
    assert total(found, interval=Interval(1, 3)).interval == Interval(1, 3)


@pytest.mark.parametrize(
    ("scope", "live", "wanted"),
    [
        (Scope(), (SAMPLE,), Interval(1173, 1235)),
        (Scope().narrow(model=GPT), (SAMPLE,), Interval(1173, 1235)),
        (Scope().narrow(status="429"), (SAMPLE,), None),
        (Scope(), (replace(SAMPLE, interval=None),), None),
        (Scope(), (replace(SAMPLE, window=Window(TODAY + HOUR, NOW)),), None),
        (Scope(), (replace(SAMPLE, by=("hour",)),), None),
        (Scope(), (), None),
        (NINE, (), Interval(8, 32)),
        (NINE.narrow(model=GPT), (), None),
    ],
)
def test_the_interval_of_a_scope(scope: Scope, live: tuple[Live, ...], wanted: Interval | None) -> None:
    """What the account says now to the whole question, not to a shorter one; a single hour has that of its hour."""
    assert interval_of(scene(scope, partly(), live=live).snapshot) == wanted


def test_two_accounts_have_none() -> None:
    """Even when one of them has answered: intervals do not add up."""
    assert interval_of(scene(Scope(), two_accounts(), live=(SAMPLE,)).snapshot) is None
    mine = Scope().narrow(account=ACCOUNT)
    assert interval_of(scene(mine, two_accounts(), live=(SAMPLE,)).snapshot) == Interval(1173, 1235)


def test_how_it_is_written() -> None:
    """An estimate of a sample is an estimate; what is unknown is neither; the interval takes the mark's place."""
    assert [mark(*pair) for pair in ((True, True), (True, False), (False, True), (False, False))] == ["~", "~", "±", ""]
    assert half_width(Interval(1173, 1235)) == 31
    assert in_total(1204, True, Interval(1173, 1235)) == "1,204 ±31"
    assert in_total(1204, True, Interval(1203.8, 1204.2)) == "±1,204"
    assert in_total(1204, True, None) == "±1,204"
    assert in_total(None, True, Interval(1, 9)) == "–"
    assert in_total(1204, False, None) == "1,204"
    exact = "14 of 1,204 ±31", "14/1,204 ±31"
    assert part_of(14, 1204, True, Interval(1173, 1235)) == (*exact, "±14 of ±1,204", "±14 of ±1.2k", "±14")
    assert part_of(14, 1204, True, Interval(1203.8, 1204.2))[0] == "±14 of ±1,204"
    assert part_of(14, 1204, False, None) == ("14 of 1,204", "14 of 1.2k", "14")


def test_days_before() -> None:
    """A sampled hour of yesterday is none of today's."""
    history = open_history(None, SERVER, NOW).history
    second = int((TODAY - DAY + HOUR * 9).timestamp())
    window = Window(TODAY - DAY, TODAY)
    rows = [request_row(9, day=TODAY - DAY)]
    history.record(ACCOUNT, dataset("requests"), window, rows, {second: (10,)}, NOW, {second: Interval(8, 12)})
    history.record(ACCOUNT, dataset("requests"), DAY_SO_FAR, [request_row(9)], {}, NOW)
    assert [use.is_sampled for use in usage(history, Scope(), Window(TODAY - DAY, NOW), "day")] == [True, False]
    assert [use.is_sampled for use in usage(history, Scope(), DAY_SO_FAR)] == [False]
