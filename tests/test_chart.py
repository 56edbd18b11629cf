"""plotext's output becomes our lines, with roles instead of escape sequences; without plotext there is no chart."""

from __future__ import annotations

import builtins
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.tui import chart as module
from aigw_tui.tui.chart import Series, chart, stretches
from aigw_tui.tui.lines import Line, plain, width_of

DATES = [(0.0, "00"), (6.0, "06"), (12.0, "12")]
FIGURES = [(0.0, "  0"), (50.0, " 50"), (100.0, "100")]


def drawn(series: list[Series], width: int = 40, height: int = 8, marker: str = "braille") -> tuple[Line, ...]:
    found = chart(series, width, height, (0.0, 12.0), 100.0, DATES, FIGURES, marker)
    assert found is not None
    return found


def test_a_line_with_its_axes() -> None:
    """Dates below, figures at the left, a grid line at each, and the line in between."""
    assert plain(drawn([Series("neuron1", tuple((float(n), n * 8.0) for n in range(13)))])) == (
        "100 ─────────────────────────────────⢀⣀⠄\n"
        "                              ⣀⣀⠤⠤⠒⠊⠉⠁\n"
        "                       ⣀⡠⠤⠔⠒⠉⠉\n"
        " 50 ───────────⢀⣀⡠⠤⠒⠒⠉⠉─────────────────\n"
        "        ⣀⣀⠤⠔⠒⠊⠉⠁\n"
        "  0 ⠐⠒⠊⠉────────────────────────────────\n"
        "    ┬─────────────────┬────────────────┬\n"
        "    00                06              12"
    )


def test_roles_survive_the_way_through_plotext() -> None:
    """Each series, the axis, its labels and the grid keep their role; no escape sequence is left."""
    lines = drawn([Series("neuron1", ((0, 10), (12, 20))), Series("bad:filling", ((0, 90), (12, 80)))])
    assert {"neuron1", "bad:filling", "edge", "muted", "faint", "grid"} <= {s.role for one in lines for s in one}
    assert "\x1b" not in plain(lines)


def test_a_marker_for_fonts_without_braille() -> None:
    """`hd` draws with quadrants, which every font has."""
    text = plain(drawn([Series("neuron1", ((0, 10), (12, 90)))], marker="hd"))
    assert not any("⠀" <= character <= "⣿" for character in text)
    assert any(character in "▀▄▘▝▖▗▚▞█▌▐" for character in text)


@given(st.lists(st.one_of(st.none(), st.floats()), max_size=14), st.integers(0, 60), st.integers(0, 12))
@settings(max_examples=40)
def test_no_value_breaks_it(values: list[float | None], width: int, height: int) -> None:
    """None, inf and nan break the line, not the program; the lines have exactly the size asked for."""
    series = [Series("neuron1", tuple((float(n), value) for n, value in enumerate(values)))]
    lines = chart(series, width, height, (0.0, 13.0), 100.0, DATES, FIGURES)
    if lines is not None:
        assert [width_of(one) for one in lines] == [width] * height


def test_a_gap_splits_the_line() -> None:
    """What is between two unknown points is a stretch of its own."""
    points = ((0.0, 1.0), (1.0, None), (2.0, 2.0), (3.0, math.inf), (4.0, math.nan), (5.0, 3.0), (6.0, 4.0))
    assert list(stretches(points)) == [[(0.0, 1.0)], [(2.0, 2.0)], [(5.0, 3.0), (6.0, 4.0)]]


def test_without_plotext_there_is_no_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no wheel for every platform: the caller then draws bars instead."""
    importing = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "plotext":
            raise ImportError(name)
        return importing(name, *args, **kwargs)

    module.plotext.cache_clear()
    monkeypatch.setattr(builtins, "__import__", refuse)
    try:
        assert chart([], 40, 8, (0.0, 1.0), 1.0, DATES, FIGURES) is None
    finally:
        module.plotext.cache_clear()


def test_too_small_a_room_has_no_chart() -> None:
    """Below a few cells there is nothing between the axes."""
    assert chart([], 10, 8, (0.0, 1.0), 1.0, DATES, FIGURES) is None
    assert chart([], 40, 3, (0.0, 1.0), 1.0, DATES, FIGURES) is None
