"""⁵ Traffic: the chosen measure over time, what failed on top, what is not settled in words; zoomed a line chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.insight.families import account_tints
from aigw_tui.insight.traffic import buckets, frame_of, step_of
from aigw_tui.model import DAY, HOUR, Period, Scope, Views, Window, hour_of, period_of
from aigw_tui.tui import trafficlines
from aigw_tui.tui.frame import Form
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.panels.traffic import TrafficPanel
from aigw_tui.tui.trafficlines import figures, whole_ones
from world import GPT, LLAMA, NOW, TODAY, area, empty, recorded, request_row, scene, shown, world

PANEL = TrafficPanel()
MEASURES = ("requests", "tokens", "neurons", "cost", "errors", "cache")
ONE_MODEL = Scope().narrow(provider="workers-ai", model=LLAMA)
PERIODS = tuple(
    Scope(period)
    for period in (Period("24 h", hours=24), Period("7 d", days=7), Period("90 d", days=90), Period("all"))
)


def test_today() -> None:
    """24 hours in two columns each; failures counted where they are many; filling and expected in words."""
    assert shown(PANEL, scene(), 57, 14) == (
        "╭─ ⁵ Traffic  requests an hour, UTC ────────────────────╮\n"
        "│  200 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▁▁filling ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔ │\n"
        "│                          ▆▆▂▂▂▂▂▂                     │\n"
        "│  160 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔████▄▄██▄▄▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔ │\n"
        "│                          ▄▄▆▆▁▁▆▆██▆▆▂▂expected       │\n"
        "│  120 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▆▆▔▔▆▆██▄▄████████▆▆▔▔▔▔▔▔▔▔▔▔▔▔ │\n"
        "│                    ▂▂▃▃11▅▅▆▆▃▃▆▆████████▇▇           │\n"
        "│   80 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▆▆▁▁▂▂██████████████████▇▇▃▃▔▔▔▔▔▔ │\n"
        "│      ▁▁          ▆▆▂▂██▂▂██████████████████████▇▇▃▃▁▁ │\n"
        "│   40 ▃▃▂▂▁▁▁▁▁▁▅▅▄▄████▄▄████████████████████████████ │\n"
        "│      ██▆▆▅▅▅▅▅▅▇▇████████████████▄▄██████████████████ │\n"
        "│      00    03    06    09    12    15    18    21     │\n"
        "│      ███ Workers AI   ███ others   ██ failed          │\n"
        "╰───────────────────────────────────────────────────────╯"
    )


def test_one_model_is_answered_cached_or_failed() -> None:
    """Narrowed to a model the parts are what became of its requests."""
    assert shown(PANEL, scene(ONE_MODEL), 57, 10) == (
        "╭─ ⁵ Traffic  requests an hour, UTC ────────────────────╮\n"
        "│  120 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔ filling ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔ │\n"
        "│                          ▅▅▆▆▃▃▆▆▁▁                   │\n"
        "│   80 ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▁▁▔▔██████████▄▄▂▂expected ▔▔▔▔▔ │\n"
        "│                    ▂▂▁▁11▇▇▆▆▃▃▅▅████████▄▄▁▁         │\n"
        "│   40 ▁▁▔▔▔▔▔▔▔▔▔▔▄▄▄▄██▄▄████████████████████▇▇▅▅▃▃▂▂ │\n"
        "│      ██▆▆▅▅▅▅▅▅▅▅██████▆▆████████▂▂██████████████████ │\n"
        "│      00    03    06    09    12    15    18    21     │\n"
        "│      ██ answered   ██ from cache   ██ failed          │\n"
        "╰───────────────────────────────────────────────────────╯"
    )


def test_a_week_by_day() -> None:
    """Up to 31 days a bar is a day, with dates below."""
    assert shown(PANEL, scene(PERIODS[1]), 57, 9) == (
        "╭─ ⁵ Traffic  requests a day, UTC ──────────────────────╮\n"
        "│      ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂filling      │\n"
        "│ 1.6k ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▁▁▁▁▁▁▔▔▔▔▔▔ │\n"
        "│      ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▂▂▂▂▂▂       │\n"
        "│ 0.8k ████████████████████████████████████▅▅▅▅▅▅▔▔▔▔▔▔ │\n"
        "│      ██████████████████████████████████████████       │\n"
        "│      17 Nov      19          21          23           │\n"
        "│      ███ Workers AI   ███ others   ██ failed          │\n"
        "╰───────────────────────────────────────────────────────╯"
    )


def test_zoomed_it_is_a_line_chart() -> None:
    """Every tint has a line, named in the legend."""
    text = shown(PANEL, scene(), 118, 30, is_zoomed=True)
    assert any("⠀" < character <= "⣿" for character in text)
    assert "━━ llama-3.3-70b" in text
    assert "00" in text.splitlines()[-3]


def test_a_line_ends_where_the_last_whole_hour_does() -> None:
    """The running hour has just begun; drawn it would look as if everything had stopped. The border says so."""
    seen = PANEL.look(scene(), area(118, 30, is_zoomed=True))
    assert whole_ones(seen)[-1].since == hour_of(NOW) - HOUR
    assert "an hour, UTC; without the running hour" in shown(PANEL, scene(), 118, 30, is_zoomed=True)
    assert "running" not in shown(PANEL, scene(), 118, 30)
    assert whole_ones(replace(seen, now=None)) == seen.buckets


@pytest.mark.parametrize("is_zoomed", [True, False])
@pytest.mark.parametrize("width", [30, 44, 60, 80, 118])
def test_failures_are_always_in_the_legend(width: int, is_zoomed: bool) -> None:
    """Whatever else has no room there: red is never without its word."""
    assert "failed" in shown(PANEL, scene(), width, 20, is_zoomed=is_zoomed).splitlines()[-2]


@pytest.mark.parametrize("is_zoomed", [True, False])
@pytest.mark.parametrize("measure", MEASURES)
@given(st.integers(40, 120), st.integers(3, 30))
@settings(max_examples=15)
def test_paler_parts_are_explained(is_zoomed: bool, measure: str, width: int, height: int) -> None:
    """In the chart, the legend or the border stands what fills."""
    room = area(width, height, is_zoomed=is_zoomed)
    seen = PANEL.look(scene(measure=measure), room)
    drawing = PANEL.draw(seen, room)
    is_pale = any(span.role.endswith(":filling") and span.text.strip() for one in drawing.lines for span in one)
    assert not is_pale or "filling" in plain((*drawing.lines, drawing.aside))


@pytest.mark.parametrize(
    ("measure", "step", "texts"),
    [
        ("requests", 50, ["0", "50", "100", "150"]),
        ("requests", 800, ["0", "0.8k", "1.6k", "2.4k"]),
        ("tokens", 60_000, ["0", "60k", "120k", "180k"]),
        ("tokens", 500_000, ["0", "0.5M", "1.0M", "1.5M"]),
        ("cost", 0.5, ["0.00", "0.50", "1.00", "1.50"]),
        ("cost", 0.0002, ["0.0000", "0.0002", "0.0004", "0.0006"]),
        ("cost", 2, ["0", "2", "4", "6"]),
    ],
)
def test_an_axis_has_one_format(measure: str, step: float, texts: list[str]) -> None:
    """The same unit and as many digits in all its figures, as the step asks for."""
    figure = figures(measure, step, 3 * step)
    assert [figure(n * step) for n in range(4)] == texts


@pytest.mark.parametrize("is_zoomed", [True, False])
def test_a_chosen_hour_has_its_label(is_zoomed: bool) -> None:
    """Whatever would touch it makes room."""
    scope = Scope().narrow(period=period_of(Window(TODAY + HOUR * 10, TODAY + HOUR * 11)))
    rows = shown(PANEL, scene(scope), 57, 14, is_zoomed=is_zoomed).splitlines()
    assert rows[-3].split()[1:9] == ["00", "03", "06", "10", "12", "15", "18", "21"]


def test_without_plotext_zoomed_bars_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The panel never depends on it."""
    monkeypatch.setattr(trafficlines, "chart", lambda *_: None)
    text = shown(PANEL, scene(), 118, 30, is_zoomed=True)
    assert "███ Workers AI" in text
    assert "expected" in text


