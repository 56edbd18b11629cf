"""Every key of the dashboard and of the help, by every name it has, does what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from textual.binding import Binding

from aigw_tui.exporting import Exporter
from aigw_tui.model import Scope
from aigw_tui.tui.commands import QuietPalette
from aigw_tui.tui.filterbox import FilterBox
from aigw_tui.tui.keys import BINDINGS
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.screens.help import Help
from aigw_tui.tui.screens.pages import Page
from stage import AFTERNOON, Stage
from terminal import Terminal
from test_pty import is_open

PATIENCE = 250
"""Looks at the screen, each a little later, until a key counts as one that did nothing."""


class Promise(NamedTuple):
    """What is pressed first, and what is so after the key, and was not before."""

    is_kept: Callable[[Stage], bool]
    first: tuple[str, ...] = ()


def cursor(stage: Stage, row: int, panel: str = "models") -> bool:
    """Whether the cursor stands on that row of those in sight."""
    found = stage.monitor.panel(panel)
    targets = found.targets(found._seen)
    return bool(targets) and found._cursor == targets[row].id


def travelled(hours: int) -> Callable[[Stage], bool]:
    hour = AFTERNOON.replace(minute=0)
    return lambda stage: stage.monitor.moment is not None and stage.monitor.moment.at == hour + timedelta(hours=hours)


def calls(stage: Stage) -> int:
    found = re.search(r"API (\d+)/", stage.panel_line("status"))
    return int(found[1]) if found else 0


def page(stage: Stage) -> int:
    """How far the help is scrolled."""
    return round(stage.monitor.screen.scroll_y + sum(one.scroll_y for one in stage.monitor.screen.query("*")))


def focus(name: str) -> Callable[[Stage], bool]:
    return lambda stage: stage.monitor.focused is stage.monitor.panel(name)


def asked_again(stage: Stage) -> Promise:
    before = calls(stage)
    return Promise(lambda later: calls(later) > before)


PLACES = ("neurons", "cost", "health", "cache", "traffic", "models", "hours")
PROMISES = {
    "scope.back": Promise(lambda s: s.monitor.scope == Scope(), ("6", "enter")),
    "scope.filter": Promise(lambda s: isinstance(s.monitor.focused, FilterBox)),
    "scope.window": Promise(lambda s: s.monitor.scope.period.name == "24 h"),
    "view.measure": Promise(lambda s: s.monitor.measure == "tokens"),
    "view.pause": Promise(lambda s: "paused" in s.panel_line("status")),
    "view.zoom": Promise(lambda s: s.monitor.zoomed is s.monitor.panel("hours"), ("7",)),
    "view.export": Promise(lambda s: "csv" in s.panel_line("keys")),
    "time.compare": Promise(lambda s: "yesterday" in s.panel_line("status")),
    "time.hour_back": Promise(travelled(-1), ("left_square_bracket",)),
    "time.hour_on": Promise(travelled(-1), ("left_square_bracket",) * 3),
    "time.day_back": Promise(travelled(-24), ("left_square_bracket",)),
    "time.day_on": Promise(travelled(-24), ("left_curly_bracket",) * 2),
    "time.now": Promise(lambda s: s.monitor.moment is None, ("left_square_bracket",)),
    "app.mouse": Promise(lambda s: "mouse off" in s.panel_line("keys")),
    "app.palette": Promise(lambda s: isinstance(s.monitor.screen, QuietPalette)),
    "app.help": Promise(lambda s: isinstance(s.monitor.screen, Help)),
    "panel.requests": Promise(lambda s: s.monitor.zoomed is s.monitor.panel("requests")),
    "panel.next": Promise(focus("hours"), ("6",)),
    "panel.previous": Promise(focus("traffic"), ("6",)),
    **{f"panel.{n}": Promise(focus(name), ("2" if n == 1 else "1",)) for n, name in enumerate(PLACES, 1)},
    "panel.8": Promise(lambda s: s.monitor.zoomed is not None and s.monitor.zoomed.KEY == "8"),
    "panel.9": Promise(lambda s: s.monitor.zoomed is not None and s.monitor.zoomed.KEY == "9"),
    "row.next": Promise(lambda s: cursor(s, 1), ("6", "g")),
    "row.previous": Promise(lambda s: cursor(s, 0), ("6", "g", "j")),
    "row.page_down": Promise(lambda s: not cursor(s, 0) and not cursor(s, 1), ("6", "g")),
    "row.page_up": Promise(lambda s: cursor(s, 0), ("6", "g", "pagedown")),
    "row.first": Promise(lambda s: cursor(s, 0), ("6", "j", "j")),
    "row.last": Promise(lambda s: cursor(s, -1), ("6", "g")),
    "row.narrow": Promise(lambda s: s.monitor.scope != Scope(), ("6",)),
    "row.fold": Promise(lambda s: bool(s.monitor.panel("hours")._unfolded), ("7",)),
    "row.copy": Promise(lambda s: "copied" in s.panel_line("keys"), ("6",)),
    "row.sort": Promise(lambda s: "sort by" in s.panel_line("keys"), ("6",)),
    "page.down": Promise(lambda s: page(s) == 1, ("?",)),
    "page.up": Promise(lambda s: page(s) == 1, ("?", "j", "j")),
    "page.page_down": Promise(lambda s: page(s) == 10, ("?",)),
    "page.page_up": Promise(lambda s: page(s) == 1, ("?", "pagedown", "j")),
    "page.top": Promise(lambda s: page(s) == 0, ("?", "j")),
    "page.bottom": Promise(lambda s: page(s) > 30, ("?",)),
    "page.close": Promise(lambda s: len(s.monitor.screen_stack) == 1, ("?",)),
}
ENDS = {"app.quit", "app.quit_keeping"}
ON_THE_WIRE = {"app.redraw"}
"""Nothing of it can be seen but in a terminal."""


def bindings() -> Iterator[Binding]:
    for one in (*BINDINGS, *Panel.BINDINGS, *Page.BINDINGS, *Help.BINDINGS):
        if isinstance(one, Binding):
            yield one


async def test_every_key_does_what_it_says(tmp_path: Path) -> None:
    """On one monitor, one after the other, each from the dashboard as it was at the start."""
    stage = Stage(exporter=Exporter(tmp_path))
    async with stage.running():
        await stage.until(lambda: stage.is_answered and "● live" in stage.panel_line("status"))
        for binding in bindings():
            if binding.id in ENDS | ON_THE_WIRE:
                continue
            for key in binding.key.split(","):
                await back_at_the_start(stage)
                promise = asked_again(stage) if binding.id == "view.refresh" else PROMISES[binding.id or ""]
                for before in promise.first:
                    await stage.pilot.press(before)
                    await stage.pilot.pause()
                assert not promise.is_kept(stage), f"{binding.id} {key}: it was so before"
                await stage.pilot.press(key)
                assert await comes_true(stage, promise.is_kept), f"{binding.id} {key}"


async def back_at_the_start(stage: Stage) -> None:
    """By no key, for a key may be what does not work."""
    monitor: Any = stage.monitor
    while len(monitor.screen_stack) > 1:
        monitor.pop_screen()
        await stage.pilot.pause()
    if isinstance(monitor.focused, FilterBox):
        monitor.focused.action_clear()
    monitor._choice = None
    monitor.zoom(None)
    monitor.moment, monitor.is_paused, monitor.measure, monitor.basis = None, False, "requests", ""
    monitor.scope = Scope()
    monitor.panel("hours")._unfolded = frozenset()
    if not monitor.has_mouse:
        monitor.turn_mouse()
    monitor.panel("models").focus()
    monitor.panel("models").action_jump(0)
    monitor.say("")
    await stage.pilot.pause()


async def comes_true(stage: Stage, is_so: Callable[[Stage], bool]) -> bool:
    for _ in range(PATIENCE):
        if is_so(stage):
            return True
        await stage.pilot.pause(0.02)
    return False


def test_keys_that_end_it() -> None:
    """`Q` leaves the last screen behind, `q` and ctrl+c leave nothing."""
    (quit_, keeping) = (next(one for one in BINDINGS if one.id == id_) for id_ in ("app.quit", "app.quit_keeping"))
    assert (quit_.key, keeping.key) == ("q,ctrl+c", "Q")
    for key, is_kept in (("q", False), ("\x03", False), ("Q", True)):
        with Terminal("--demo", "--at", "14:05") as terminal:
            terminal.until(is_open)
            terminal.press(key)
            assert terminal.end() == 0
            assert ("Neurons today" in terminal.bytes.rpartition(b"\x1b[?1049l")[2].decode()) is is_kept
