"""On every screen, in every theme of ours, words can be read: what was drawn is measured, not what was meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest
from rich.color import Color as RichColor
from textual.color import Color
from textual.geometry import Region

from aigw_tui.tui.legibility import CONTRAST, contrast
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.nearest import color_of
from aigw_tui.tui.terminal import Depth
from aigw_tui.tui.themes import HOUSE
from stage import Stage

HIGH = 7.0


def words(stage: Stage, region: Region | None = None) -> Iterator[tuple[str, float]]:
    """Every piece of text with a letter or a digit, and its contrast; of the whole screen, or a region of it."""
    region = region or stage.monitor.screen.region
    for y, strip in enumerate(stage.monitor.screen._compositor.render_strips()):
        if not region.y <= y < region.bottom:
            continue
        for text, style, _ in strip.crop(region.x, region.right):
            if any(letter.isascii() and letter.isalnum() for letter in text):
                assert style
                yield text, contrast(shown(style.color), shown(style.bgcolor))


def shown(color: RichColor | None) -> Color:
    assert color
    return Color(*color.triplet) if color.triplet else color_of(color.number or 0)


@pytest.mark.parametrize("depth", ["24-bit", "256"])
async def test_every_word_can_be_read(depth: Depth) -> None:
    """The dashboard, each panel alone, help, filter, palette, and stale data with a fault, in every theme of ours."""
    stage = Stage(looks=Looks(depth=depth))
    seen: dict[str, set[tuple[str, str, float]]] = defaultdict(set)

    async def look(place: str, widget: str = "") -> None:
        for theme in HOUSE:
            stage.monitor.theme = theme
            await stage.pilot.pause()
            region = stage.monitor.screen.query_one(widget).region if widget else None
            seen[place] |= {(theme, *word) for word in words(stage, region)}

    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        await look("dashboard")
        for panel in [*stage.monitor.panels]:
            stage.monitor.zoom(None)
            stage.monitor.show_panel(panel)
            stage.monitor.zoom(panel)
            await look(panel.id or "")
        stage.monitor.zoom(None)
        await stage.pilot.press("slash")
        await look("filter", "#filter")
        await stage.pilot.press("escape", "question_mark")
        await look("help")
        await stage.pilot.press("escape", "ctrl+p")
        await stage.until(lambda: bool(stage.monitor.screen.query("CommandList")))
        await stage.pilot.pause(0.1)
        await look("search", "Input")
        await look("palette", "CommandList")
        await stage.pilot.press("escape")
        stage.box.limits = replace(stage.box.limits, queries=0)
        while not stage.monitor.freshness.is_stale:
            await stage.pass_time(30)
        await look("stale")
    assert all(seen.values()), seen.keys()
    faint = {(place, *one) for place, found in seen.items() for one in found if one[2] < least(place, one[0], depth)}
    assert faint == set()


def least(place: str, theme: str, depth: Depth) -> float:
    """Stale data pale on purpose, but never below what can be read."""
    return HIGH if theme.startswith("contrast") and depth == "24-bit" and place != "stale" else CONTRAST
