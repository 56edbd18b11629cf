"""What history and the wire do for the daily audit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.feed import audit, plan
from aigw_tui.history import open_history
from aigw_tui.history.protocol import History
from aigw_tui.model import DAY, HOUR, Query, Trust, Window
from aigw_tui.source import Bounds

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD = NOON - 30 * HOUR
REQUESTS, NEURONS = dataset("requests"), dataset("neurons")


def second(hour: datetime) -> int:
    return int(hour.timestamp())


@pytest.fixture
def history() -> History:
    """Three settled hours, of which the last has no rows."""
    found = open_history(None, "https://x", NOON).history
    rows = [(second(OLD + n * HOUR), "g", "p", "m", 5, 0, 0, 1, 1, 1, 1, 0.5, None, None) for n in range(2)]
    sums = {second(OLD + n * HOUR): (count,) for n, count in enumerate((5, 5, 0))}
    found.record("a", REQUESTS, Window(OLD, OLD + 3 * HOUR), rows, sums, NOON - DAY)
    return found


def test_the_sums_are_those_of_what_is_stored(history: History) -> None:
    """By hour, of the measures that are checked; an hour without rows is absent."""
    assert history.sums("a", REQUESTS, Window(OLD, NOON)) == {second(OLD): (5,), second(OLD + HOUR): (5,)}
    assert history.sums("nobody", REQUESTS, Window(OLD, NOON)) == {}


def test_a_reopened_hour_is_asked_for_and_looks_unfinished(history: History) -> None:
    """In every width of window; the others stay as they are, and rows stay until they are replaced."""
    before = history.revision
    history.audit("a", {REQUESTS: [second(OLD), second(OLD - HOUR)]}, NOON)
    window = Window(OLD - 2 * DAY, NOON)
    assert history.unsettled("a", REQUESTS, Window(OLD, OLD + 3 * HOUR), NOON) == (OLD,)
    assert history.known("requests", window)[OLD] is Trust.FILLING
    assert history.known("requests", window)[OLD + HOUR] is Trust.SETTLED
    total = history.view(Query("requests", window, ("model",), ("requests",))).total
    assert (total.values, total.trust) == ((10,), Trust.FILLING)
    assert history.revision == before + 1


def test_an_audit_that_finds_nothing_moves_nothing(history: History) -> None:
    """The revision stands still, so nothing is painted."""
    before = history.revision
    history.audit("a", {REQUESTS: []}, NOON)
    assert history.revision == before


def test_an_audit_is_due_once_a_day(history: History) -> None:
    """Where something settled before the day began, that is not too old to be asked."""
    week = NOON - 7 * DAY
    assert not history.is_audit_due("nobody", week, NOON)
    assert not history.is_audit_due("a", week, NOON - DAY + HOUR)
    assert not history.is_audit_due("a", OLD + DAY, NOON)
    assert history.is_audit_due("a", week, NOON)
    history.audit("a", {}, NOON)
    assert not history.is_audit_due("a", week, NOON + 11 * HOUR)
    assert history.is_audit_due("a", week, NOON + 12 * HOUR)


@pytest.mark.parametrize(
    ("stored", "total", "has_moved"),
    [
        ((1000, 5.0), (1010, 5.0), False),
        ((1000, 5.0), (1011, 5.0), True),
        ((1000, 5.0), (989, 5.0), True),
        ((1000, 5.0), (1000, 6.0), True),
        ((1000, None), (1000, 6.0), True),
        (None, (3, 0.0), True),
        ((3, 0.0), None, True),
        (None, (0, 0.0), False),
    ],
)
def test_an_hour_moved_by_more_than_a_hundredth(
    stored: tuple[float | None, ...] | None, total: tuple[float | None, ...] | None, has_moved: bool
) -> None:
    """Up or down, in any checked measure; without rows, or without a total, it has 0."""
    mine, theirs = ({} if one is None else {0: one} for one in (stored, total))
    assert audit.moved(mine, theirs) == ((0,) if has_moved else ())


def test_seven_days_in_windows_as_long_as_allowed() -> None:
    """Up to the hours that cannot have settled, and not older than may be asked."""
    now = NOON + timedelta(minutes=5)
    parts = audit.questions(NEURONS, Bounds(max_window=2 * DAY), now)
    assert [part.only_totals for part in parts] == [True] * 4
    assert (parts[0].window.since, parts[-1].window.until) == (NOON - 7 * DAY + HOUR, NOON - 3 * HOUR)
    assert all(part.window.length <= 2 * DAY for part in parts)
    (short,) = audit.questions(NEURONS, Bounds(oldest=DAY), now)
    assert short.window.since == NOON - DAY + HOUR


def test_where_pages_are_small_several_windows_are_asked_at_once() -> None:
    """At most four, newest first, and no more rows than one large page would have."""
    hours = Window(NOON - 10 * DAY, NOON).hours

    def asked(**bounds: object) -> list[float]:
        known = {"requests": Bounds(**bounds)}  # type: ignore[arg-type]
        return [one.length / HOUR for one in plan.past_windows(hours, REQUESTS, known, {"requests": 6 * HOUR})]

    assert asked(page=1000) == [6, 6, 6, 6]
    assert asked(page=5000) == [6, 6]
    assert asked(page=10_000) == [6]
    windows = plan.past_windows(hours, REQUESTS, {}, {"requests": plan.WEEK})
    assert [one.length for one in windows] == [DAY] * 4
    assert windows[0].until == NOON
    assert plan.past_windows((), REQUESTS, {}, {}) == ()
