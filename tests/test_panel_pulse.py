"""Pulse: the last hour as bars in any room, with what failed, what fills, and what nobody knows yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.model import HOUR, Account, Interval, Missing, Scope, State, Window
from aigw_tui.tui.bars import EIGHTHS
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.pulse import PulsePanel
from stage import Stage
from test_pulse import minute_row, minutes
from world import ACCOUNT, NOW, SERVER, area, check_any_size, scene, shown

PANEL = PulsePanel()
BUSY = minutes([minute_row(n, 1 + n * 7 % 11, 2 if n in (20, 21, 40) else 0, n % 3) for n in range(4, 66) if n % 9])
"""Every minute but each ninth has requests, up to four minutes ago; six of them failed."""


def test_wide() -> None:
    """The hour's figures beside the chart; × and red where something failed, – where nothing is counted yet."""
    assert shown(PANEL, scene(views=BUSY), 104, 16) == (
        "╭─ Pulse  requests by minute, UTC ─────────────────────────────────────────────────────────────────────╮\n"
        "│ 3.2 requests a minute until 13:58   2.0 % failed                      counted up to 14:01, 4 min ago │\n"
        "│                                                                                                      │\n"
        "│                                                                      56 of 60 minutes known          │\n"
        "│   12 ▔▃▔▔▔▔▔▔▔▔▔▔▃▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▃▔▔▔▔▔▔▔▔▔▔▃▔▔▔▔▔ filling ▔                                   │\n"
        "│       █       ▅  █       ▅          ▅  █    ×  ▅  █       ▅          requests            295         │\n"
        "│    9 ▔█▔▃▔▔█▔▔█▔▔█▔▔▔▔█▔▔█▔▔▔▔▃▔▔█▔▔█▔▔█▔▃▔▔█▔▔█▔▔█▔▃▔▔▔▔▔█▔▔▔▔▔▔▔   failed                6  2.0 %  │\n"
        "│      ▅█ █  █  █ ▅█    █ ×█ ▅  █  █  █ ▅█ █ ×▅  █ ▅█ █     █ ▅        from cache           57   19 %  │\n"
        "│    6 ██▔█▔▔█▔██▔██▔▔▔▃█▔██▔█▔▔█▔▃█▔██▔██▔█▔▃█▔▔█▔██▔█▔▃▔▔██▔█▔▔▔▔▔   tokens in         2,950         │\n"
        "│      ██▅█  █ ██ ██▅  ██ ▅█ █ ▅█ ██ ██ ██▅█ ██  █ ██▅█ █  ██ █        tokens out          295         │\n"
        "│    3 ████▔▔█▃██████▔▔██▃████▔██▔██▃██▔████▔██▃▔██████▔█▔▃████▔▔▔▔▔   busiest minute       11  13:51  │\n"
        "│      ████▅ ████████ ▅███████ ██▅█████ ████▅███ ██████▅█ █████––––                                    │\n"
        "│          13:10     13:20     13:30     13:40     13:50     14:00                                     │\n"
        "│      ██ answered   ██ failed ×   – not counted yet, or never read                                    │\n"
        "│                                                                                                      │\n"
        "╰──────────────────────────────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_80_columns() -> None:
    """All sixty minutes, the figures in one line."""
    assert shown(PANEL, scene(views=BUSY), 80, 16) == (
        "╭─ Pulse  requests by minute, UTC ─────────────────────────────────────────────╮\n"
        "│ 3.2 requests a minute until 13:58   2.0 % failed            14:01, 4 min ago │\n"
        "│                                                                              │\n"
        "│   12 ▔▃▔▔▔▔▔▔▔▔▔▔▃▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▃▔▔▔▔▔▔▔▔▔▔▃▔▔▔▔▔ filling ▔           │\n"
        "│       █       ▅  █       ▅          ▅  █    ×  ▅  █       ▅                  │\n"
        "│    9 ▔█▔▃▔▔█▔▔█▔▔█▔▔▔▔█▔▔█▔▔▔▔▃▔▔█▔▔█▔▔█▔▃▔▔█▔▔█▔▔█▔▃▔▔▔▔▔█▔▔▔▔▔▔▔           │\n"
        "│      ▅█ █  █  █ ▅█    █ ×█ ▅  █  █  █ ▅█ █ ×▅  █ ▅█ █     █ ▅                │\n"
        "│    6 ██▔█▔▔█▔██▔██▔▔▔▃█▔██▔█▔▔█▔▃█▔██▔██▔█▔▃█▔▔█▔██▔█▔▃▔▔██▔█▔▔▔▔▔           │\n"
        "│      ██▅█  █ ██ ██▅  ██ ▅█ █ ▅█ ██ ██ ██▅█ ██  █ ██▅█ █  ██ █                │\n"
        "│    3 ████▔▔█▃██████▔▔██▃████▔██▔██▃██▔████▔██▃▔██████▔█▔▃████▔▔▔▔▔           │\n"
        "│      ████▅ ████████ ▅███████ ██▅█████ ████▅███ ██████▅█ █████––––            │\n"
        "│          13:10     13:20     13:30     13:40     13:50     14:00             │\n"
        "│      ██ answered   ██ failed ×   – not counted yet, or never read            │\n"
        "│                                                                              │\n"
        "│ 6 of 295 failed · busiest 11 at 13:51 · 19 % from cache                      │\n"
        "╰──────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_60_columns() -> None:
    """The newest fifty, which is said; how late they are stays."""
    assert shown(PANEL, scene(views=BUSY), 60, 15) == (
        "╭─ Pulse  requests by minute, UTC, newest 50 of 60 ────────╮\n"
        "│ 3.2 a minute until 13:58   2.0 % failed        4 min ago │\n"
        "│                                                          │\n"
        "│                                                          │\n"
        "│   12 ▔▔▄▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▄▔▔▔▔×▔▔▔▔▔▄▔▔▔▔▔ filling ▔ │\n"
        "│        █    ▄  █       ▄  █  █    ▄  █  █       █        │\n"
        "│    8 ▔▄█▔▔▔▔█▔×█▔▄▔▔█▔▔█▔▔█▔▄█▔█▔×▄▔▔█▔▄█▔█▔▔▔▔▔█▔▄▔▔▔▔▔ │\n"
        "│       ██   ▄█ ██ █  █ ▄█ ██ ██ █ ▄█  █ ██ █ ▄  ██ █      │\n"
        "│    4 ▄███▔▔██▔██▄█▔██▔██▔██▔████▔▄█▔▔█▄████▔█▔▔██▄█▔▔▔▔▔ │\n"
        "│      ████ ▄███████ ██▄█████ ████▄███ ██████▄█ █████––––  │\n"
        "│          13:20     13:30     13:40     13:50     14:00   │\n"
        "│      ██ failed ×   – not counted yet, or never read      │\n"
        "│                                                          │\n"
        "│ 6 of 295 failed · busiest 11 at 13:51 · 19 % from cache  │\n"
        "╰──────────────────────────────────────────────────────────╯"
    )


def test_at_40_columns() -> None:
    """The newest thirty."""
    assert shown(PANEL, scene(views=BUSY), 40, 8) == (
        "╭─ Pulse  newest 30 of 60 minutes ─────╮\n"
        "│ 3.2 a minute until 13:58   4 min ago │\n"
        "│          ▂    ×     ▂      filling   │\n"
        "│   10 ▂█▔▃█▔▅▔×▃▔▔█▔▃█▔▅▔▔▔▔▂█▔▃▔▔▔▔▔ │\n"
        "│      ██ ██▆█▂▅█▃ █▅██▆█▂█ ▃██▅█––––  │\n"
        "│          13:40     13:50     14:00   │\n"
        "│ 6 of 295 failed                      │\n"
        "╰──────────────────────────────────────╯"
    )


def test_low_boxes() -> None:
    """Bars alone, then the headline alone."""
    rows = shown(PANEL, scene(views=BUSY), 80, 4).split("\n")
    assert rows[1].endswith("14:01, 4 min ago │")
    assert rows[2].strip("│ ").startswith("▄▇▃▅▁▁▆▁")
    assert "3.2 requests a minute until 13:58" in shown(PANEL, scene(views=BUSY), 80, 3)


def test_two_columns_a_minute() -> None:
    """Where there is room; the figures are then below."""
    lines = shown(PANEL, scene(views=BUSY), 150, 18).split("\n")
    assert lines[-2].strip("│ ") == "6 of 295 failed · busiest 11 at 13:51 · 19 % from cache"
    assert "– – – –" in lines[-6]


def roles(minute: int) -> list[str]:
    """From the bottom up, of the bar so many minutes ago."""
    room = area(80, 20)
    lines = PANEL.draw(PANEL.look(scene(views=BUSY), room), room).lines
    found = []
    for line in reversed(lines[2:-5]):
        cells = [(text, span.role) for span in line for text in span.text]
        text, role = cells[6 + 59 - minute]
        found += [role] if text in EIGHTHS[1:] else []
    return list(dict.fromkeys(found))


def test_colours() -> None:
    """Failed on top, with the mark above; paler what is younger than seven minutes."""
    assert roles(21) == ["neuron1", "bad"]
    assert roles(14) == ["neuron1"]
    assert roles(5) == ["neuron1:filling"]


def test_many_failures_are_loud() -> None:
    """More than one in twenty, of twenty requests at least."""

    def loud(*rows: int) -> bool:
        found = scene(views=minutes([minute_row(10 + n, 20, failed) for n, failed in enumerate(rows)]))
        room = area(80, 20)
        (share,) = [span for span in PANEL.draw(PANEL.look(found, room), room).lines[0] if "%" in span.text]
        return share.role == "bad"

    assert loud(2)
    assert not loud(1)


def test_what_fills_is_said_once() -> None:
    """In the chart; or below it, where a bar that reaches the top leaves no room for the word."""
    full = scene(views=minutes([minute_row(n, 8 if n > 7 else 1) for n in range(4, 40)]))
    texts = [shown(PANEL, full, 80, height) for height in range(15, 40)]
    assert {text.count("filling") for text in texts} == {1}
    assert {"██ filling" in text for text in texts} == {True, False}


def test_a_scope_that_is_narrower_than_minutes() -> None:
    """They are those of the gateway, and that is said at every size; a gateway is no narrower."""
    for scope in (
        Scope().narrow(model="m"),
        Scope().narrow(provider="p"),
        Scope(pattern="x"),
        Scope().narrow(status="429"),
    ):
        for width, words in ((104, "these are of every provider"), (80, "by gateway alone"), (40, "▲ every model")):
            text = shown(PANEL, scene(scope, BUSY), width, 14)
            assert words in text, (scope, width)
            assert "295" in text
    assert "▲" not in shown(PANEL, scene(Scope().narrow(gateway="prod"), BUSY), 104, 14)


def test_sampled() -> None:
    """Every count, and the rate."""
    history = open_history(None, SERVER, NOW).history
    hour = NOW.replace(minute=0)
    rows, intervals = [minute_row(n, 4, 1) for n in range(8, 30)], {int(hour.timestamp()) - 3600: Interval(1, 9)}
    history.record(ACCOUNT, dataset("pulse"), Window(hour - HOUR, NOW), rows, {}, NOW, intervals)
    text = shown(PANEL, scene(views=history), 120, 18)
    for words in ("±4.0 requests a minute", " ±88 ", " ±22 ", " ±4  13:57"):
        assert words in text
    assert "±22 of ±88 failed · busiest ±4 at" in shown(PANEL, scene(views=history), 80, 18)


def test_words_where_there_is_nothing() -> None:
    """Never read, may not be seen, and no requests: with when the last was, and how long new ones take."""
    assert "not read yet" in shown(PANEL, scene(views=open_history(None, SERVER, NOW).history), 80, 14)
    found = scene(views=open_history(None, SERVER, NOW).history)
    missing = (Missing(ACCOUNT, "pulse", "", "no node\x1b[m of that name"),)
    refused = replace(found, snapshot=replace(found.snapshot, missing=missing))
    assert "no node�[m of that name" in shown(PANEL, refused, 80, 14)
    quiet = " ".join(shown(PANEL, scene(views=minutes([minute_row(95)])), 120, 14).replace("│", "").split())
    assert "no requests through these gateways in the last 60 minutes; the account's newest was at 12:30 UTC" in quiet
    assert "3–6 minutes" in quiet
    assert "nor in the last 24 hours" in shown(PANEL, scene(views=minutes([])), 120, 14)
    batch = shown(PANEL, scene(Scope().narrow(gateway="batch"), BUSY), 120, 14)
    assert "no requests through this gateway in the last 60 minutes; the account's newest was at 14:01" in batch


def test_a_minute_later() -> None:
    """The same data look different: the axis moves, and they are later."""
    before = scene(views=BUSY)
    after = replace(before, snapshot=replace(before.snapshot, now=NOW + timedelta(minutes=1)))
    assert PANEL.look(before, area(80, 14)) != PANEL.look(after, area(80, 14))
    assert "14:01, 5 min ago" in shown(PANEL, after, 80, 14)


async def test_in_the_monitor() -> None:
    """While it can be seen it moves by the minute, also when no answer comes; elsewhere nothing does."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        assert stage.monitor.scene is not None
        assert stage.monitor.scene.minute is None
        stage.box.limits = replace(stage.box.limits, queries=0)
        stage.monitor.show_panel(stage.monitor.panel("pulse"))
        await stage.until(lambda: " min ago" in stage.panel("pulse"))
        late = stage.panel("pulse").split(" min ago")[0].split()[-1]
        await stage.pass_time(180)
        await stage.until(lambda: f" {int(late) + 3} min ago" in stage.panel("pulse"))
        assert stage.monitor.scene.minute == NOW + timedelta(minutes=3)
        await stage.pilot.press("escape")
        await stage.pass_time(60)
        assert stage.monitor.scene.minute is None


@settings(max_examples=100)
@given(
    st.integers(0, 200),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from([1, 9, 1234, 10**15]),
    st.booleans(),
    st.sampled_from([Scope(), Scope().narrow(model="m")]),
    st.sampled_from([0, 3, 30, 57]),
)
def test_any_size(
    width: int, height: int, form: Form, is_zoomed: bool, value: int, has_failed: bool, scope: Scope, first: int
) -> None:
    """No figure is cut, and nothing raises, from 0×0 on."""
    rows = [minute_row(n, value, value * has_failed, value) for n in range(first, 60, 3)]
    stale = (Account(ACCOUNT, "acme", State.STALE, NOW - timedelta(minutes=9)),) if has_failed else ()
    found = scene(scope, minutes(rows))
    found = replace(found, snapshot=replace(found.snapshot, accounts=stale))
    check_any_size(PANEL, found, width, height, form, is_zoomed)


@pytest.mark.parametrize("width", range(12, 160, 9))
def test_figures_are_whole(width: int) -> None:
    """A rate that is not said whole is not said."""
    head = shown(PANEL, scene(views=BUSY), width, 10).split("\n")[1].strip("│ ")
    assert head.startswith("3.2")
    assert head.endswith(("min ago", " failed", " a minute", "3.2"))
