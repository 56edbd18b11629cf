"""Keys in any order and speed, and any size, over an account that fails at times: nothing raises, nothing sticks."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Size

from aigw_tui.exporting import Exporter
from aigw_tui.model import Scope
from stage import Stage

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


async def play(stage: Stage, count: int, seed: int) -> None:
    """So many keys, some of them in one burst, with sizes, faults and time between them."""
    chance = random.Random(seed)  # noqa: S311 - for play
    for _ in range(count // AT_ONCE):
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


@pytest.mark.parametrize(("count", "seed"), [(1000, 1), (1000, 2), pytest.param(10_000, 3, marks=pytest.mark.soak)])
async def test_a_monkey(tmp_path: Path, count: int, seed: int) -> None:
    """Afterwards the way back is what it always is: Escape, to the whole of today."""
    stage = Stage(exporter=Exporter(tmp_path))
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        await play(stage, count, seed)
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
        await stage.pilot.pause()
        assert "Neurons today" in stage.text()
        await stage.pilot.press("6")
        assert stage.monitor.focused is stage.monitor.panel("models")
