"""A dataset or a panel is one file: put beside the others, it is asked for, stored and shown; nothing else changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

import aigw_tui.datasets
import aigw_tui.tui.panels
from account import MadeUpAccount, StillClock
from aigw_tui.datasets import dataset, declared
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.model import HOUR, Query, Window, hour_of
from stage import Stage

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)

DATASET = """
    '''How many log rows each gateway stores, by hour.'''
    from datetime import timedelta
    from aigw_tui.datasets.declaration import Dataset, Key, Measure

    DATASET = Dataset(
        name="stored_logs",
        node="aiGatewaySizeAdaptiveGroups",
        bucket=timedelta(hours=1),
        bucket_dimension="datetimeHour",
        keys=(Key("gateway", "gateway"),),
        measures=(Measure("log_rows", "rows", (("max.rows",),)),),
        checked=("log_rows",),
        settle=timedelta(hours=1),
    )
"""

PANEL = """
    '''The number of requests, large.'''
    from aigw_tui.model import Query
    from aigw_tui.tui.frame import Drawing
    from aigw_tui.tui.lines import line, strong
    from aigw_tui.tui.panel import Panel

    class Count(Panel):
        TITLE, KEY, NEEDS, HELP = "Count", "", ("requests",), "Requests in the window."

        def look(self, scene, area):
            snapshot = scene.snapshot
            return snapshot.views.view(Query("requests", snapshot.window, (), ("requests",))).total.values[0]

        def draw(self, seen, area):
            return Drawing((line(strong(f"counted {seen}")),))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that belongs to both packages for one test."""
    packages = (aigw_tui.datasets, aigw_tui.tui.panels)
    for package in packages:
        package.__path__.append(str(tmp_path))
    declared.cache_clear()
    yield tmp_path
    for package in packages:
        package.__path__.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.startswith(package.__name__) and name.endswith("_added")]:
            del sys.modules[name]
    declared.cache_clear()


async def test_a_dataset_is_one_file(folder: Path) -> None:
    """The store makes its table, the feed asks for it, a view reads it."""
    (folder / "stored_logs_added.py").write_text(dedent(DATASET))
    assert dataset("stored_logs").key_names == ("gateway",)
    hour = hour_of(NOW) - HOUR
    clock = StillClock(NOW)
    account = MadeUpAccount(clock, {"stored_logs": [(int(hour.timestamp()), "prod", 4711)]})
    history = open_history(None, "https://x", NOW).history
    feed = Feed(account, history, clock, FeedSettings(("a",), timedelta(minutes=1)))
    steps = feed.watch()
    for _ in range(2):
        await anext(steps)
    assert "stored_logs" in [name for name, _ in account.asked[0]]
    view = history.view(Query("stored_logs", Window(hour, NOW), ("gateway",), ("log_rows",)))
    assert [(row.key, row.values) for row in view.rows] == [(("prod",), (4711,))]
    await feed.close()


async def test_a_panel_is_one_file(folder: Path) -> None:
    """Shown by name, as the palette does, with its title and its figures; the help has its words."""
    (folder / "count_added.py").write_text(dedent(PANEL))
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.show_panel(stage.monitor.panel("count_added"))
        await stage.until(lambda: "Count" in stage.panel("count_added"))
        assert "counted 1205" in stage.panel("count_added")
        await stage.pilot.press("escape")
        await stage.pilot.pause()
        assert stage.monitor.panel("models").size.area
