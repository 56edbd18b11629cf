"""Stacked bars are proportional, never lose what is not 0, and say in words what is not settled."""

from __future__ import annotations

import math
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.format import short
from aigw_tui.tui.bars import EIGHTHS, GROUND
from aigw_tui.tui.layers import cell
from aigw_tui.tui.lines import Line, plain, width_of
from aigw_tui.tui.stack import MARGIN, Bar, axis, columns, layers_of, stack, steps

Label = tuple[str, str]
amounts = st.floats(0, 1e9, allow_nan=False)
labels = st.lists(st.tuples(st.sampled_from(("", "09", "23 Nov")), st.just("muted")), min_size=40, max_size=40)
bars = st.lists(
    st.builds(
        Bar,
        st.lists(
            st.tuples(amounts, st.sampled_from(("neuron1", "dollar1:filling", "bad", "expected"))), max_size=4
        ).map(tuple),
        st.sampled_from(("", "11", "1.2k")),
        st.booleans(),
    ),
    max_size=40,
)


def figures(_step: float, _top: float) -> Callable[[float], str]:
    return short


def hours(count: int, _each: int) -> list[Label]:
    return [(f"{n:02}" if n % 3 == 0 else "", "muted") for n in range(count)]


def day() -> list[Bar]:
    """Two quiet hours, one with failures, one that was never read, one filling, one running, two to come."""
    return [
        Bar(((40, "neuron1"), (20, "dollar1"))),
        Bar(((80, "neuron1"), (40, "dollar1"))),
        Bar(((30, "neuron1"), (24, "dollar1"), (20, "bad")), mark="20"),
        Bar(is_known=False),
        Bar(((150, "neuron1:filling"),)),
        Bar(((10, "neuron1:filling"), (90, "expected"))),
        Bar(((80, "expected"),)),
        Bar(((40, "expected"),)),
    ]


def test_a_day_reads_at_a_glance() -> None:
    """Round figures at the left, the count of failures above its bar, `–` for an unread hour, words for the rest."""
    assert plain(stack(day(), 45, 9, figures, hours)) == (
        " 200 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔\n"
        "                         filling\n"
        " 150 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔█████▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔\n"
        "          ▆▆▆▆▆          █████     expected\n"
        " 100 ▔▔▔▔▔▂▂▂▂▂▔20▔▔▔▔▔▔▔██████████▂▂▂▂▂▔▔▔▔▔\n"
        "     ▃▃▃▃▃█████▁▁▁▁▁     ███████████████\n"
        "  50 ▅▅▅▅▅█████▂▂▂▂▂▔▔▔▔▔███████████████▅▅▅▅▅\n"
        "     ███████████████  –  █████▃▃▃▃▃██████████\n"
        "     00             03             06"
    )


def test_where_colour_is_missing_the_words_remain() -> None:
    """The word about filling bars stands right above them, in their own columns."""
    text = plain(stack(day(), 45, 9, figures, hours)).splitlines()
    row = next(line for line in text if "filling" in line)
    assert row.index("filling") == 5 + 4 * 5


@given(bars, labels, st.integers(0, 70), st.integers(0, 14))
def test_any_bars_fill_exactly_the_room(found: list[Bar], below: list[Label], width: int, height: int) -> None:
    """Any values in any room: as many lines as asked for, each exactly as wide."""
    lines = stack(found, width, height, figures, lambda count, _: below[:count])
    assert [width_of(one) for one in lines] == [width] * height


@given(bars.filter(bool), st.integers(1, 30))
def test_every_bar_fits_below_the_top(found: list[Bar], height: int) -> None:
    """The axis holds the highest bar, and is not more than four times as high as it must be."""
    top = axis(found, height).row * height
    highest = max(bar.height for bar in found)
    assert highest <= top * (1 + 1e-9)
    assert height < 3 or top <= max(4 * highest, height)


@given(st.lists(amounts.filter(lambda value: value == 0 or value > 1e-3), min_size=1, max_size=4))
def test_layers_are_proportional_and_nothing_vanishes(values: list[float]) -> None:
    """A bar is as many eighths high as its sum asks for; each part that is not 0 has at least one."""
    roles = ("neuron1", "neuron2", "dollar1", "bad")
    bar = Bar(tuple(zip(values, roles, strict=False)))
    unit = max(bar.height, 1e-3) / 10
    layers = layers_of(bar, unit, 12)
    assert len(layers) == 96
    assert abs(sum(1 for layer in layers if layer) - round(bar.height / unit * 8)) <= len(values)
    for (value, role), expected in zip(bar.parts, values, strict=True):
        assert (layers.count(role) > 0) is (expected > 0)
        assert abs(layers.count(role) - value / unit * 8) <= 1 + len(values)


