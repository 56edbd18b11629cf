"""Keys and clicks of the monitor, on the built-in account."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from textual import events
from textual.geometry import Size

from aigw_tui.model import Scope
from aigw_tui.tui.lines import Line
from aigw_tui.tui.surface import Surface
from stage import Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    found = Stage()
    async with found.running():
        await found.until(lambda: found.clock.has_sleepers)
        yield found


def rows(stage: Stage, name: str) -> list[str]:
    """The lines of a panel that carry a swatch, without their frame."""
    return [line.strip("│ ") for line in stage.panel(name).splitlines() if "■" in line]


def figures(stage: Stage, place: int) -> list[str]:
    """The column of Models that stands at that place from the right."""
    return [row.split()[place] for row in rows(stage, "models")]


def place_of(lines: tuple[Line, ...], word: str) -> tuple[int, int]:
    """Column and row of a word."""
    for y, line in enumerate(lines):
        text = "".join(span.text for span in line)
        if word in text:
            return text.index(word), y
    raise AssertionError(f"there is no {word}")


async def click(stage: Stage, name: str, word: str, times: int = 1) -> None:
    """On the first cell of a word."""
    surface = stage.monitor.query_one(f"#{name}", Surface)
    await stage.pilot.click(surface, offset=place_of(tuple(surface._lines), word), times=times)
    await stage.pilot.pause()


async def test_o_and_a_letter_sort_and_once_more_reverses(stage: Stage) -> None:
    """Also when both keys come at once, as from a macro."""
    await stage.pilot.press("6", "o", "m")
    names = [row.split()[1] for row in rows(stage, "models")]
    assert names == sorted(names)
    assert len(names) > 2
    assert "model ▲" in stage.panel("models")
    await stage.pilot.press("o", "m")
    names = [row.split()[1] for row in rows(stage, "models")]
    assert names == sorted(names, reverse=True)
    await stage.pilot.press("o", "r")
    requests = [int(text.replace(",", "")) for text in figures(stage, -3)]
    assert requests == sorted(requests, reverse=True)
    assert "▼req" in stage.panel("models")


async def test_o_alone_lists_the_letters_and_any_other_key_leaves(stage: Stage) -> None:
    await stage.pilot.press("6", "o")
    await stage.pilot.pause()
    assert "sort by  m model  r requests  e errors" in stage.panel_line("keys")
    before = stage.panel("models")
    await stage.pilot.press("escape")
    assert "sort by" not in stage.panel_line("keys")
    assert stage.panel("models") == before
    await stage.pilot.press("1", "o")
    assert "sort by" not in stage.panel_line("keys"), "a panel of one order asks nothing"


async def test_the_order_survives_narrowing_and_going_back(stage: Stage) -> None:
    await stage.pilot.press("6", "o", "m")
    before = rows(stage, "models")
    await stage.pilot.press("enter")
    await stage.until(lambda: len(rows(stage, "models")) == 1)
    await stage.pilot.press("escape")
    await stage.until(lambda: rows(stage, "models") == before)


async def test_a_click_on_a_head_sorts(stage: Stage) -> None:
    await click(stage, "models", "neurons")
    assert "▼neurons" in stage.panel("models")
    await click(stage, "models", "neurons")
    assert "▲neurons" in stage.panel("models")


async def test_a_click_puts_the_cursor_on_a_row_and_a_double_one_narrows(stage: Stage) -> None:
    panel = stage.monitor.panel("models")
    third = panel.targets(panel._seen)[2]
    name = rows(stage, "models")[2].split()[1]
    await click(stage, "models", name)
    assert panel._cursor == third.id
    assert stage.monitor.scope == Scope()
    await click(stage, "models", name, times=2)
    assert stage.monitor.scope.values("model") == (dict(third.narrow)["model"],)


async def test_a_click_on_a_crumb_goes_back_up_the_ladder(stage: Stage) -> None:
    await stage.pilot.press("6", "enter", "7", "enter")
    await stage.pilot.pause()
    assert stage.monitor.scope.current_period.name != "today"
    await click(stage, "status", "workers-ai")
    assert stage.monitor.scope.values("provider") == ("workers-ai",)
    assert stage.monitor.scope.current_period.name == "today"
    await click(stage, "status", "acme")
    assert stage.monitor.scope == Scope()


async def test_a_click_on_a_key_presses_it(stage: Stage) -> None:
    await click(stage, "keys", "w window")
    await stage.pilot.pause()
    assert stage.monitor.scope.period.name == "24 h"


async def test_the_wheel_moves_the_cursor(stage: Stage) -> None:
    panel = stage.monitor.panel("models")
    first, second = panel.targets(panel._seen)[:2]
    assert panel._cursor == first.id
    await stage.pilot._post_mouse_events([events.MouseScrollDown], panel, offset=(5, 3))
    assert panel._cursor == second.id


def with_a_ring(stage: Stage) -> list[str]:
    """The panels whose border is drawn as that of the focus."""
    accent = stage.monitor.palette(is_stale=False).color("accent")
    corners = {panel.id or "": panel._strips[0] for panel in stage.monitor.panels if panel.display}
    found = ((name, next(iter(strip)).style) for name, strip in corners.items())
    return [name for name, style in found if style and style.color and style.color.name == accent]


async def test_one_panel_shows_the_focus(stage: Stage) -> None:
    """From the key on, and not only when something new has come."""
    for name in ("hours", "neurons", "cost"):
        await stage.pilot.press("tab")
        await stage.until(lambda: stage.monitor.focused is stage.monitor.panel(name))  # noqa: B023 - until it is so
        await stage.until(lambda: with_a_ring(stage) == [name])  # noqa: B023


async def test_y_copies_the_row_and_says_so(stage: Stage) -> None:
    """By OSC 52, without the frame; what was copied stands in the bottom line until the next key."""
    row = rows(stage, "models")[0]
    await stage.pilot.press("6", "y")
    assert stage.monitor.clipboard.strip() == row
    assert f"copied: {row.split()[0]} {row.split()[1]}" in stage.panel_line("keys")
    await stage.pilot.press("j")
    assert "copied" not in stage.panel_line("keys")


async def test_y_copies_a_panel_that_has_no_rows(stage: Stage) -> None:
    await stage.pilot.press("1", "y")
    assert "10,000" in stage.monitor.clipboard
    assert not any(wall in stage.monitor.clipboard for wall in "│╭╰")


@pytest.mark.parametrize(("opened", "closed"), [("ctrl+p", "enter"), ("question_mark", "escape")])
async def test_a_burst_of_keys_closes_a_screen_once(stage: Stage, opened: str, closed: str) -> None:
    """The second one came while the screen was closing, and ended the program."""
    await stage.pilot.press(opened)
    await stage.pilot.pause()
    for _ in range(4):
        stage.monitor.post_message(events.Key(closed, None))
    await stage.until(lambda: len(stage.monitor.screen_stack) == 1)
    await stage.pilot.pause()
    assert stage.monitor.failure is None


async def test_a_pattern_that_does_not_compile_is_said(stage: Stage) -> None:
    """And searched for as it stands; the words go with the next letter that makes it one."""
    await stage.pilot.press("slash", "left_parenthesis")
    await stage.until(lambda: "no regular expression" in stage.panel_line("keys"))
    assert stage.monitor.scope.pattern == "("
    await stage.pilot.press("g", "right_parenthesis")
    await stage.until(lambda: stage.monitor.scope.pattern == "(g)")
    await stage.until(lambda: "no regular expression" not in stage.panel_line("keys"))


async def test_a_page_of_a_palette_without_lines(stage: Stage) -> None:
    """Turning it raised."""
    await stage.pilot.press("ctrl+p", *"qzqzq", "pagedown", "pageup")
    await stage.pilot.pause()
    assert stage.monitor.failure is None


async def test_a_page_of_a_palette_without_room(stage: Stage) -> None:
    """Turning it raised: its lines are laid out once there is room for one."""
    stage.monitor.post_message(events.Resize(Size(1, 1), Size(1, 1)))
    await stage.until(lambda: stage.monitor.size.height == 1)
    await stage.pilot.press("ctrl+p", "a", "pagedown", "pageup")
    await stage.pilot.pause()
    assert stage.monitor.failure is None


async def test_capital_q_keeps_the_screen(stage: Stage) -> None:
    """All rows that the screen had, in its colours."""
    before = [line.rstrip() for line in stage.text().rstrip().splitlines()]
    await stage.pilot.press("Q")
    kept = stage.monitor.last_screen
    assert kept.endswith("\n")
    assert len(kept.splitlines()) == len(before)
    assert "Neurons today" in kept
