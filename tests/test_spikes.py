"""What is promised of token spikes: few false alarms, no large spike missed, silence in the first week."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from random import Random
from statistics import mean, median

import pytest

from aigw_tui.insight.nowcast import GATEWAY_DELAY
from aigw_tui.insight.rhythm import FEWEST_DAYS, LEAST_TOKENS, MOST_WEEKS, REACH, Rhythm
from aigw_tui.model import DAY, HOUR
from benchmarks.simulated import KINDS, LITTLE, START, Kind
from benchmarks.spikes import MONTHS, RULE, SIZES, Spike, Trial, spiky, table, trials

SEEDS = (7, 8)
ORDINARY = KINDS[:3]
"""Rhythms with weekends, and none at all."""
HARD = (*(kind for kind in KINDS[3:] if not kind.bursts), LITTLE)
"""Outages, regimes, growth, jobs, restlessness. One that bursts 15 times a month is told so."""


@cache
def found(kind: Kind) -> tuple[Trial, ...]:
    return tuple(trials(SEEDS, (kind,)))


@pytest.mark.parametrize("kind", ORDINARY, ids=lambda kind: kind.name)
def test_an_ordinary_account_is_left_in_peace(kind: Kind) -> None:
    """At most one false alarm a month."""
    assert sum(len(one.false_alarms) for one in found(kind)) / len(SEEDS) / MONTHS <= 1


@pytest.mark.parametrize("kind", ORDINARY, ids=lambda kind: kind.name)
def test_no_large_spike_is_missed(kind: Kind) -> None:
    """None of ten times the usual, most of five times, as soon as its first hour is closed."""
    spikes = {spike: one.found.get(spike) for one in found(kind) for spike in one.spikes}
    assert {size for size, after in ((spike.size, after) for spike, after in spikes.items()) if after} == {*SIZES}
    assert [spike for spike, after in spikes.items() if spike.size == 10 and after is None] == []
    assert mean(after is None for spike, after in spikes.items() if spike.size == 5) < 0.3
    assert median(after / HOUR for after in spikes.values() if after) * HOUR == HOUR + GATEWAY_DELAY


@pytest.mark.parametrize("kind", HARD, ids=lambda kind: kind.name)
def test_a_difficult_account_is_not_cried_at_daily(kind: Kind) -> None:
    """Once a week at the most."""
    (one,) = trials(SEEDS[:1], (kind,), months=2)
    assert len(one.false_alarms) / 2 <= 4


@pytest.mark.parametrize("kind", ORDINARY, ids=lambda kind: kind.name)
def test_nothing_fires_in_the_first_week(kind: Kind) -> None:
    assert min(at for one in found(kind) for at in one.fired) >= START + DAY * FEWEST_DAYS


def test_spikes_are_where_they_are_said_to_be() -> None:
    """So many times what the hour would have been; those of too few tokens are in the hours alone."""
    kind = KINDS[0]
    hours, spikes = spiky(kind, 60, 1)
    assert all(spike.tokens >= LEAST_TOKENS for spike in spikes)
    assert max(hours[spikes[0].since + HOUR * n] for n in range(24)) >= spikes[0].tokens
    assert spiky(kind, 60, 1) == (hours, spikes)
    assert spiky(kind, 60, 2)[1] != spikes


def test_a_spike_is_shown_until_its_last_hour_is_no_longer_the_newest() -> None:
    spike = Spike(START, START + HOUR * 2, 5, 1e6)
    first, minute = START + HOUR + GATEWAY_DELAY, timedelta(minutes=1)
    moments = (first - minute, first, first + HOUR * 2 - minute, first + HOUR * 2)
    assert [spike.is_shown_at(at) for at in moments] == [False, True, True, False]


def test_the_table() -> None:
    """A line a kind, as Markdown."""
    lines = list(table([one for kind in ORDINARY for one in found(kind)]))
    assert len(lines) == 2 + len(ORDINARY)
    assert {line.count("|") for line in lines} == {9}


def steady(days: int, usual: float = 100_000, scatter: float = 0.05) -> list[float | None]:
    """Hours that scatter by so much (standard deviation of the logarithm) around the usual."""
    chance = Random(3)  # noqa: S311 - no secret
    return [usual * chance.lognormvariate(0, scatter) for _ in range(24 * days)]


def of_last(hours: list[float | None], tokens: float) -> float:
    """Deviations of one more hour."""
    value = Rhythm([*hours, tokens]).deviations(len(hours))
    assert value is not None
    return value


@pytest.mark.parametrize("days", [7, 13, 20, 60])
def test_between_twice_and_six_times_the_usual(days: int) -> None:
    """Where all hours are alike twice as much is no spike, and two and a half times is one.

    Where none is like another, six times as much still is one; four times is not.
    """
    assert RULE.threshold == 6
    alike = steady(days)
    assert of_last(alike, 190_000) < 6 < of_last(alike, 250_000)
    wild = steady(days, scatter=0.5)
    assert of_last(wild, 350_000) < 6 < of_last(wild, 900_000)


def test_a_job_that_moves_by_an_hour_is_no_spike() -> None:
    """It runs at 20:00, 21:00 or 22:00, ten times as much as is usual then; twice the job is a spike."""
    chance = Random(1)  # noqa: S311 - no secret
    hours = steady(40)
    for day in range(39):
        hours[24 * day + chance.choice((20, 21, 21, 22))] = 1_000_000 * chance.lognormvariate(0, 0.1)
    evening = hours[: 24 * 39 + 20]
    assert of_last(evening, 1_000_000) < 6 < of_last(evening, 3_000_000)
    assert of_last(hours[: 24 * 39 + 10], 1_000_000) > 6


def test_what_every_week_brings_is_no_spike() -> None:
    """From the fourth week on: five times as much on this weekday, whatever the other days are like."""
    hours = steady(29)
    for n in range(1, 5):
        hours[24 * (29 - 7 * n)] = 500_000
    hours = hours[: 24 * 29]
    assert of_last(hours, 500_000) < 1
    assert of_last(hours[: 24 * 28], 500_000) > 6


def test_hours_that_are_unknown_are_no_zeros() -> None:
    """With half of the days unread it is as before; with fewer than seven of them left nothing is said."""
    hours = [tokens if n // 24 % 2 else None for n, tokens in enumerate(steady(30))]
    assert of_last(hours, 110_000) < 1
    assert of_last(hours, 300_000) > 6
    assert Rhythm([*hours[: 24 * 12], 300_000]).deviations(24 * 12) is None
    assert Rhythm([*steady(30), None]).deviations(24 * 30) is None


def test_what_is_read_is_all_that_counts() -> None:
    """Nothing that comes later, and nothing from before its reach, makes a difference."""
    reach = REACH // HOUR
    hours = steady(REACH // DAY + 40, scatter=0.3)
    place = len(hours) - 100
    value = Rhythm(hours).deviations(place)
    assert Rhythm([*hours[: place + 1], *([None] * 50)]).deviations(place) == value
    assert Rhythm(hours[place - reach :]).deviations(reach) == value
    assert Rhythm(hours[place - 24 * 7 * MOST_WEEKS :]).deviations(24 * 7 * MOST_WEEKS) != value
