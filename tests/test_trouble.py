"""The screen in place of the panels: there when there is nothing to show, and gone with the first figure."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.demo.box import Limits
from aigw_tui.history.home import Home
from aigw_tui.insight.trouble import NO_GATEWAY, QUIET, STEPS, TITLES, Trouble, trouble
from aigw_tui.model import DISK, Fault, Freshness, Gateway, Progress, State
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.pressed import UNMOVED
from aigw_tui.tui.troublelines import lines
from kept import kept
from stage import AFTERNOON, Stage
from world import empty, scene

NOTHING = scene(views=empty()).snapshot
GOOD = Freshness(State.LIVE, AFTERNOON)


def fault(kind: str, **changes: object) -> Fault:
    return replace(Fault(kind, "what", "why", "remedy", AFTERNOON), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("AuthError", "Cloudflare refuses the token"),
        ("ForbiddenError", "The token may not read this account"),
        ("BudgetError", "The API budget of this user is used up"),
        ("TransientError", "Cloudflare is out of reach"),
        ("BadDataError", "What answers is not Cloudflare's API"),
        ("FullError", "The disk is full: nothing new is kept"),
        ("ReadOnlyError", "History may not be written: nothing new is kept"),
        ("LocalError", "what"),
    ],
)
def test_each_fault_has_its_steps(kind: str, title: str) -> None:
    """What a person does about it, also for one that nobody thought of."""
    found = trouble(NOTHING, [fault(kind)], Freshness())
    assert found
    assert (found.title, found.why, found.when) == (title, "why", "since 14:05 UTC")
    assert found.steps
    assert found.is_bad


def test_when_it_goes_on_is_said() -> None:
    until = AFTERNOON + timedelta(minutes=5)
    found = trouble(NOTHING, [fault("BudgetError", until=until)], Freshness())
    assert found
    assert found.when == "next try 14:10 UTC"


def test_the_account_comes_before_one_dataset() -> None:
    found = trouble(NOTHING, [fault("ForbiddenError", dataset="neurons"), fault("AuthError")], Freshness())
    assert found
    assert found.title == "Cloudflare refuses the token"


def test_an_account_without_traffic() -> None:
    """Said once all of the past was read; before that there may still be some."""
    assert trouble(NOTHING, [], GOOD) == QUIET
    assert trouble(NOTHING, [], Freshness()) is None
    assert trouble(NOTHING, [], replace(GOOD, progress=Progress(1, 2, AFTERNOON))) is None


def test_an_account_without_a_gateway() -> None:
    assert trouble(replace(NOTHING, gateways=(("acme", ()),)), [], GOOD) == NO_GATEWAY
    assert trouble(replace(NOTHING, gateways=(("acme", (Gateway("prod"),)),)), [], GOOD) == QUIET


def test_figures_are_never_hidden() -> None:
    """However bad it is, what is known stays on the screen."""
    for kind in TITLES:
        assert trouble(scene().snapshot, [fault(kind)], Freshness()) is None


def test_the_disk_comes_last() -> None:
    """It keeps no answer from coming: where there is none, something else is why."""
    faults = [fault("FullError", dataset=DISK), fault("TransientError", dataset="round")]
    assert [found.title for some in (faults, faults[:1]) if (found := trouble(NOTHING, some, Freshness()))] == [
        "Cloudflare is out of reach",
        "The disk is full: nothing new is kept",
    ]


def test_a_newer_store_is_said_first_of_all() -> None:
    """Also where it can be read: what comes will be lost. Once there was a panel on the screen, it has its line."""
    newer = fault("NewerError", dataset=DISK)
    for snapshot in (NOTHING, scene().snapshot):
        found = trouble(snapshot, [newer, fault("AuthError")], GOOD, is_first=True)
        assert found
        assert (found.title, found.way_on) == ("A newer aigw-tui wrote this history", "go on in memory")
    assert trouble(scene().snapshot, [newer], GOOD) is None
    assert trouble(NOTHING, [newer], GOOD) == QUIET


ALL = [
    found
    for kind in (*TITLES, "LocalError")
    if (found := trouble(NOTHING, [fault(kind, why="w " * 40)], Freshness(), is_first=True))
]


def test_all_are_there() -> None:
    assert len(ALL) == len(TITLES) + 1
    assert {*TITLES} <= {*STEPS}


@settings(deadline=None)
@given(
    st.integers(0, 140),
    st.integers(0, 40),
    st.sampled_from([QUIET, NO_GATEWAY, Trouble("t" * 90, "w " * 90, ("s " * 80,)), *ALL]),
)
def test_at_any_size_it_fits(width: int, height: int, shown: Trouble) -> None:
    found = lines(shown, width, height)
    assert len(found) <= height
    assert all(width_of(line) <= max(width, 3) for line in found)


@pytest.mark.parametrize("size", [(200, 56), (120, 36), (100, 26), (80, 21), (60, 17)])
@pytest.mark.parametrize("found", ALL, ids=lambda found: found.title)
def test_all_is_said(found: Trouble, size: tuple[int, int]) -> None:
    """At every size that has room for panels: what, why, and all that can be done."""
    said = " ".join(re.sub(r"^ *[1-9]  ", "", plain(lines(found, *size)), flags=re.MULTILINE).split())
    for text in (found.title, found.why, *found.steps):
        assert UNMOVED.said(text).replace("`", "").strip() in said, text


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.title)
def test_the_smallest(found: Trouble) -> None:
    """At 40 by 10 it says what, and the first thing to do; in one line, what."""
    said = " ".join(plain(lines(found, 40, 8)).split())
    assert found.title[:20] in said
    assert "1 " in said or "a larger terminal says more" in said
    assert found.title[:20] in plain(lines(found, 40, 1))


@pytest.mark.parametrize("width", [34, 60, 80])
def test_commands_stand_out(width: int) -> None:
    """What can be typed, and nothing else, however it is broken."""
    step = "update it with `pipx upgrade aigw-tui`, and start it again with `aigw-tui --hours 24`, and so on"
    spans = [one for line in lines(Trouble("t", "w", (step,)), width, 30) for one in line if one.role == "neuron1"]
    assert " ".join(" ".join(one.text for one in spans).split()) == "pipx upgrade aigw-tui aigw-tui --hours 24"


def test_more_room_never_says_less() -> None:
    said = [len(plain(lines(QUIET, 80, height)).split()) for height in range(1, 30)]
    assert all(fewer <= more + 6 for fewer, more in pairwise(said))  # six words say that there is more
    assert "40" in plain(lines(QUIET, 80, 30))
    assert "a larger terminal says more" in plain(lines(QUIET, 80, 8))


async def test_it_goes_with_the_first_figure() -> None:
    """The screen says what to do, the keys are those that help, and the panels come back with the first answer."""
    stage = Stage(limits=Limits(queries=0))
    async with stage.running():
        await stage.until(lambda: "The API budget of this user is used up" in stage.text())
        assert "1  Cloudflare counts 300 queries in 5 minutes" in stage.text()
        assert "Neurons today" not in stage.text()
        assert stage.panel_line("keys").split() == ["r", "try", "now", "?", "help", "q", "quit"]
        stage.box.limits = Limits()
        while "Neurons today" not in stage.text():
            await stage.pass_time(300)
        assert "used up" not in stage.text()
        await stage.pilot.press("j")
        assert stage.monitor.focused is not None


async def test_it_is_wrapped_anew_with_the_terminal() -> None:
    """At once, not with the next answer."""
    stage = Stage(token="wrong")
    async with stage.running():
        await stage.until(lambda: "refuses the token" in stage.text())
        await stage.pilot.resize_terminal(60, 20)
        await stage.until(lambda: "environment or in .env, and start again" in " ".join(stage.text().split()))


async def test_a_panel_can_still_be_opened() -> None:
    """The log says more of what went wrong."""
    stage = Stage(token="wrong")
    async with stage.running():
        await stage.until(lambda: "refuses the token" in stage.text())
        stage.monitor.show_panel(stage.monitor.panel("log"))
        await stage.until(lambda: "Log" in stage.text())
        assert "refuses the token" not in stage.text()
        await stage.pilot.press("escape")
        await stage.until(lambda: "refuses the token" in stage.text())


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A store in which a newer version kept the built-in account's requests."""
    path = kept(tmp_path / "history.sqlite")
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE account SET server = 'elsewhere'")
        database.commit()
        database.execute("PRAGMA user_version = 99")
    return path


