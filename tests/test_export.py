"""`e`: what stands on the screen as a file."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import stat
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from aigw_tui.exporting import Exporter
from aigw_tui.model import HOUR, Cell, Query, Sheet, Window
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.scene import Target
from stage import Stage
from test_keys import click


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    found = Stage(exporter=Exporter(tmp_path))
    async with found.running():
        await found.until(lambda: found.clock.has_sleepers)
        yield found


def files(folder: Path) -> set[Path]:
    return set(folder.iterdir())


async def exported(stage: Stage, folder: Path, *keys: str) -> Path:
    """The file that these keys make."""
    before = files(folder)
    await stage.pilot.press(*keys)
    await stage.pilot.pause()
    (path,) = files(folder) - before
    assert stage.panel_line("keys").startswith(" written: ")
    assert path.name in stage.panel_line("keys")
    return path


async def test_a_table_as_csv(stage: Stage, tmp_path: Path) -> None:
    """All rows in the order of the screen, also those that are scrolled away; figures whole; for its owner alone."""
    path = await exported(stage, tmp_path, "6", "o", "m", "e", "c")
    assert path.name == "aigw-tui-models-2026-11-23.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(path.read_text(), newline="")))
    names = [row["model"].rpartition("/")[2].casefold() for row in rows]
    assert names == sorted(names)
    assert stage.monitor.scene
    snapshot = stage.monitor.scene.snapshot
    truth = snapshot.views.view(Query("requests", snapshot.window, (), ("requests",)))
    assert sum(int(row["requests"] or 0) for row in rows) == truth.total.values[0]


async def test_a_table_as_json_says_what_it_is_of(stage: Stage, tmp_path: Path) -> None:
    """Window, scope and filter; unknown is null."""
    await stage.pilot.press("6", "enter")
    path = await exported(stage, tmp_path, "7", "e", "j")
    found = json.loads(path.read_text())
    assert found["schema"] == "aigw-tui.panel/1"
    assert found["panel"] == "Hours"
    assert found["scope"]["provider"] == ["workers-ai"]
    assert found["window"] == {"since": "2026-11-23T00:00:00Z", "until": "2026-11-23T14:05:00Z"}
    assert [row["since"] for row in found["rows"]] == sorted((row["since"] for row in found["rows"]), reverse=True)
    assert found["rows"][0]["neurons"] is None


async def test_hours_has_the_rows_that_stand_open(stage: Stage, tmp_path: Path) -> None:
    """The rows of an hour's models add up to the hour's own."""
    path = await exported(stage, tmp_path, "7", "j", "j", "j", "space", "e", "j")
    rows = json.loads(path.read_text())["rows"]
    opened = {row["since"] for row in rows if row["model"]}
    assert opened
    for since in opened:
        mine = [row for row in rows if row["since"] == since]
        (whole,) = (row["requests"] for row in mine if row["model"] is None)
        assert sum(row["requests"] for row in mine if row["model"]) == whole


async def test_markdown(stage: Stage, tmp_path: Path) -> None:
    path = await exported(stage, tmp_path, "6", "e", "m")
    lines = path.read_text().splitlines()
    assert lines[0].startswith("| provider | model | requests |")
    assert len({line.count("|") for line in lines}) == 1


async def test_the_screen_as_a_picture_fetches_nothing(stage: Stage, tmp_path: Path) -> None:
    path = await exported(stage, tmp_path, "1", "e", "s")
    text = path.read_text()
    assert text.startswith("<svg")
    assert "url(http" not in text
    assert "Neurons" in text
    assert "markdown" not in text, "the question is answered"


async def test_nothing_is_ever_overwritten(stage: Stage, tmp_path: Path) -> None:
    first = await exported(stage, tmp_path, "6", "e", "c")
    second = await exported(stage, tmp_path, "e", "c")
    assert (first.name, second.name) == ("aigw-tui-models-2026-11-23.csv", "aigw-tui-models-2026-11-23-2.csv")


async def test_a_folder_that_is_none_is_one_line(stage: Stage, tmp_path: Path) -> None:
    """Cause and remedy, and the monitor goes on."""
    file = tmp_path / "file"
    file.touch()
    stage.monitor._exporter = Exporter(file)
    await stage.pilot.press("6", "e", "c")
    assert "cannot be written: Not a directory" in stage.panel_line("keys")
    assert stage.monitor.failure is None


async def shown(stage: Stage, name: str) -> Panel:
    """The panel, whether or not its answers have come."""
    panel = stage.monitor.panel(name)
    stage.monitor.show_panel(panel)
    await stage.pilot.pause()
    return panel


async def answered(stage: Stage, name: str) -> Panel:
    panel = await shown(stage, name)
    if "metadata" not in panel.NEEDS:  # of which no key is named here
        async with asyncio.timeout(30):
            await stage.until(lambda: stage.is_answered)
    return panel


def sheet_of(stage: Stage, panel: Panel) -> Sheet:
    assert stage.monitor.scene
    found = panel.sheet(stage.monitor.scene, panel.area)
    assert found
    return found


async def test_every_panel_can_be_exported(stage: Stage, tmp_path: Path) -> None:
    """As a table with one cell a column, and as a picture."""
    for name, kind in all_panels():
        panel = await shown(stage, name)
        sheet = sheet_of(stage, panel)
        assert sheet.panel == kind.TITLE
        assert len(set(sheet.columns)) == len(sheet.columns)
        assert {len(row) for row in sheet.rows} <= {len(sheet.columns)}
        path = await exported(stage, tmp_path, "e", "c")
        rows = list(csv.reader(io.StringIO(path.read_text(), newline="")))
        assert tuple(rows[0]) == sheet.columns
        assert len(rows) == len(sheet.rows) + 1
    await exported(stage, tmp_path, "e", "s")


def is_row_of(target: Target, row: dict[str, Cell]) -> bool:
    """Whether a row of the table is the one that the cursor can stand on."""
    told = {name: value[0] if isinstance(value, tuple) else value for name, value in target.narrow}
    if target.narrow:
        return all(row.get(name, value) == value for name, value in told.items())
    id_ = target.id
    assert isinstance(id_, tuple)
    if "id" in row:
        return bool(id_[-1] == row["id"])
    return id_[0] in (row.get("since"), row.get("at"), row.get("key")) and id_[1] in row.values()


ORDINARY = ("models", "providers", "accounts", "requests")
SORTABLE = [
    name if name in ORDINARY else pytest.param(name, marks=pytest.mark.soak)
    for name, kind in all_panels()
    if kind.SORTINGS
]
"""The others take long, and are of the long form."""


@pytest.mark.parametrize("name", SORTABLE)
async def test_rows_stand_in_the_order_of_the_screen(stage: Stage, name: str) -> None:
    """Whatever they are sorted by, either way; and all of them are there."""
    panel = await answered(stage, name)
    for by in [one.name for one in panel.SORTINGS for _ in range(2)]:
        panel.sort_by(by)
        sheet = sheet_of(stage, panel)
        targets = panel.targets(panel._seen)
        assert len(sheet.rows) == panel._count()
        assert targets or name == "metadata", "the built-in account has rows for it"
        rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
        for target, row in zip(targets, rows, strict=False):
            assert is_row_of(target, row), (by, target, row)


async def test_providers_sort_by_a_click_on_a_head(stage: Stage) -> None:
    """Once more: reversed. A click on a row puts the cursor there."""
    panel = await answered(stage, "providers")
    await click(stage, "providers", "provider")
    assert "provider ▲" in stage.panel("providers")
    names = [str(row[0]) for row in sheet_of(stage, panel).rows]
    assert names == sorted(names)
    await click(stage, "providers", "provider ▲")
    assert "provider ▼" in stage.panel("providers")
    await click(stage, "providers", names[1])
    assert panel._cursor == (names[1],)


async def test_minutes_of_the_pulse_add_up(stage: Stage) -> None:
    """To what was counted in the same hour."""
    panel = await answered(stage, "pulse")
    sheet = sheet_of(stage, panel)
    assert stage.monitor.scene
    snapshot = stage.monitor.scene.snapshot
    since = sheet.rows[0][0]
    assert isinstance(since, datetime)
    window = Window(since, since + HOUR)
    truth = snapshot.views.view(Query("pulse", window, (), ("requests",))).total.values[0]
    assert truth
    assert sum(row[1] for row in sheet.rows if isinstance(row[1], int)) == truth
    assert sheet.rows[-1][1:] == (None, None, None), "the running minute was not counted yet"
