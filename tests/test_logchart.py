"""Lines on a log scale: round ends, dates below, and the last value where a line ends."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.format import duration
from aigw_tui.model import HOUR
from aigw_tui.tui import logchart as module
from aigw_tui.tui.lines import Line, plain, width_of
from aigw_tui.tui.logchart import Across, Curve, logchart, place, scale
from world import TODAY

HOURS = tuple(TODAY + HOUR * n for n in range(13))


def drawn(*curves: Curve, filling: int = 13, width: int = 48, height: int = 9) -> tuple[Line, ...] | None:
    across = Across(HOURS, "hour", tuple(n >= filling for n in range(13)))
    return logchart(curves, across, width, height, duration, duration)


def test_two_lines() -> None:
    """A tenfold rise is as high wherever it begins; each line says its last value."""
    lines = drawn(
        Curve("p90", "neuron1", (1000.0,) * 13),
        Curve("p50", "dollar1", tuple(10.0 * 10 ** (n / 12) for n in range(13))),
    )
    assert lines
    assert plain(lines) == (
        " 1.0 s ⠠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠄ p90 1.0 s\n"
        "\n"
        "\n"
        "100 ms ────────────────────────⢀⣀⣀⠤⠤⠄ p50 100 ms\n"
        "                      ⣀⣀⠤⠤⠔⠒⠒⠉⠉⠁\n"
        "            ⣀⣀⡠⠤⠤⠒⠒⠊⠉⠉\n"
        " 10 ms ⠐⠒⠊⠉⠉─────────────────────────\n"
        "       ──────────────────────────────\n"
        "       00     03     06      09     12"
    )


def test_what_fills_is_paler() -> None:
    """From the first start that still changes."""
    lines = drawn(Curve("p90", "neuron1", (1000.0, 20.0) * 6 + (10.0,)), filling=9) or ()
    assert {"neuron1", "neuron1:filling"} <= {span.role for one in lines for span in one}


def test_a_line_that_ended_before_now() -> None:
    """Its last value stands in faint: it is not that of now."""
    lines = drawn(Curve("p90", "neuron1", (*(1000.0,) * 5, *(None,) * 8))) or ()
    assert [span.role for one in lines for span in one if "p90" in span.text] == ["faint"]


def test_one_moment_is_a_dot() -> None:
    """With its date below."""
    lines = logchart(
        [Curve("p90", "neuron1", (300.0,))], Across(HOURS[:1], "hour", (False,)), 40, 6, duration, duration
    )
    assert lines
    assert "p90 300 ms" in plain(lines)
    assert "00" in plain(lines[-1:])


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ((), None),
        ((None, math.nan, math.inf), None),
        ((840.0, 2100.0), (500.0, 5000.0)),
        ((1000.0,), (1000.0, 2000.0)),
        ((0.0, -5.0, 0.2), (1.0, 2.0)),
        ((3.0, None, 70_000.0), (2.0, 100_000.0)),
    ],
)
def test_ends_of_a_scale(values: tuple[float | None, ...], ends: tuple[float, float] | None) -> None:
    """Multiples of 1, 2 or 5 of a power of ten around the values; never of no length."""
    assert scale(values) == ends


@given(st.lists(st.floats(0, 1e9), min_size=1))
def test_a_scale_holds_its_values(values: list[float]) -> None:
    """Each lies between its ends, in their order."""
    ends = scale(values)
    assert ends
    places = [place(value, ends) for value in sorted(values)]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= 1


def test_without_room_or_lines_there_is_no_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller then draws something else."""
    curve = Curve("p90", "neuron1", (1000.0,) * 13)
    assert drawn(Curve("p90", "neuron1", (None,) * 13)) is None
    assert drawn(curve, width=14) is None
    assert drawn(curve, height=3) is None
    monkeypatch.setattr(module, "dots", lambda *_: None)
    assert drawn(curve) is None


@settings(max_examples=60)
@given(
    st.lists(st.one_of(st.none(), st.floats()), min_size=13, max_size=13), st.integers(0, 130), st.integers(0, 40),
    st.integers(0, 13),
)  # fmt: skip
def test_any_size_and_any_value(values: list[float | None], width: int, height: int, filling: int) -> None:
    """Exactly the room it was given, or nothing."""
    lines = drawn(Curve("p90", "neuron1", tuple(values)), filling=filling, width=width, height=height)
    assert lines is None or [width_of(one) for one in lines] == [width] * height