def as_it_is(path: Path) -> tuple[bytes, list[str]]:
    """The file, and what lies beside it."""
    return path.read_bytes(), [one.name for one in path.parent.iterdir()]


async def test_a_newer_store(newer: Path) -> None:
    """The screen names the file, the versions and the ways on; r goes on in memory, a line stays; the file does too."""
    before, stage = as_it_is(newer), Stage(newer)
    async with stage.running():
        await stage.until(lambda: "A newer aigw-tui wrote this history" in stage.text())
        await stage.until(lambda: stage.clock.has_sleepers)
        text = " ".join(stage.text().split())
        assert "is of version 99, this program reads up to 6" in text
        assert "1 update this program" in text
        assert "3 or go on with r" in text
        assert "Neurons today" not in text
        assert stage.panel_line("keys").startswith(" r go on in memory   ? help   q quit")
        stage.monitor.show_panel(stage.monitor.panel("log"))
        await stage.until(lambda: "GraphQL requests" in stage.panel("log"))
        await stage.pilot.press("escape")
        await stage.until(lambda: "A newer aigw-tui" in stage.text())
        await stage.pilot.press("r")
        await stage.until(lambda: "Neurons today" in stage.text() and "llama" in stage.text())
        assert "history is only read" in stage.panel_line("notice")
        await stage.pass_time(120)
        assert "A newer aigw-tui" not in stage.text()
    assert as_it_is(newer) == before


