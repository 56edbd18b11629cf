"""Log: what the program did, newest first, at any size and whatever a server wrote into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import Entry, Journal
from aigw_tui.tui.frame import Form
from aigw_tui.tui.lines import width_of
from aigw_tui.tui.panels.log import Log
from aigw_tui.tui.scene import Area, Scene
from stage import Stage
from test_hostile import NAMES
from world import NOW, area, check_any_size, scene, shown

LONG = "unreadable answer: the server said " + " ".join(f"word{n}" for n in range(40))
SOME = (
    Entry(NOW - timedelta(seconds=50), "INFO", "history opened"),
    Entry(NOW - timedelta(seconds=40), "WARNING", "not permitted: failures of acme"),
    Entry(NOW - timedelta(seconds=5), "ERROR", "disk trouble: no space left"),
)


def logged(*entries: Entry, refused: tuple[tuple[str, int], ...] = (), requests: int = 1204) -> Scene:
    before = scene()
    return replace(before, snapshot=replace(before.snapshot, journal=Journal(entries, refused, requests)))


def many(count: int) -> Scene:
    return logged(*(Entry(NOW - timedelta(seconds=count - n), "INFO", f"record {n}") for n in range(count)))


def test_the_panel() -> None:
    """Newest first, each with its level as a glyph and a word, below what was counted."""
    assert shown(Log(), logged(*SOME, refused=(("requests", 10), ("neurons", 2))), 90, 8) == (
        "╭─ Log  UTC, newest first ───────────────────────────────────────────────────────────────╮\n"
        "│ 1,204 GraphQL requests since the start      ▲ 12 rows left out: requests 10, neurons 2 │\n"
        "│                                                                                        │\n"
        "│ 14:04:55 × error   disk trouble: no space left                                         │\n"
        "│ 14:04:20 ▲ warning not permitted: failures of acme                                     │\n"
        "│ 14:04:10 · info    history opened                                                      │\n"
        "│                                                                                        │\n"
        "╰────────────────────────────────────────────────────────────────────────────────────────╯"
    )


@pytest.mark.parametrize("width", [120, 80, 60, 40])
def test_what_stays_at_every_width(width: int) -> None:
    """Count, loss, time, level and the beginning of the text; a text that is cut says so."""
    text = shown(Log(), logged(*SOME, Entry(NOW, "INFO", LONG), refused=(("failures", 3),)), width, 24)
    assert "1,204" in text
    assert "▲ 3" in text
    assert "14:04" in text
    assert "× " in text
    assert "disk trouble" in text
    assert "…" in text.splitlines()[3]
    assert ("warning" in text) == (width >= 60)


def test_nothing_lost_and_nothing_logged() -> None:
    """Both are said in words, not left empty."""
    text = shown(Log(), logged(requests=0), 80, 10)
    assert "every row could be read" in text
    assert "nothing was logged yet" in text


def test_a_line_of_another_day_has_its_date() -> None:
    """Only where one is visible; the others stand below each other as before."""
    rows = shown(Log(), logged(Entry(NOW - timedelta(days=20), "INFO", "long ago"), SOME[0]), 80, 8).splitlines()
    assert "23 Nov 14:04:10 · info" in rows[3]
    assert " 3 Nov 14:05:00 · info" in rows[4]
    assert "Nov" not in shown(Log(), logged(SOME[0]), 80, 8)


def test_the_line_under_the_cursor_is_shown_in_full() -> None:
    """Below the others, between words."""
    seen = logged(Entry(NOW, "INFO", LONG))
    panel, room = Log(), area(80, 24)
    (target,) = panel.targets(panel.look(seen, room))
    below = shown(panel, seen, 80, 24, cursor=target.id, is_focused=True).splitlines()[-4:-1]
    assert " ".join(" ".join(row.strip("│ ") for row in below).split()) in LONG
    assert "word15" in below[1]


def test_it_scrolls() -> None:
    """From the newest to the oldest; the border says where one stands; equal lines stay apart for the cursor."""
    assert "record 199" in shown(Log(), many(200), 80, 24).splitlines()[3]
    last = shown(Log(), many(200), 80, 24, top=500)
    assert "record 0 " in last.splitlines()[-2]
    assert "181–200 of 200" in last.splitlines()[-1]
    panel = Log()
    ids = [target.id for target in panel.targets(panel.look(logged(*[SOME[0]] * 9), area(80, 24)))]
    assert len(set(ids)) == 9


def test_no_line_stands_for_figures() -> None:
    panel = Log()
    assert not any(one.narrow or one.period for one in panel.targets(panel.look(logged(*SOME), area(80, 24))))


VERY_LONG = "the server said " + " ".join(f"word{n}" for n in range(220))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 12), (40, 10), (40, 8)])
def test_a_line_in_full(size: tuple[int, int]) -> None:
    """As much of it as there is room for, its own row above it; without asking, three rows at the most."""
    panel, seen = Log(), logged(*SOME, Entry(NOW, "INFO", VERY_LONG), SOME[0])
    room = area(*size)
    id_ = panel.targets(panel.look(seen, area(200, 60)))[1].id
    before = shown(panel, seen, *size, cursor=id_, is_focused=True)
    after = shown(panel, seen, *size, cursor=id_, is_focused=True, unfolded=frozenset([id_]), top=1)
    assert panel.look(seen, replace(room, cursor=id_)).is_cut
    assert len(words_of(after)) > len(words_of(before))
    if size[0] * size[1] > 3_000:
        assert words_of(after) >= {*VERY_LONG.split()}
    short = panel.targets(panel.look(seen, area(200, 60)))[0].id
    assert not panel.look(seen, replace(room, cursor=short)).is_cut


def words_of(text: str) -> set[str]:
    return {*text.replace("│", " ").split()} & {*VERY_LONG.split()}


async def test_on_the_screen() -> None:
    """Enter shows all of a line, again as before; a click puts the cursor there; y copies it whole."""
    stage = Stage()
    entries = (*SOME, Entry(NOW, "WARNING", VERY_LONG), SOME[0])
    look = stage.monitor._feed.look
    stage.monitor._feed.look = lambda scope: replace(look(scope), journal=Journal(entries, (), 7))  # type: ignore[method-assign]
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        panel = stage.monitor.panel("log")
        stage.monitor.show_panel(panel)
        await stage.until(lambda: "history opened" in stage.panel("log"))
        await stage.until(lambda: "enter whole" in stage.panel_line("keys"))
        await stage.pilot.press("enter")
        await stage.until(lambda: "all of this line stands there" in stage.panel_line("keys"))
        await stage.pilot.press("j")
        assert "word200" not in stage.panel("log")
        await stage.pilot.press("enter")
        await stage.until(lambda: words_of(stage.panel("log")) == {*VERY_LONG.split()})
        await stage.pilot.press("y")
        assert stage.monitor.clipboard == f"2026-11-23 14:05:00 warning {VERY_LONG}"
        await stage.pilot.press("enter")
        await stage.until(lambda: "word200" not in stage.panel("log"))
        row = next(n for n, text in enumerate(stage.panel("log").splitlines()) if "disk trouble" in text)
        await stage.pilot.click("#log", offset=(10, row))
        await stage.pilot.press("y")
        await stage.until(lambda: stage.monitor.clipboard == "2026-11-23 14:04:55 error disk trouble: no space left")


@settings(max_examples=80)
@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from([*NAMES, LONG]), st.sampled_from(["INFO", "ERROR", "\x1b[2J"])), max_size=60),
    st.integers(0, 10**12),
)
def test_any_size(
    width: int, height: int, form: Form, is_zoomed: bool, lines: list[tuple[str, str]], lost: int
) -> None:
    """Nothing foreign reaches the terminal, no figure is cut and nothing raises, from 0×0 on."""
    entries = (Entry(NOW - timedelta(days=n), level, text) for n, (text, level) in enumerate(lines))
    seen = logged(*entries, refused=(("requests", lost),))
    check_any_size(Log(), seen, width, height, form, is_zoomed)
    panel = Log()
    for one in panel.targets(panel.look(seen, area(80, 24)))[:3]:
        room = Area(width, height, form, True, is_zoomed, one.id, 0, frozenset([one.id]))
        drawing = panel.draw(panel.look(seen, room), room)
        assert len(drawing.lines) <= height
        assert [line for line in drawing.lines if width_of(line) > width] == []