@pytest.mark.parametrize(
    ("measure", "aside"),
    [
        ("tokens", "tokens an hour, UTC"),
        ("neurons", "neurons an hour, UTC"),
        ("cost", "dollars an hour, UTC"),
        ("errors", "failed requests an hour, UTC"),
        ("cache", "% from cache by hour, UTC"),
    ],
)
def test_every_measure_says_its_unit(measure: str, aside: str) -> None:
    """Behind the title."""
    assert aside in shown(PANEL, scene(measure=measure), 57, 14)


def test_a_gateway_has_estimated_neurons() -> None:
    """Marked, because neurons are not measured by gateway."""
    assert "~neurons" in shown(PANEL, scene(Scope().narrow(gateway="prod"), measure="neurons"), 57, 14)


@pytest.mark.parametrize("measure", ["requests", "neurons", "tokens"])
def test_the_bars_add_up_to_the_day(measure: str) -> None:
    """What is drawn is what the store holds, failures included."""
    views = world()
    found = buckets(
        views,
        Scope(),
        frame_of(views, Scope(), Window(TODAY, NOW)),
        measure,
        account_tints(views, Scope(), NOW),
        NOW,
        99,
    )
    total = sum(bucket.height for bucket in found)
    assert total == pytest.approx({"requests": 1204, "neurons": 7214, "tokens": 1_186_380 + 295_710}[measure])
    assert len(found) == 24


