"""The short form of the pace's back-test: on simulated accounts it beats two naive methods, and its range holds."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from statistics import mean, median

import pytest

from aigw_tui.insight.nowcast import NEURON_DELAY
from aigw_tui.model import DAY
from benchmarks.pace import AT, Trial, by_hour, by_kind, seen_at, trials
from benchmarks.simulated import KINDS, START, Kind, series

SEEDS = (7, 8)
DAYS = 14


@cache
def found() -> tuple[Trial, ...]:
    return tuple(trials(SEEDS, days=DAYS))


@pytest.mark.parametrize("hour", AT)
def test_it_is_better_than_both(hour: int) -> None:
    """At 06:00, 12:00 and 18:00 its median error is below that of a straight line, and of yesterday once more."""
    errors = [(one.error, one.linear, one.yesterday) for one in found() if one.at == hour]
    ours, straight, yesterday = (median(column) for column in zip(*errors, strict=True))
    assert ours < straight
    assert ours < yesterday


@pytest.mark.parametrize("hour", AT)
def test_the_truth_lies_in_the_range(hour: int) -> None:
    """On four days of five and more; and it is no wider than it needs to be to say something."""
    own = [one for one in found() if one.at == hour]
    assert mean(one.is_inside for one in own) >= 0.8
    assert median(one.width for one in own) < 0.8


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_kind_of_account_is_left_out(kind: Kind) -> None:
    """The range holds on seven days of ten at the least, whatever the account is like."""
    assert mean(one.is_inside for one in found() if one.kind == kind.name) >= 0.7


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nobody_looks_ahead(kind: Kind) -> None:
    """What a projection is made of does not change with what comes later, or has not arrived yet."""
    hours = series(kind, 30, 1)
    now = START + DAY * 29 + timedelta(hours=12)
    seen = seen_at(hours, now)
    assert max(seen) <= now - NEURON_DELAY
    later = {hour: value * (9.0 if hour >= now else 1.0) for hour, value in hours.items()}
    assert seen_at(later, now) == seen


def test_the_same_seed_is_the_same_account() -> None:
    """And another is another."""
    kind = KINDS[0]
    assert series(kind, 3, 1) == series(kind, 3, 1)
    assert series(kind, 3, 1) != series(kind, 3, 2)


def test_the_tables() -> None:
    """A line an hour and a line a kind, as Markdown."""
    hours, kinds = list(by_hour(found())), list(by_kind(found()))
    assert (len(hours), len(kinds)) == (2 + len(AT), 2 + len(KINDS))
    assert {line.count("|") for line in (*hours, *kinds)} == {7}
