"""A window as hours or days: unknown, filling and ahead are never mixed up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import DAY, HOUR, PERIODS, Scope, Window, period_of
from aigw_tui.tui.bars import AHEAD, Bar
from aigw_tui.tui.series import Moment, Series, State, filled, frame_of, peak, series
from world import NOW, TODAY, empty, scene


def states(found: Series) -> str:
    """A letter a moment."""
    return "".join({"settled": "s", "filling": "f", "unknown": "-", "ahead": "."}[m.state] for m in found.moments)


def test_today_goes_up_to_midnight() -> None:
    """Read and final, read and still growing, not there yet."""
    assert states(frame_of(scene().snapshot, "requests")) == "ssssssssssssfff........."


def test_other_windows_end_now() -> None:
    """The last 24 hours have nothing ahead; a week is by day, and the running day fills."""
    assert states(frame_of(scene(Scope(PERIODS[1])).snapshot, "requests")) == "s" * 21 + "fff"
    assert states(frame_of(scene(Scope(PERIODS[2])).snapshot, "requests")) == "ssssssf"


def test_what_was_never_read_is_unknown() -> None:
    """Thirty days with eight days of history have gaps, `all` starts where history does."""
    assert states(frame_of(scene(Scope(PERIODS[3])).snapshot, "requests")) == "-" * 21 + "ssssssssf"
    assert states(frame_of(scene(Scope(PERIODS[-1])).snapshot, "requests")) == "ssssssssf"
    assert states(frame_of(scene(views=empty()).snapshot, "requests")) == "-" * 15 + "." * 9


def test_one_hour_is_one_moment() -> None:
    """A scope narrowed to an hour."""
    scope = Scope().narrow(period_of(Window(TODAY + HOUR * 9, TODAY + HOUR * 10)))
    found = series(scene(scope).snapshot, "requests", ("errors", "requests"), ())
    assert found.moments == (Moment(TODAY + HOUR * 9, "settled", (11, 75)),)


def test_read_hours_without_rows_are_zero() -> None:
    """Zero where it was read, None where it was not, and what is given where it is ahead."""
    kinds: tuple[State, ...] = ("settled", "unknown", "ahead")
    frame = Series("hour", tuple(Moment(TODAY + HOUR * n, kind) for n, kind in enumerate(kinds)))
    found = filled(frame, {TODAY + HOUR * 2: (5.0,)}, 1)
    assert [moment.values for moment in found.moments] == [(0,), (None,), (5.0,)]


def test_bars_show_the_state() -> None:
    """Filling half-way to the ground, unknown a gap, ahead as expected."""
    kinds: tuple[State, ...] = ("settled", "filling", "unknown", "ahead")
    frame = Series("hour", tuple(Moment(TODAY + HOUR * n, kind, (1.0,)) for n, kind in enumerate(kinds)))
    assert frame.bars(4, lambda moment: moment.values[0], lambda _: "dollar1") == [
        Bar(1.0, "dollar1"), Bar(1.0, "dollar1:filling"), Bar(None), Bar(1.0, AHEAD),
    ]  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.integers(0, 1000)), max_size=60), st.integers(0, 40))
def test_grouping_loses_nothing(values: list[int | None], width: int) -> None:
    """Neighbours are added up: the total stays, and there are at most as many as cells."""
    moments = tuple(Moment(TODAY + HOUR * n, "settled", (value,)) for n, value in enumerate(values))
    found = Series("hour", moments).grouped(width)
    assert sum(moment.values[0] or 0 for moment in found) == sum(value or 0 for value in values)
    assert not width or len(found) <= width


@pytest.mark.parametrize(
    ("pair", "merged"),
    [
        ("ss", ("settled", 3)), ("sf", ("filling", 3)), ("s-", ("filling", 1)), ("s.", ("filling", 1)),
        ("f.", ("filling", 1)), ("--", ("unknown", None)), ("-.", ("unknown", None)), ("..", ("ahead", 3)),
    ],
)  # fmt: skip
def test_neighbours_are_as_good_as_the_worst_of_them(pair: str, merged: tuple[State, float | None]) -> None:
    """What has an unread, a filling or a coming part is not final, and what is expected is not added to what was."""
    letters: dict[str, State] = {"s": "settled", "f": "filling", "-": "unknown", ".": "ahead"}
    values = [None if letter == "-" else n for n, letter in enumerate(pair, 1)]
    moments = [Moment(TODAY + HOUR * n, letters[letter], (values[n],)) for n, letter in enumerate(pair)]
    for order in (moments, [one._replace(start=TODAY) for one in reversed(moments)]):
        (found,) = Series("hour", tuple(order)).grouped(1)
        assert (found.state, found.values) == (merged[0], (merged[1],))


def test_the_peak_is_the_latest_highest() -> None:
    """Of equal hours the newest counts; without anything there is none."""
    moments = [Moment(TODAY + HOUR * n, "settled", (value,)) for n, value in enumerate((1, 3, 3, None))]
    assert peak(moments) == 2
    assert peak(moments[3:]) is None


def test_labels() -> None:
    """Hours by the clock, days by date."""
    assert Series("hour", ()).when(NOW - timedelta(minutes=5)) == "at 14:00"
    assert Series("day", ()).when(TODAY - DAY * 2) == "on 21 Nov"
