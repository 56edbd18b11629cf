"""A usual week: medians of known hours, and nothing made up where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import History, StoredRow
from aigw_tui.insight.heat import Hours, hours, table
from aigw_tui.insight.prices import neurons
from aigw_tui.model import DAY, HOUR, MONTH, PERIODS, Interval, Period, Scope, Views, Window, period_of
from world import ACCOUNT, LLAMA, NOW, SERVER, TODAY, request_row, scene, world

DAYS = tuple((n,) for n in range(7))
WEEK = timedelta(days=7)
END = NOW.replace(minute=0) - 2 * HOUR
"""The hour from here on may still grow."""
NINE = TODAY + 9 * HOUR
"""A Monday."""
ALL = Period("all")


def history(rows: Iterable[StoredRow] = (), since: datetime = TODAY, name: str = "requests") -> History:
    """These rows, every hour from `since` up to now read."""
    found = open_history(None, SERVER, NOW).history
    found.record(ACCOUNT, dataset(name), Window(since, NOW), list(rows), {}, NOW)
    return found


def looked(views: Views, measure: str = "requests", scope: Scope | None = None) -> Hours:
    return hours(scene(scope, views).snapshot, measure)


def cell(found: Hours, at: datetime = NINE) -> float | None:
    return table(found, DAYS)[at.weekday()][at.hour]


def mondays(counts: Sequence[int], **more: object) -> list[StoredRow]:
    """A row at nine of each of the last Mondays, today first."""
    return [request_row(9, requests=count, day=TODAY - WEEK * n, **more) for n, count in enumerate(counts)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("counts", "usual"), [((10, 90, 20), 20), ((10, 90, 20, 30), 25), ((7,), 7)])
def test_the_median(counts: tuple[int, ...], usual: float) -> None:
    """One week that was unlike the others does not move it."""
    views = history(mondays(counts), since=TODAY - WEEK * (len(counts) - 1))
    assert cell(looked(views)) == usual


def test_a_known_hour_without_requests_is_zero_and_an_unknown_one_is_not() -> None:
    """Read and empty counts; never read does not."""
    found = looked(history(mondays((8,)), since=NINE))
    assert cell(found) == 8
    assert cell(found, NINE + HOUR) == 0
    assert cell(found, NINE - HOUR) is None
    assert cell(looked(history(mondays((8, 0)), since=TODAY - WEEK))) == 4


def test_hours_that_may_grow_are_left_out() -> None:
    """Two hours of requests, three of neurons."""
    found = looked(history(since=TODAY - WEEK))
    assert max(found.values) == END - HOUR
    assert max(looked(history(since=TODAY - WEEK, name="neurons"), "neurons").values) == END - 2 * HOUR
    assert looked(history(since=END)).values == {}


@pytest.mark.parametrize(
    ("scope", "weeks"),
    [
        (Scope(), 4),
        (Scope(PERIODS[1]), 4),
        (Scope(MONTH), 4),
        (Scope(PERIODS[4]), 12),
        (Scope(ALL), 13),
        (Scope().narrow(period_of(Window(NINE, NINE + HOUR))), 4),
    ],
)
def test_how_far_back(scope: Scope, weeks: int) -> None:
    """Whole weeks, so that every hour of the week has as many; four at least, thirteen at most."""
    found = looked(history(since=TODAY - WEEK * 20), scope=scope)
    assert found.window.length == WEEK * weeks
    assert len(found.values) == weeks * 7 * 24
    assert found.window.until == (END if not scope.steps else NINE + HOUR)


def test_how_much_of_it_is_known() -> None:
    """From the oldest hour that was read."""
    assert looked(history(since=END - 9 * DAY)).window == Window(END - 9 * DAY, END)


def test_folds() -> None:
    """Several weekdays, or several hours, are the median of all of theirs."""
    rows = [request_row(9, requests=10 * (1 + n), day=TODAY - DAY * n) for n in range(7)]
    found = looked(history(rows, since=TODAY - DAY * 6))
    workdays, weekend = table(found, ((0, 1, 2, 3, 4), (5, 6)))
    assert (workdays[9], weekend[9]) == (median((10, 40, 50, 60, 70)), median((20, 30)))
    assert table(looked(history(mondays((8,)), since=NINE - 3 * HOUR)), ((0,),), 6) == ((None, 0, None, None),)


def test_what_is_owed() -> None:
    """List prices only where there is nothing else; a cost that nobody knows is not 0."""
    both = [*mondays((1,), cost=0.5), *mondays((1,), cost=9.0, model=LLAMA, provider="workers-ai")]
    found = looked(history(both), "cost")
    assert (cell(found), found.is_listed, found.is_partial) == (0.5, False, False)
    listed = looked(history(both[1:]), "cost")
    assert (cell(listed), listed.is_listed) == (9.0, True)
    unknown = looked(history(mondays((1,), cost=None)), "cost")
    assert (cell(unknown), unknown.is_partial) == (None, True)
    part = looked(history([*mondays((1,), cost=None), *mondays((1,), cost=0.25, model="b")]), "cost")
    assert (cell(part), part.is_partial) == (0.25, True)


def test_shares_and_errors() -> None:
    """Of no requests there is no share; errors that nobody tells are unknown."""
    found = looked(history(mondays((40,), hits=10, errors=3)), "cache")
    assert (cell(found), cell(found, NINE - HOUR)) == (0.25, None)
    assert cell(looked(history(mondays((40,), errors=3)), "errors")) == 3
    row = [*mondays((40,))[0]]
    row[5] = row[6] = None
    assert cell(looked(history([tuple(row)]), "errors")) is None
    assert cell(looked(history([tuple(row)]), "cache")) is None
    assert cell(looked(history(mondays((2, 4), tokens_in=100, tokens_out=50)), "tokens")) == 150


def test_neurons_of_a_gateway_are_an_estimate() -> None:
    """Tokens times price, marked; of the account they are measured."""
    measured = looked(world(), "neurons")
    assert cell(measured) == pytest.approx((330 + 420 * 0.8) / 2)
    assert not measured.is_estimate
    rows = mondays((4,), model=LLAMA, provider="workers-ai", tokens_in=7000, tokens_out=900)
    prod = Scope().narrow(gateway="prod")
    found = looked(history(rows), "neurons", prod)
    assert cell(found) == pytest.approx(neurons(LLAMA, 7000, 900))
    assert (found.is_estimate, found.is_partial) == (True, False)
    assert cell(found, NINE - HOUR) == 0
    unpriced = [*mondays((4,), model="@cf/x/y", provider="workers-ai")]
    assert cell(looked(history(unpriced), "neurons", prod)) is None
    mixed = looked(history([*rows, *unpriced]), "neurons", prod)
    assert cell(mixed) == pytest.approx(neurons(LLAMA, 7000, 900))
    assert mixed.is_partial


def test_the_scope() -> None:
    """Its own rows alone."""
    views = history([*mondays((5,), gateway="prod"), *mondays((7,), gateway="batch")])
    assert cell(looked(views, scope=Scope().narrow(gateway="batch"))) == 7
    assert cell(looked(views)) == 12


@pytest.mark.parametrize("is_sampled", [True, False])
def test_samples_are_marked(is_sampled: bool) -> None:
    """Where an hour of them was."""
    found = history()
    second = int(NINE.timestamp())
    intervals = {second: Interval(1, 9)} if is_sampled else {}
    found.record(ACCOUNT, dataset("requests"), Window(NINE, NINE + HOUR), mondays((5,)), {}, NOW, intervals)
    assert looked(found).is_sampled == is_sampled


AGO = st.tuples(st.integers(0, 27), st.integers(0, 23), st.integers(0, 10**6))


@settings(max_examples=40)
@given(st.lists(AGO, max_size=60, unique_by=lambda one: one[:2]), st.integers(1, 28))
def test_any_rows(found: list[tuple[int, int, int]], days: int) -> None:
    """Each cell is the median of the stored values of its hours, counted by hand."""
    since = TODAY - DAY * (days - 1)
    rows = [request_row(hour, requests=count, day=TODAY - DAY * ago) for ago, hour, count in found if ago < days]
    rows = [row for row in rows if int(row[0] or 0) < END.timestamp()]
    cells: dict[tuple[int, int], list[int]] = {}
    counts = {int(row[0] or 0): int(row[4] or 0) for row in rows}
    for hour in Window(max(since, END - 4 * WEEK), END).hours:
        cells.setdefault((hour.weekday(), hour.hour), []).append(counts.get(int(hour.timestamp()), 0))
    drawn = table(looked(history(rows, since=since)), DAYS)
    expected = tuple(
        tuple(median(cells[day, hour]) if (day, hour) in cells else None for hour in range(24)) for day in range(7)
    )
    assert drawn == expected