async def test_a_newer_store_with_other_keys(newer: Path) -> None:
    stage = Stage(newer, looks=Looks(keymap={"view.refresh": "f5"}))
    async with stage.running():
        await stage.until(lambda: "or go on with f5" in stage.text())
        assert "f5 go on in memory" in stage.panel_line("keys")


async def test_a_full_disk(tmp_path: Path) -> None:
    """Before anything was read a screen; beside figures a line with cause and remedy; both go with the first room."""
    path = tmp_path / "history.sqlite"
    stage = Stage(path)
    history = stage.monitor._feed._history
    room = 0
    history._home = Home(path, lambda _: room)  # type: ignore[attr-defined]
    history.go_on_in_memory()
    history._db.execute("PRAGMA max_page_count = 100000")  # type: ignore[attr-defined]
    async with stage.running():
        await stage.until(lambda: "llama" in stage.text() and stage.clock.has_sleepers)
        line = stage.panel_line("notice")
        assert "disk full" in line
        assert "→ make room; meanwhile all lives in memory" in line
        before = stage.panel_line("status")
        await stage.pass_time(60)
        while (status := stage.panel_line("status")) == before or "now" not in status:
            await stage.pass_time(30)
        assert "disk full" in stage.panel_line("notice")
        for size, rows in (((80, 24), 1), ((60, 20), 2), ((40, 10), 2)):
            await stage.pilot.resize_terminal(*size)
            await stage.until(lambda: "disk full" in stage.panel_line("notice"))
            assert len(stage.panel_line("notice").splitlines()) == rows
        room = 10**9
        stage.monitor.action_refresh()
        await stage.until(lambda: "disk full" not in stage.text())
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT SUM(requests) FROM requests").fetchone()[0] > 1000


def all_in(stage: Stage, texts: tuple[str, ...]) -> bool:
    return all(text in " ".join(stage.text().split()) for text in texts)


async def test_a_full_disk_and_nothing_to_show() -> None:
    """Where nothing was ever read it is a screen, until there is something to show."""
    stage = Stage()
    stage.monitor._feed.note(
        fault("FullError", why="0.0 MB free of 5.0 MB needed for /data/history.sqlite", dataset=DISK)
    )
    wanted = ("0.0 MB free of 5.0 MB needed", "it is, with what was read meanwhile")
    async with stage.running():
        stage.monitor._feed.look = lambda scope: replace(  # type: ignore[method-assign]
            NOTHING, scope=scope, faults=stage.monitor._feed._faults.current
        )
        stage.monitor._look()
        for size in ((200, 60), (120, 40), (100, 30), (80, 24), (60, 20), (40, 10)):
            await stage.pilot.resize_terminal(*size)
            said = partial(all_in, stage, wanted if size != (40, 10) else wanted[:1])
            await stage.until(said)
            assert "The disk is full" in stage.text()
