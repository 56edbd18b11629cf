"""Heat: a usual week in any room, read by glyphs alone, with the hour of now marked and what is unknown left empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import DAY, HOUR, Scope, Views, Window, period_of
from aigw_tui.tui.frame import Form
from aigw_tui.tui.heatlines import shape
from aigw_tui.tui.panels.heat import Heat
from stage import Stage
from test_heat import ALL, history, mondays
from world import LLAMA, NOW, TODAY, area, check_any_size, empty, recorded_sampled, request_row, scene, shown, world

PANEL = Heat()


def rows() -> Iterator[StoredRow]:
    """Ten steps up to 13:00 and down again on workdays, four on Saturdays, nothing on Sundays."""
    for ago in range(7):
        day = TODAY - DAY * ago
        level = {5: 4, 6: 0}.get(day.weekday(), 10)
        for hour in range(24 if ago else 12):
            if count := level * max(0, 12 - abs(hour - 13)):
                yield request_row(hour, requests=count, hits=count // 3, day=day)


WEEK = history(rows(), since=TODAY - DAY * 6 - 8 * HOUR)


def test_wide() -> None:
    """Three columns an hour; · is unknown, ▁ is 0; the hour of now in brackets, its value and the largest above."""
    assert shown(PANEL, scene(views=WEEK), 104, 12) == (
        "╭─ Heat  requests an hour, UTC: median of 7 days ──────────────────────────────────────────────────────╮\n"
        "│ – requests usual on Mon at 14:00                                           most: 120 on Tue at 13:00 │\n"
        "│     00  01  02  03  04  05  06  07  08  09  10  11  12  13  14  15  16  17  18  19  20  21  22  23   │\n"
        "│ Mon ▁▁▁ ▁▁▁ ░░░ ░░░ ░░░ ▒▒▒ ▒▒▒ ▒▒▒ ▓▓▓ ▓▓▓ ▓▓▓ ███ ··· ···[···]··· ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁  │\n"
        "│ Tue ▁▁▁ ▁▁▁ ░░░ ░░░ ░░░ ▒▒▒ ▒▒▒ ▒▒▒ ▓▓▓ ▓▓▓ ▓▓▓ ███ ███ ███ ███ ███ ▓▓▓ ▓▓▓ ▓▓▓ ▒▒▒ ▒▒▒ ▒▒▒ ░░░ ░░░  │\n"
        "│ Wed ▁▁▁ ▁▁▁ ░░░ ░░░ ░░░ ▒▒▒ ▒▒▒ ▒▒▒ ▓▓▓ ▓▓▓ ▓▓▓ ███ ███ ███ ███ ███ ▓▓▓ ▓▓▓ ▓▓▓ ▒▒▒ ▒▒▒ ▒▒▒ ░░░ ░░░  │\n"
        "│ Thu ▁▁▁ ▁▁▁ ░░░ ░░░ ░░░ ▒▒▒ ▒▒▒ ▒▒▒ ▓▓▓ ▓▓▓ ▓▓▓ ███ ███ ███ ███ ███ ▓▓▓ ▓▓▓ ▓▓▓ ▒▒▒ ▒▒▒ ▒▒▒ ░░░ ░░░  │\n"
        "│ Fri ▁▁▁ ▁▁▁ ░░░ ░░░ ░░░ ▒▒▒ ▒▒▒ ▒▒▒ ▓▓▓ ▓▓▓ ▓▓▓ ███ ███ ███ ███ ███ ▓▓▓ ▓▓▓ ▓▓▓ ▒▒▒ ▒▒▒ ▒▒▒ ░░░ ░░░  │\n"
        "│ Sat ▁▁▁ ▁▁▁ ░░░ ░░░ ░░░ ░░░ ░░░ ░░░ ░░░ ▒▒▒ ▒▒▒ ▒▒▒ ▒▒▒ ▒▒▒ ▒▒▒ ▒▒▒ ▒▒▒ ▒▒▒ ░░░ ░░░ ░░░ ░░░ ░░░ ░░░  │\n"
        "│ Sun ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁  │\n"
        "│ ░░ to 30   ▒▒ to 60   ▓▓ to 90   ██ to 120   [ ] now   · unknown   ▁ 0                               │\n"
        "╰──────────────────────────────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_80_columns() -> None:
    """Two columns an hour."""
    assert shown(PANEL, scene(views=WEEK), 80, 12) == (
        "╭─ Heat  requests an hour, UTC: median of 7 days ──────────────────────────────╮\n"
        "│ – requests usual on Mon at 14:00                   most: 120 on Tue at 13:00 │\n"
        "│     00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23  │\n"
        "│ Mon ▁▁ ▁▁ ░░ ░░ ░░ ▒▒ ▒▒ ▒▒ ▓▓ ▓▓ ▓▓ ██ ·· ··[··]·· ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁  │\n"
        "│ Tue ▁▁ ▁▁ ░░ ░░ ░░ ▒▒ ▒▒ ▒▒ ▓▓ ▓▓ ▓▓ ██ ██ ██ ██ ██ ▓▓ ▓▓ ▓▓ ▒▒ ▒▒ ▒▒ ░░ ░░  │\n"
        "│ Wed ▁▁ ▁▁ ░░ ░░ ░░ ▒▒ ▒▒ ▒▒ ▓▓ ▓▓ ▓▓ ██ ██ ██ ██ ██ ▓▓ ▓▓ ▓▓ ▒▒ ▒▒ ▒▒ ░░ ░░  │\n"
        "│ Thu ▁▁ ▁▁ ░░ ░░ ░░ ▒▒ ▒▒ ▒▒ ▓▓ ▓▓ ▓▓ ██ ██ ██ ██ ██ ▓▓ ▓▓ ▓▓ ▒▒ ▒▒ ▒▒ ░░ ░░  │\n"
        "│ Fri ▁▁ ▁▁ ░░ ░░ ░░ ▒▒ ▒▒ ▒▒ ▓▓ ▓▓ ▓▓ ██ ██ ██ ██ ██ ▓▓ ▓▓ ▓▓ ▒▒ ▒▒ ▒▒ ░░ ░░  │\n"
        "│ Sat ▁▁ ▁▁ ░░ ░░ ░░ ░░ ░░ ░░ ░░ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ░░ ░░ ░░ ░░ ░░ ░░  │\n"
        "│ Sun ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁ ▁▁  │\n"
        "│ ░░ to 30   ▒▒ to 60   ▓▓ to 90   ██ to 120   [ ] now   · unknown   ▁ 0       │\n"
        "╰──────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_60_columns() -> None:
    """One, with its gap."""
    assert shown(PANEL, scene(views=WEEK), 60, 12) == (
        "╭─ Heat  requests an hour, UTC: median of 7 days ──────────╮\n"
        "│ – requests usual on Mon at 14:00     most 120, Tue 13:00 │\n"
        "│     00  02  04  06  08  10  12  14  16  18  20  22       │\n"
        "│ Mon ▁ ▁ ░ ░ ░ ▒ ▒ ▒ ▓ ▓ ▓ █ · ·[·]· ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁      │\n"
        "│ Tue ▁ ▁ ░ ░ ░ ▒ ▒ ▒ ▓ ▓ ▓ █ █ █ █ █ ▓ ▓ ▓ ▒ ▒ ▒ ░ ░      │\n"
        "│ Wed ▁ ▁ ░ ░ ░ ▒ ▒ ▒ ▓ ▓ ▓ █ █ █ █ █ ▓ ▓ ▓ ▒ ▒ ▒ ░ ░      │\n"
        "│ Thu ▁ ▁ ░ ░ ░ ▒ ▒ ▒ ▓ ▓ ▓ █ █ █ █ █ ▓ ▓ ▓ ▒ ▒ ▒ ░ ░      │\n"
        "│ Fri ▁ ▁ ░ ░ ░ ▒ ▒ ▒ ▓ ▓ ▓ █ █ █ █ █ ▓ ▓ ▓ ▒ ▒ ▒ ░ ░      │\n"
        "│ Sat ▁ ▁ ░ ░ ░ ░ ░ ░ ░ ▒ ▒ ▒ ▒ ▒ ▒ ▒ ▒ ▒ ░ ░ ░ ░ ░ ░      │\n"
        "│ Sun ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁ ▁      │\n"
        "│ ░░ to 30   ▒▒ to 60   ▓▓ to 90   ██ to 120   [ ] now     │\n"
        "╰──────────────────────────────────────────────────────────╯"
    )


def test_at_40_columns() -> None:
    """All 24 hours, the workdays together, and that is said."""
    assert shown(PANEL, scene(views=WEEK), 40, 8) == (
        "╭─ Heat  requests an hour, 7 days ─────╮\n"
        "│ – requests usual on Mon at 14:00     │\n"
        "│         00 03 06 09   14  18 21      │\n"
        "│ Mon–Fri ▁▁░░░▒▒▒▓▓▓███●█▓▓▓▒▒▒░░     │\n"
        "│ Sat     ▁▁░░░░░░░▒▒▒▒▒▒▒▒▒░░░░░░     │\n"
        "│ Sun     ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁     │\n"
        "│ ░ 30 ▒ 60 ▓ 90 █ 120 ● now ▁ 0       │\n"
        "╰──────────── hidden: single weekdays ─╯"
    )


def test_two_lines_a_weekday() -> None:
    """Where there is room, so that cells are square; the brackets go along."""
    lines = shown(PANEL, scene(views=WEEK), 120, 24).split("\n")
    assert lines[3][6:] == lines[4][6:]
    assert [line.count("[") for line in lines[3:5]] == [1, 1]
    assert lines[5].startswith("│ Tue ▁▁▁ ▁▁▁ ░░░")


@pytest.mark.parametrize(
    ("height", "labels"),
    [
        (10, ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "░░"]),
        (9, ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
        (8, ["Mon–Fri", "Sat", "Sun", "░░"]),
        (6, ["Mon–Fri", "Sat", "Sun", "░░"]),
        (5, ["Mon–Fri", "Sat–Sun", "░░"]),
        (4, ["Mon–Fri", "Sat–Sun"]),
        (3, ["week"]),
        (2, []),
        (1, []),
    ],
)
def test_what_stays_at_every_height(height: int, labels: list[str]) -> None:
    """Weekdays are drawn together before the headline or the hours go."""
    lines = shown(PANEL, scene(views=WEEK), 60, height + 2).split("\n")[1:-1]
    assert [line.split()[1] for line in lines[2:] if line.strip("│ ")] == labels
    assert "usual on Mon at 14:00" in lines[0]


@pytest.mark.parametrize(
    ("width", "each"), [(40, 1), (28, 1), (27, 2), (16, 2), (15, 3), (12, 3), (10, 4), (8, 6), (6, 12)]
)
def test_hours_share_columns(width: int, each: int) -> None:
    """Only where not even one column each fits; the border says so where it has room."""
    assert shape(area(width + 4, 12)).each == each


def test_the_median_of_a_fold_is_that_of_all_its_hours() -> None:
    """Not of medians: five workdays, one of them loud."""
    loud = history(
        [request_row(9, requests=50 if n == 3 else 5, day=TODAY - DAY * n) for n in range(7)], TODAY - DAY * 6
    )
    text = shown(PANEL, scene(views=loud), 60, 8)
    assert "most 50, Fri 09:00" in text
    assert "░░ to 2" in text


def test_the_hour_of_now() -> None:
    """Marked by glyph, and on the axis, whatever hour it is and in any room."""
    for width in (104, 80, 60):
        lines = shown(PANEL, scene(views=WEEK), width, 12).split("\n")
        assert lines[3].index("[") == lines[2].index("14") - 1
        assert [line.count("[") for line in lines].count(1) == 2
    lines = shown(PANEL, scene(views=WEEK), 40, 8).split("\n")
    assert lines[3].index("●") == lines[2].index("14")
    room = area(80, 12)
    drawn = PANEL.draw(PANEL.look(scene(views=WEEK), room), room).lines
    assert [span.text for line in drawn[1:3] for span in line if span.role == "strong" and span.text != " "] == [
        "14",
        "Mon",
        "[",
        "]",
    ]


def test_shades_are_glyphs() -> None:
    """Each of four round steps has its own, so that it reads without colour; nothing else looks like them."""
    found = history([request_row(hour, requests=hour * 10, day=TODAY) for hour in range(1, 12)])
    line = shown(PANEL, scene(views=found), 80, 12).split("\n")[3]
    assert line[6:42].split() == ["▁▁", "░░", "░░", "░░", "▒▒", "▒▒", "▒▒", "▓▓", "▓▓", "▓▓", "██", "██"]
    assert "░░ to 30   ▒▒ to 60   ▓▓ to 90   ██ to 120" in shown(PANEL, scene(views=found), 80, 12)


@pytest.mark.parametrize(
    ("measure", "title", "headline", "legend"),
    [
        ("requests", "requests an hour, UTC: median of 8 days", "128 requests usual on Mon at 14:00", "░░ to 50 "),
        ("tokens", "tokens an hour, UTC", "162,336 tokens usual on Mon at 14:00", "░░ to 50k "),
        ("neurons", "neurons an hour, UTC", "336 neurons usual on Mon at 14:00", "░░ to 200 "),
        ("cost", "dollars an hour, UTC", "$0.1356 usual on Mon at 14:00", "░░ to 0.05 "),
        ("errors", "failed requests an hour, UTC", "0 failed requests usual on Mon at 14:00", "░░ to 2 "),
        ("cache", "% from cache by hour, UTC", "33 % from cache usual on Mon at 14:00", "░░ to 10 % "),
    ],
)
def test_measures(measure: str, title: str, headline: str, legend: str) -> None:
    """What m chooses, in its own unit everywhere."""
    lines = shown(PANEL, scene(views=world(), measure=measure), 104, 12).split("\n")
    assert f"Heat  {title}" in lines[0]
    assert lines[1].startswith(f"│ {headline} ")
    assert lines[-2].startswith(f"│ {legend}")


def test_marks() -> None:
    """An estimate, a sample, a list price, and what has no price are told apart."""
    prod = Scope().narrow(gateway="prod")
    estimate = shown(PANEL, scene(prod, world(), measure="neurons"), 104, 12)
    assert "│ ~" in estimate
    sampled = recorded_sampled(requests=[request_row(9, requests=8)])
    assert "most: ±8 on Mon at 09:00" in shown(PANEL, scene(views=sampled), 104, 12)
    listed = history(mondays((4,), model=LLAMA, provider="workers-ai", cost=0.5))
    text = shown(PANEL, scene(views=listed, measure="cost"), 104, 12)
    assert "list price an hour" in text
    assert "most: ($0.5000) on Mon at 09:00" in text
    part = history([*mondays((4,), cost=None), *mondays((4,), model="b", cost=0.5)])
    assert shown(PANEL, scene(views=part, measure="cost"), 104, 12).endswith(" without unpriced models ─╯")


def test_how_much_history_it_is_of() -> None:
    """Days, or whole weeks; with the end where that is past."""
    for days, words in ((1, "1 day "), (9, "9 days "), (14, "2 weeks "), (40, "4 weeks ")):
        views = history(mondays((4,)), since=NOW.replace(minute=0) - 2 * HOUR - DAY * days)
        assert f"median of {words}─" in shown(PANEL, scene(views=views), 104, 12)
    views = history(mondays((4,) * 12), since=TODAY - DAY * 80)
    assert "median of 80 days" in shown(PANEL, scene(Scope(ALL), views), 104, 12)
    past = Scope().narrow(period_of(Window(TODAY - DAY * 3, TODAY - DAY * 2)))
    assert "median of 4 weeks up to 21 Nov" in shown(PANEL, scene(past, views), 104, 12)


@pytest.mark.parametrize(
    ("views", "measure", "scope", "words"),
    [
        (empty(), "requests", Scope(), "no hour is known yet"),
        (empty("requests"), "requests", Scope(), "no requests in 1 day; a token without Account Analytics"),
        (empty("requests"), "requests", Scope().narrow(gateway="x"), "no requests in 1 day; esc goes back"),
        (WEEK, "errors", Scope(), "no failed requests in 7 days; m looks at another measure"),
        (WEEK, "requests", Scope().narrow(status="429"), "not known by status; esc goes back"),
        (history(mondays((4,), cost=None)), "cost", Scope(), "costs are not known here; m looks at another measure"),
        (empty("requests"), "cache", Scope(), "no answers from the cache in 1 day"),
    ],
)
def test_words_where_there_is_nothing(views: Views, measure: str, scope: Scope, words: str) -> None:
    """Why, and what to press."""
    assert words in shown(PANEL, scene(scope, views, measure=measure), 104, 12)


def test_there_is_no_cursor() -> None:
    """A weekday is nothing that a scope could be narrowed to."""
    assert PANEL.targets(PANEL.look(scene(views=WEEK), area(80, 12))) == ()


async def test_in_the_monitor() -> None:
    """The line of keys names m, which changes what it shows; it has no other use there."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.show_panel(stage.monitor.panel("heat"))
        await stage.until(lambda: "requests an hour" in stage.panel("heat"))
        assert " m measure " in stage.text()
        await stage.pilot.press("m")
        await stage.until(lambda: "tokens an hour" in stage.panel("heat"))
        stage.monitor.show_panel(stage.monitor.panel("providers"))
        await stage.until(lambda: "workers-ai" in stage.panel("providers"))
        assert " m measure " not in stage.text()


@settings(max_examples=120)
@given(
    st.integers(0, 200),
    st.integers(0, 60),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(["requests", "tokens", "neurons", "cost", "errors", "cache"]),
    st.sampled_from([Scope(), Scope().narrow(gateway="prod")]),
    st.sampled_from([1, 9, 1234, 10**15]),
    st.booleans(),
)
def test_any_size(
    width: int, height: int, form: Form, is_zoomed: bool, measure: str, scope: Scope, value: int, is_ordinary: bool
) -> None:
    """No figure is cut, and nothing raises, from 0×0 on."""
    own = [
        request_row(hour, LLAMA, "workers-ai", value, value, value, float(value), value, value) for hour in range(12)
    ]
    views = world() if is_ordinary else history(own)
    check_any_size(PANEL, scene(scope, views, measure=measure), width, height, form, is_zoomed)