def test_list_prices_are_never_drawn_beside_dollars() -> None:
    """Dollars are those of other providers; a Workers AI model alone shows its list price."""
    views = world()
    frame = Window(TODAY, TODAY + DAY)

    def roles(scope: Scope) -> set[str]:
        found = buckets(views, scope, frame, "cost", account_tints(views, scope, NOW), NOW, 99)
        return {role for bucket in found for _, role in bucket.parts}

    assert roles(Scope()) == {"dollar1", "dollar2", "dollar3"}
    assert roles(ONE_MODEL) == {"neuron1"}


def test_an_unread_hour_is_a_dash() -> None:
    """Unknown is not 0, and an hour to come is neither."""
    found = PANEL.look(scene(views=recorded([request_row(3)])), area(57, 14)).buckets
    assert all(bucket.is_known for bucket in found)
    rows = shown(
        PANEL, scene(Scope(period_of(Window(TODAY - HOUR * 30, TODAY + HOUR))), recorded([request_row(0)])), 57, 14
    )
    assert "–" in rows.splitlines()[10]


def test_dollars_say_what_they_miss() -> None:
    """A model without a price has no part in the bars of cost, and none in those of requests is missing."""
    views = recorded([request_row(9), request_row(9, "b", cost=None)])
    assert "─ + 1 unpriced ─╯" in shown(TrafficPanel(), scene(views=views, measure="cost"), 58, 10)
    assert "unpriced" not in shown(TrafficPanel(), scene(views=views), 58, 10)


def test_an_hour_is_shown_within_its_day() -> None:
    """Narrowed to an hour the chart keeps the day around it."""
    scope = Scope().narrow(period=period_of(Window(TODAY + HOUR * 9, TODAY + HOUR * 10)))
    seen = PANEL.look(scene(scope), area(57, 14))
    assert len(seen.buckets) == 24
    assert seen.chosen == TODAY + HOUR * 9


@pytest.mark.parametrize(
    ("length", "step"),
    [(HOUR, "hour"), (HOUR * 48, "hour"), (HOUR * 49, "day"), (DAY * 31, "day"), (DAY * 32, "week")],
)
def test_longer_windows_have_wider_buckets(length: timedelta, step: str) -> None:
    """By hour up to 48 h, by day up to 31 d, by week beyond."""
    assert step_of(Window(NOW - length, NOW)) == step


@pytest.mark.parametrize(("views", "words"), [(empty(), "not read yet"), (empty("requests"), "no requests through")])
def test_nothing_is_said_in_words(views: Views, words: str) -> None:
    """Not read, and read but empty, are two things."""
    assert words in shown(PANEL, scene(views=views), 60, 14)


def test_no_failures_are_said_in_words() -> None:
    """A measure without a single unit is no empty chart."""
    views = recorded([request_row(3, GPT)])
    assert "no failed requests in this window" in shown(PANEL, scene(views=views, measure="errors"), 57, 14)


def test_the_same_data_look_the_same() -> None:
    """Another look at the same moment is equal: nothing is painted."""
    assert PANEL.look(scene(), area(57, 14)) == PANEL.look(replace(scene(), as_of=""), area(57, 14))


@given(
    st.integers(0, 140), st.integers(0, 40), st.sampled_from(("box", "rule", "bare")), st.sampled_from(MEASURES),
    st.sampled_from((Scope(), ONE_MODEL, *PERIODS)), st.booleans(),
)  # fmt: skip
@settings(max_examples=60)
def test_any_room(width: int, height: int, form: Form, measure: str, scope: Scope, is_zoomed: bool) -> None:
    """No room is too small; no line is wider than the room, and there are no more of them."""
    room = area(width, height, form, is_zoomed=is_zoomed)
    drawing = PANEL.draw(PANEL.look(scene(scope, measure=measure), room), room)
    assert all(width_of(one) <= room.width for one in drawing.lines)
    assert len(drawing.lines) <= room.height
