"""Providers: a row each that adds up to the total, its trend and its share, in any room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import HOUR, MONTH, WEEK, Interval, Live, Scope, Views, Window, period_of
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.providers import Providers
from stage import Stage
from test_hostile import NAMES
from world import (
    ACCOUNT,
    LLAMA,
    NOW,
    TODAY,
    area,
    check_any_size,
    empty,
    recorded,
    recorded_sampled,
    request_row,
    scene,
    shown,
)

PANEL = Providers()


def test_wide() -> None:
    """The trend by the hour, every figure in full; the hours to come are a thin line."""
    assert shown(PANEL, scene(), 104, 11) == (
        "╭─ Providers  today, UTC ──────────────────────────────────────────────────────────────────────────────╮\n"
        "│   provider         trend, today             requests errors  hits tokens in      out       $   share │\n"
        "│ ■ workers-ai       ▂▁▁▁▁▁▂▃▅▃▇▇▆▇▁▁▁▁▁▁▁▁▁▁      900  1.6 %  35 %    67,080   16,280   (0.07)   75 % │\n"
        "│ ■ openai           ▁▁▁▁▁▁▂▃▄▃▇▇▆▇▁▁▁▁▁▁▁▁▁▁      198    0 %  32 %   769,500  193,050    0.59    16 % │\n"
        "│ ■ anthropic        ▁▁▁▁▁▁▂▃▄▃▆▇▆▆▁▁▁▁▁▁▁▁▁▁       65    0 %  29 %   151,800   40,480    0.44   5.4 % │\n"
        "│ ■ google-ai-studio ▁▁▁▁▁▁▂▃▄▃▇▇▆▇▁▁▁▁▁▁▁▁▁▁       41    0 %  27 %   198,000   45,900    0.20   3.4 % │\n"
        "│ ──────────────────────────────────────────────────────────────────────────────────────────────────── │\n"
        "│   all                                          1,204  1.2 %  34 % 1,186,380  295,710    1.23         │\n"
        "│                                                                                                      │\n"
        "│ ( ) list price, inside the free allowance, not added                                                 │\n"
        "╰──────────────────────────────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_80_columns() -> None:
    """Two hours a column; tokens go, and are named."""
    assert shown(PANEL, scene(), 80, 10) == (
        "╭─ Providers  today, UTC ──────────────────────────────────────────────────────╮\n"
        "│   provider         trend, today        requests errors  hits       $   share │\n"
        "│ ■ workers-ai       ▁▁▁▃▄▇▇▁▁▁▁▁             900  1.6 %  35 %   (0.07)   75 % │\n"
        "│ ■ openai           ▁▁▁▃▄▇▇▁▁▁▁▁             198    0 %  32 %    0.59    16 % │\n"
        "│ ■ anthropic        ▁▁▁▃▃▇▆▁▁▁▁▁              65    0 %  29 %    0.44   5.4 % │\n"
        "│ ■ google-ai-studio ▁▁▁▂▄▇▆▁▁▁▁▁              41    0 %  27 %    0.20   3.4 % │\n"
        "│ ──────────────────────────────────────────────────────────────────────────── │\n"
        "│   all                                     1,204  1.2 %  34 %    1.23         │\n"
        "│                                                                              │\n"
        "╰───────────────────────────────────────────────────────────── hidden: tokens ─╯"
    )


def test_at_60_columns() -> None:
    """The trend goes before any figure that judges."""
    assert shown(PANEL, scene(), 60, 9) == (
        "╭─ Providers  today, UTC ──────────────────────────────────╮\n"
        "│   provider         requests errors  hits       $   share │\n"
        "│ ■ workers-ai            900  1.6 %  35 %   (0.07)   75 % │\n"
        "│ ■ openai                198    0 %  32 %    0.59    16 % │\n"
        "│ ■ anthropic              65    0 %  29 %    0.44   5.4 % │\n"
        "│ ■ google-ai-studio       41    0 %  27 %    0.20   3.4 % │\n"
        "│ ──────────────────────────────────────────────────────── │\n"
        "│   all                 1,204  1.2 %  34 %    1.23         │\n"
        "╰────────────────────────────────── hidden: trend, tokens ─╯"
    )


def test_at_40_columns() -> None:
    """Requests, errors, dollars; the sum without its rule."""
    assert shown(PANEL, scene(), 40, 8) == (
        "╭─ Providers  today, UTC ──────────────╮\n"
        "│   provider    requests errors     $  │\n"
        "│ ■ workers-ai       900  1.6 % (0.07) │\n"
        "│ ■ openai           198    0 %  0.59  │\n"
        "│ ■ anthropic         65    0 %  0.44  │\n"
        "│ ■ google-ai-…       41    0 %  0.20  │\n"
        "│   all            1,204  1.2 %  1.23  │\n"
        "╰─────────────────── 4 columns hidden ─╯"
    )


def test_a_bar_of_each_share() -> None:
    """Where there is room for it, in the colour of the family; the parts of all requests."""
    lines = shown(PANEL, scene(), 120, 10).split("\n")[2:6]
    assert [line.split()[-2] for line in lines] == ["██████████▌", "██▎", "▊", "▌"]


def test_without_a_line_for_the_sum() -> None:
    """It goes into the border."""
    assert shown(PANEL, scene(), 100, 5).endswith(" all 1,204 requests · 1–2 of 4 ─╯")


def test_the_sum_says_how_far_off_it_may_be() -> None:
    """Sampled counts carry the mark in every row; the border has the interval where one is known."""
    views = recorded_sampled(requests=[request_row(9, requests=604), request_row(9, LLAMA, "workers-ai", requests=600)])
    text = shown(PANEL, scene(views=views), 120, 9)
    assert "■ openai " in text
    assert " ±604 " in text
    assert " ±1,204 " in text
    sample = Live("whole", ACCOUNT, (), Window(TODAY, NOW), rows=((1204, None, None),), interval=Interval(1173, 1235))
    assert "all 1,204 ±31 requests" in shown(PANEL, scene(views=views, live=(sample,)), 120, 3)


def test_what_fails_is_red() -> None:
    """More than one in twenty, of twenty at least; else it is a figure as any other."""
    rows = [request_row(3, "a", "loud", 100, 6), request_row(3, "b", "calm", 100, 5), request_row(3, "c", "few", 9, 9)]
    room = area(120, 10)
    lines = PANEL.draw(PANEL.look(scene(views=recorded(rows)), room), room).lines
    reds = [[span.text.strip() for span in line if span.role == "bad"] for line in lines[1:4]]
    assert sorted(reds) == [[], [], ["6.0 %"]]


def test_colours_are_the_families() -> None:
    """Blue burns neurons, grey costs dollars: swatch, trend and bar."""
    room = area(120, 10)
    lines = PANEL.draw(PANEL.look(scene(), room), room).lines
    for line, own, other in ((lines[1], "neuron1", "dollar1"), (lines[2], "dollar1", "neuron1")):
        roles = {span.role.partition(":")[0] for span in line if set(span.text) & set("■▇█")}
        assert (own in roles, other in roles) == (True, False)


def test_longer_windows() -> None:
    """The trend is by day; a day that was never read is a gap, not a zero."""
    week = shown(PANEL, scene(Scope(WEEK)), 120, 10).split("\n")
    assert "trend, 7 d" in week[1]
    assert week[2][21:46].rstrip() == "▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▅▅▅"
    month = shown(PANEL, scene(Scope(MONTH)), 120, 10).split("\n")[2]
    assert month[21:45].startswith(" " * 8)


def test_a_gap_and_a_zero_in_the_trend() -> None:
    """Blank where nothing was read, a base line where nothing was asked."""
    month = scene(Scope(MONTH), recorded([request_row(3)]))
    assert shown(PANEL, month, 120, 10).split("\n")[2][21:45].split() == ["▇"]
    two = recorded([request_row(3), request_row(4, "a", "other")])
    openai, other = shown(PANEL, scene(views=two), 104, 10).split("\n")[2:4]
    assert f"{'▁' * 3}▇{'▁' * 20}" in openai
    assert f"{'▁' * 4}▇{'▁' * 19}" in other


def test_one_hour_has_no_trend() -> None:
    """Nothing is hidden where there is none."""
    hour = Scope().narrow(period_of(Window(TODAY + 9 * HOUR, TODAY + 10 * HOUR)))
    for width in (120, 60):
        text = shown(PANEL, scene(hour), width, 10)
        assert "trend" not in text
        assert "▇" not in text
        assert " 75 " in text


def test_no_name_is_said() -> None:
    """Requests of which Cloudflare names no provider have a row, which can be narrowed to."""
    views = recorded([request_row(3, provider="", requests=7), request_row(3)])
    text = shown(PANEL, scene(views=views), 80, 10)
    assert "(none) " in text
    targets = PANEL.targets(PANEL.look(scene(views=views), area(80, 10)))
    assert [target.narrow for target in targets] == [(("provider", "openai"),), (("provider", ""),)]


def test_the_scope() -> None:
    """Its gateway and its filter alone; by status nothing is known, and that is said."""
    batch = shown(PANEL, scene(Scope().narrow(gateway="batch")), 80, 10)
    assert "google-ai-studio" in batch
    assert "anthropic" not in batch
    assert "openai" not in shown(PANEL, scene(Scope(pattern="llama")), 80, 10)
    assert "not known by status" in shown(PANEL, scene(Scope().narrow(status="429")), 80, 10)


def test_rows_scroll() -> None:
    """The border says which are shown; the sum is that of all."""
    views = recorded([request_row(3, "m", f"p{n:02}", requests=100 - n) for n in range(40)])
    seen = PANEL.look(scene(views=views), area(60, 14, top=99))
    assert [row.name for row in seen.rows] == [f"p{n}" for n in range(31, 40)]
    text = shown(PANEL, scene(views=views), 60, 14, top=99)
    assert "32–40 of 40" in text
    assert f"{sum(100 - n for n in range(40)):,}" in text


def test_the_cursor_is_one_row_and_only_with_focus() -> None:
    """From edge to edge."""
    for is_focused in (True, False):
        room = area(80, 10, is_focused=is_focused, cursor=("openai",))
        lines = PANEL.draw(PANEL.look(scene(), room), room).lines
        assert [bool(one) and all(span.on == "cursor" for span in one) for one in lines].count(True) == is_focused


def test_what_has_no_price_is_said() -> None:
    """And its cost is unknown, not 0."""
    views = recorded([request_row(3, cost=None), request_row(3, "b", "other", cost=0.5)])
    text = shown(PANEL, scene(views=views), 80, 10)
    assert "+ 1 unpriced" in text
    assert next(line for line in text.split("\n") if "openai" in line).split()[-4] == "–"


@pytest.mark.parametrize(("views", "words"), [(empty(), "not read yet"), (empty("requests"), "no requests through")])
def test_words_where_there_is_nothing(views: Views, words: str) -> None:
    """Not read, and read but empty, are two things."""
    assert words in shown(PANEL, scene(views=views), 80, 10)


def test_the_same_data_look_the_same() -> None:
    """A minute later, with nothing new, nothing is painted."""
    before = scene(Scope(WEEK))
    after = replace(before, snapshot=replace(before.snapshot, now=NOW.replace(minute=6)))
    assert PANEL.look(before, area(80, 12)) == PANEL.look(after, area(80, 12))


async def test_in_the_monitor() -> None:
    """The palette's entry shows it alone; Enter narrows, and what is left is the provider's."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.show_panel(stage.monitor.panel("providers"))
        await stage.until(lambda: "workers-ai" in stage.panel("providers"))
        await stage.pilot.press("down", "enter")
        await stage.pilot.pause()
        assert [name for name, _ in stage.monitor.scope.where] == ["provider"]


@settings(max_examples=80)
@given(
    st.integers(0, 160),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(["", *NAMES]),
    st.sampled_from([0, 7, 10**15]),
    st.sampled_from([None, 0.0, 0.001, 123_456_789.0]),
)
def test_any_size_and_any_name(
    width: int, height: int, form: Form, is_zoomed: bool, name: str, value: int, cost: float | None
) -> None:
    """No figure is cut, foreign names stay in their cells, and nothing raises, from 0×0 on."""
    name = name.encode(errors="replace").decode()
    rows = [
        request_row(3, "m", f"{name}{n or ''}", value, value // 2, value // 3, cost, value, value) for n in range(9)
    ]
    check_any_size(PANEL, scene(views=recorded(rows)), width, height, form, is_zoomed)
    check_any_size(PANEL, scene(Scope(MONTH)), width, height, form, is_zoomed)


def test_no_row_outgrows_its_panel() -> None:
    """Every line is as wide as the room, so that the cursor reaches both edges."""
    for width in range(30, 200, 7):
        room = area(width, 12)
        lines = PANEL.draw(PANEL.look(scene(), room), room).lines
        assert {sum(len(span.text) for span in line) for line in lines[:7]} == {room.width}
