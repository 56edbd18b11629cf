"""Keys in any order and speed, and any size, over an account that fails at times: nothing raises, nothing sticks."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Size

from aigw_tui.exporting import Exporter
from aigw_tui.model import Scope
from stage import Stage
from terminal import Terminal

TYPED = (*"abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789 /?![]{}", "\r", "\x1b", "\t", "\x1b[A",
         "\x1b[B", "\x1b[5~", "\x1b[6~", "\x10", "\x04", "\x15", "\x7f",
         "\x1b[200~pasted [/]\x1b[2J text\x1b[201~")  # fmt: skip
"""What a terminal sends; a paste among it."""
KEYS = (
    *"abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789",
    *("enter", "escape", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "space"),
    *("pageup", "pagedown", "ctrl+p", "ctrl+d", "ctrl+u", "slash", "question_mark", "backspace", "delete", "f1"),
    *("left_square_bracket", "right_square_bracket", "left_curly_bracket", "right_curly_bracket", "exclamation_mark"),
)
"""Without those that leave: q, Q, ctrl+c."""
CHARACTERS = {"slash": "/", "question_mark": "?", "exclamation_mark": "!", "space": " ", "left_square_bracket": "[",
              "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}"}  # fmt: skip
SIZES = [(200, 60), (120, 40), (80, 24), (60, 20), (40, 10), (20, 3), (3, 2), (1, 1)]
AT_ONCE = 25


def press(stage: Stage, key: str) -> None:
    character = CHARACTERS.get(key, key if len(key) == 1 else None)
    stage.monitor.post_message(events.Key(key, character))


def resize(stage: Stage, size: tuple[int, int]) -> None:
    stage.monitor.post_message(events.Resize(Size(*size), Size(*size)))


async def play(stage: Stage, count: int, chance: random.Random) -> int:
    """So many keys, some of them in one burst, with sizes, faults and time between them; how many there were.

    Fewer where the palette's word for leaving was among them.
    """
    for played in range(0, count, AT_ONCE):
        if not stage.monitor.is_running:
            return played
        for _ in range(AT_ONCE):
            press(stage, chance.choice(KEYS))
        if chance.random() < 0.3:
            resize(stage, chance.choice(SIZES))
        if chance.random() < 0.2:
            stage.box.limits = replace(stage.box.limits, queries=chance.choice([0, 300]))
        if chance.random() < 0.3:
            stage.clock.advance(chance.choice([1, 30, 300]))
        await stage.pilot.pause()
        assert stage.monitor.failure is None
    return count


@pytest.mark.parametrize(
    ("count", "seed"),
    [(400, 1), pytest.param(1000, 2, marks=pytest.mark.soak), pytest.param(10_000, 3, marks=pytest.mark.soak)],
)
async def test_a_monkey(tmp_path: Path, count: int, seed: int) -> None:
    """Afterwards the way back is what it always is: Escape, to the whole of today. Where it left, it comes back."""
    chance = random.Random(seed)  # noqa: S311 - for play
    while count:
        count -= await a_visit(Stage(exporter=Exporter(tmp_path)), count, chance)


async def a_visit(stage: Stage, count: int, chance: random.Random) -> int:
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        played = await play(stage, count, chance)
        if stage.monitor.is_running:
            await find_back(stage)
        return played


async def find_back(stage: Stage) -> None:
    resize(stage, (120, 40))
    stage.box.limits = replace(stage.box.limits, queries=300)
    for _ in range(60):
        press(stage, "escape")
        await stage.pilot.pause()
    assert len(stage.monitor.screen_stack) == 1
    assert stage.monitor.scope.steps == ()
    assert stage.monitor.scope.pattern == ""
    stage.monitor.show_period(Scope().period)
    stage.monitor.zoom(None)
    await stage.until(lambda: "Neurons today" in stage.text())
    await stage.pilot.press("6")
    assert stage.monitor.focused is stage.monitor.panel("models")


def leave(terminal: Terminal) -> int:
    """Escape and q until it has gone: either may close a page first, and both at once are another key."""
    for _ in range(30):
        for key in ("\x1b", "q"):
            terminal.press(key)
            with suppress(TimeoutError):
                return terminal.end(seconds=1)
    raise TimeoutError(terminal.text)


def test_a_monkey_at_a_terminal(tmp_path: Path) -> None:
    """300 keys in bursts, with sizes down to nothing between them: it still answers, and leaves the terminal whole."""
    chance = random.Random(4)  # noqa: S311 - for play
    with Terminal("--demo", environ={"HOME": str(tmp_path), "PWD": str(tmp_path)}) as terminal:
        terminal.until(lambda text: "Models" in text)
        for burst in range(30):
            terminal.press("".join(chance.choice(TYPED) for _ in range(10)))
            if burst % 3 == 0:
                terminal.resize(*chance.choice([*SIZES, (0, 0), (500, 2)]))
        terminal.resize(80, 24)
        assert leave(terminal) == 0
        assert terminal.is_whole()
        assert b"Traceback" not in terminal.bytes