@given(st.lists(st.integers(0, 8), min_size=3, max_size=3))
def test_a_cell_is_true_to_within_half_of_it(parts: list[int]) -> None:
    """Two colours are all a cell can show; failures, and the bar's end, are off by no more than half a cell."""
    layers = [role for role, size in zip(("neuron1", "dollar1", "bad"), parts, strict=True) for _ in range(size)]
    eighths = tuple((layers + [""] * 8)[:8])
    span = cell(eighths)
    border = EIGHTHS.index(span.text) if span.text in EIGHTHS else 8
    above = "" if span.on == GROUND else span.on
    shown = (span.role,) * border + (above,) * (8 - border) if span.text != " " else ("",) * 8
    for role in ("bad", ""):
        assert abs(shown.count(role) - eighths.count(role)) <= 4


def test_a_cell_of_two_layers_is_exact() -> None:
    """The lower layer is a block of as many eighths, the upper one is behind it."""
    assert cell(("neuron1",) * 3 + ("bad",) * 5)[:3] == ("▃", "neuron1", "bad")
    assert cell(("neuron1",) * 5 + ("",) * 3)[:3] == ("▅", "neuron1", "")
    assert cell(("bad",) * 5 + ("",) * 3)[:3] == ("▅", "bad", GROUND)
    assert cell(("neuron1",) * 8)[:2] == ("█", "neuron1")


def test_cells_of_one_span_agree_on_their_larger_layer() -> None:
    """So that whoever has no tints can show one layer of all of them."""
    bars = [Bar(((lower, "neuron1"), (100 - lower, "neuron2"))) for lower in (25, 37, 62, 75)]
    row = stack(bars, 20, 3, figures, hours, 200)[1]
    assert [span.text for span in row if span.on] == ["▂▂▂▃▃▃", "▅▅▅▆▆▆"]


@given(st.floats(1e-6, 1e12))
def test_steps_are_round_and_rise(least: float) -> None:
    """Every figure on the axis has one digit that is not 0."""
    rising = [step for step, _ in zip(steps(least), range(8), strict=False)]
    assert rising == sorted(set(rising))
    assert rising[0] >= least
    assert all(math.isclose(step, float(f"{step:.0e}"), rel_tol=1e-9) for step in rising)


def test_the_newest_bars_stay() -> None:
    """Where not all bars fit, the oldest are left out."""
    found = [Bar(((float(n + 1), "neuron1"),)) for n in range(24)]
    counts: list[tuple[int, int]] = []

    def below(count: int, each: int) -> list[Label]:
        counts.append((count, each))
        return [(f"{n:02}", "muted") for n in range(24)][-count:]

    below_bars: Line = stack(found, 10, 4, figures, below)[-1]
    assert plain((below_bars,)).split() == ["14", "17", "20"]
    assert counts == [(10, 1)]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=24), st.integers(2, 20))
def test_ghosts_stand_at_their_height(found: list[tuple[float, float]], height: int) -> None:
    """One mark for each that is not 0, in the row that holds it; the axis has room for it."""
    given_bars = [Bar(((value, "neuron1"),), ghost=ghost) for value, ghost in found]
    rows = height - 1
    unit = axis(given_bars, rows).row
    drawn = plain(stack(given_bars, len(found) + 40, height, figures_of_width_0, hours)).split("\n")[:rows]
    each = columns(len(found), len(found) + 40 - MARGIN)
    for n, (_, ghost) in enumerate(found):
        at = [y for y in range(rows) if drawn[y].ljust(200)[MARGIN + n * each] == "╌"]
        assert at == ([rows - max(math.ceil(ghost / unit), 1)] if ghost > 0 else [])


def figures_of_width_0(_step: float, _top: float) -> Callable[[float], str]:
    return lambda _: ""


def test_a_ghost_lies_on_the_bar_it_crosses() -> None:
    """On its colour; above the bar on nothing."""
    tall, low = Bar(((90.0, "neuron1"),), ghost=40.0), Bar(((10.0, "neuron1"),), ghost=90.0)
    ghosts = [span for row in stack([tall, low], 30, 8, figures, hours) for span in row if "╌" in span.text]
    assert sorted(span.on for span in ghosts) == ["", "neuron1"]
