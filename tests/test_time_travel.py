"""Time travel on the screen: `[` `]` `{` `}` and `t`, what a replay shows, and what goes on underneath."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aigw_tui.demo.box import ACCOUNT_ID
from aigw_tui.demo.truth import totals
from aigw_tui.history.episodes import Verdicts
from aigw_tui.insight.alerting import Rule
from aigw_tui.model import DAY, HOUR, Account, Episode, Scope, State, Window, day_of, period_of
from aigw_tui.tui.bell import Bell
from aigw_tui.tui.panels.accounts import Accounts
from aigw_tui.tui.panels.latency import Latency
from stage import AFTERNOON, Stage, number, without_calls
from world import ACCOUNT, LLAMA, TODAY, scene, shown

KEYS = {"[": "left_square_bracket", "]": "right_square_bracket", "{": "left_curly_bracket", "}": "right_curly_bracket"}
LAST = AFTERNOON.replace(minute=0)
SPENT = Rule("spent", "cost_per_day", above=0.5, severity="critical")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    found = Stage()
    async with found.running():
        await found.until(lambda: found.clock.has_sleepers)
        yield found


async def press(stage: Stage, keys: str) -> None:
    await stage.pilot.press(*(KEYS.get(key, key) for key in keys))


def moment(stage: Stage) -> datetime | None:
    return stage.monitor.moment.at if stage.monitor.moment else None


def requests(stage: Stage) -> float:
    found = re.search(r"all +([\d,]+)", stage.panel("models"))
    assert found, stage.panel("models")
    return number(found[1])


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ("[", LAST), ("[[[", LAST - HOUR * 2), ("{", LAST - DAY), ("{[", LAST - DAY - HOUR), ("{]", LAST - DAY + HOUR),
        ("{{}", LAST - DAY), ("[]", None), ("{}", LAST), ("[[[}", None), ("{{[t", None), ("]", None), ("}", None),
        ("t", None),
    ],
)  # fmt: skip
async def test_the_keys(stage: Stage, keys: str, at: datetime | None) -> None:
    """An hour, a day, and back to now; the top line says where one stands."""
    before = stage.text()
    await press(stage, keys)
    assert moment(stage) == at
    top = stage.text().splitlines()[0]
    assert ("◂ REPLAY" in top) == (at is not None)
    if at:
        assert f"{at:%a} {at.day} {at:%b %H:%M} UTC" in top
    else:
        assert without_calls(stage.text()) == without_calls(before)


async def test_the_figures_are_those_of_then(stage: Stage) -> None:
    """Requests of that day up to that hour, as the account made them; no hour after it is on the screen."""
    await press(stage, "{")
    at = LAST - DAY
    truth = totals(stage.box.account, Window(day_of(at), at), AFTERNOON)
    assert requests(stage) == truth.requests
    hours = re.findall(r"(\d\d):00 [▸▾]", stage.panel("hours"))
    assert hours[0] == "13"
    quota = stage.monitor.scene.snapshot.quota("neurons") if stage.monitor.scene else None
    assert quota
    assert quota.used == pytest.approx(truth.neurons)
    assert f"{round(truth.neurons):,} used" in stage.panel("neurons")


async def test_before_the_first_hour_one_stops(stage: Stage) -> None:
    """And is told so; the oldest hour that is held is what is shown."""
    first = stage.monitor._feed.first_hour(Scope())
    assert first
    await press(stage, "{" * 10)
    assert moment(stage) == first + HOUR
    assert "nothing older is held" in stage.text().splitlines()[1]
    await press(stage, "]")
    assert "nothing older is held" not in stage.text()
    assert moment(stage) == first + HOUR * 2


async def test_escape_widens_and_the_replay_stays(stage: Stage) -> None:
    """Narrowing, windows and zoom work as they do now; `t` leaves."""
    await press(stage, "{")
    await stage.pilot.press("enter", "w", "z")
    assert stage.monitor.scope.values("model")
    await stage.pilot.press("escape", "escape", "escape", "escape")
    assert stage.monitor.scope.steps == ()
    assert moment(stage) == LAST - DAY
    await press(stage, "t")
    assert "REPLAY" not in stage.text()


@pytest.mark.parametrize("size", [(200, 60), (120, 40), (100, 30), (80, 24), (60, 20), (40, 10), (30, 4)])
async def test_the_line_is_there_at_every_size(stage: Stage, size: tuple[int, int]) -> None:
    """Where the moment lies in one line, and the moment itself, also where there is no top line; the keys name `t`."""
    await press(stage, "{")
    await stage.pilot.resize_terminal(*size)
    await stage.pilot.pause()
    rows = stage.text().splitlines()
    assert sum("REPLAY" in row for row in rows) == 1
    assert "22 Nov 14:00" in "\n".join(rows[:2])
    if size[0] >= 40:
        assert sum("●" in row and "now" in row for row in rows) == 1
        assert "t now" in rows[-1]
    else:
        assert "22 Nov 14:00" in rows[0]
        assert re.search(r"\d %", rows[1])


@pytest.mark.parametrize("size", [(20, 3), (10, 2), (3, 2), (1, 1)])
async def test_any_size_is_survived(stage: Stage, size: tuple[int, int]) -> None:
    await press(stage, "{")
    await stage.pilot.resize_terminal(*size)
    await press(stage, "[]{}t[")
    assert len(stage.text().splitlines()) == size[1]


async def test_the_present_goes_on_underneath(stage: Stage) -> None:
    """Fetching goes on and the figures of then stand still; what is wrong now is said behind `now`."""
    await press(stage, "{")
    before, asked = stage.panel("models"), stage.monitor.freshness.good_at
    while stage.monitor.freshness.good_at == asked:
        await stage.pass_time(30)
    assert stage.panel("models") == before
    stage.stop_server()
    while stage.monitor.freshness.state is not State.OFFLINE:
        await stage.pass_time(30)
    line = stage.text().splitlines()[1]
    assert "now ▲ offline" in line
    assert "→" not in line
    await press(stage, "t")
    assert "offline" in stage.text().splitlines()[0]
    assert "→" in stage.text().splitlines()[1]
    stage.start_server()


async def test_nothing_is_asked_for_a_replay(stage: Stage) -> None:
    """What only now can tell is no need of its screen; back at now it is one again."""
    needs = stage.monitor._feed._live
    await stage.until(lambda: stage.is_answered)
    assert needs.needs.names
    await press(stage, "{")
    assert needs.needs.names == frozenset()
    await press(stage, "t")
    assert needs.needs.names


@pytest.mark.parametrize("name", ["metadata", "storage", "coverage", "log", "compare", "latency", "requests"])
async def test_what_is_not_kept_says_so(stage: Stage, name: str) -> None:
    """Instead of the figures of today, which come back with `t`."""
    stage.monitor.show_panel(stage.monitor.panel(name))
    await stage.until(lambda: name == "metadata" or stage.is_answered)  # no key of metadata is named
    assert "no part of a replay" not in stage.panel(name)
    await press(stage, "[")
    await stage.until(lambda: bool(stage.panel(name)))
    text = " ".join(stage.panel(name).replace("│", " ").split())
    assert "no part of a replay; t goes back to now" in text
    assert not re.search(r"\d{3}", text)
    await stage.pilot.press("down", "up", "G", "enter", "space")
    await press(stage, "t")
    assert "no part of a replay" not in stage.panel(name)


async def test_a_pause_and_a_refresh(stage: Stage) -> None:
    """Both are possible; the refresh is one of now."""
    await press(stage, "{p")
    before = stage.panel("models")
    await press(stage, "r")
    await stage.pass_time(60)
    assert stage.panel("models") == before
    await press(stage, "[")
    assert moment(stage) == LAST - DAY - HOUR
    await press(stage, "p")
    assert "REPLAY" in stage.text()


async def test_the_palette_and_the_help_know_the_keys(stage: Stage) -> None:
    """They are made from the bindings."""
    await stage.pilot.press("question_mark")
    await stage.pilot.pause()
    surface = stage.monitor.screen.query_one("#page")
    text = "\n".join(strip.text for strip in surface._strips)  # type: ignore[attr-defined]
    for key in ("[", "]", "{", "}", "t"):
        assert re.search(rf"^ +{re.escape(key)} +\w", text, re.MULTILINE), key
    await stage.pilot.press("escape")
    ids = {binding.id for binding in stage.monitor.named_bindings()}
    assert {"time.hour_back", "time.hour_on", "time.day_back", "time.day_on", "time.now"} <= ids


async def test_alerts_of_then_and_silence_of_now() -> None:
    """What fires now is no alert of yesterday, but is told of; `s` is about now, and says so."""
    stage = Stage(rules=(SPENT,))
    began, over = LAST - DAY - HOUR, LAST - HOUR * 3
    episode = Episode("errors", ACCOUNT_ID, began, began, over, "warning", 0.3, "errors above 5 %")
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        history = stage.monitor._feed._history
        history.alerts.judge(lambda _: Verdicts(episodes=(episode,)))
        stage.monitor.show_panel(stage.monitor.panel("alerts"))
        await stage.until(lambda: "spent" in stage.panel("alerts"))
        await press(stage, "{")
        text = stage.panel("alerts")
        assert "spent" not in text
        assert re.search(r"▲ errors +13:00 +errors above 5 %", text)
        assert "are watched" not in text
        assert "now ▲ 1 fires" in stage.text().splitlines()[1]
        await press(stage, "s")
        assert "silence changed now, not then" in stage.text().splitlines()[1]
        assert history.alerts.silenced(AFTERNOON).of("errors")
        assert "silent" not in stage.panel("alerts")
        await press(stage, "{")
        assert "no alert is noted for that time" in stage.panel("alerts")


async def test_the_bell_rings_in_a_replay() -> None:
    """For what begins to fire now; what is on the screen has long been over."""
    stage, rung = Stage(rules=(replace(SPENT, wait=timedelta(minutes=5)),)), []
    stage.monitor._bell = Bell(lambda some: rung.append(some[0].rule) or "")  # type: ignore[func-returns-value]
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        await press(stage, "{")
        assert rung == []
        while not rung:
            await stage.pass_time(30)
        assert rung == ["spent"]
        assert moment(stage) == LAST - DAY
        assert "now ▲ 1 fires" in stage.text().splitlines()[1]


def test_the_account_states_of_then_are_not_kept() -> None:
    """An account that is offline now was not offline then."""
    now = scene()
    accounts = (Account(ACCOUNT, "acme", State.OFFLINE),)
    text = shown(Accounts(), replace(now, snapshot=replace(now.snapshot, accounts=accounts, is_past=True)), 160, 9)
    assert "not kept" in text
    assert "offline" not in text


def test_stored_latency_is_shown() -> None:
    """Of one gateway's model in one hour, which history has."""
    hour = Scope().narrow(gateway="prod", provider="workers-ai", model=LLAMA)
    narrowed = hour.narrow(period_of(Window(TODAY + HOUR * 10, TODAY + HOUR * 11)))
    now = scene(narrowed)
    text = shown(Latency(), replace(now, snapshot=replace(now.snapshot, is_past=True)), 100, 12)
    assert "p50" in text
    assert "p99 is not kept" in text


async def test_comparing_goes_round(stage: Stage) -> None:
    """`c`: yesterday, last week, the median of 7 days, nothing; the top line says which, and what is unknown is `–`."""
    before = stage.text()
    for words, total in (("yesterday", r"[+-]\d+ %"), ("last week", "–"), ("the median of 7 days", r"[+-]?\d+ %")):
        await stage.pilot.press("c")
        assert f"today vs {words}" in stage.text().splitlines()[0]
        assert re.search(rf"against {words} to 12:00: {total}", stage.panel("hours"))
        assert "vs" in stage.panel("models")
    await stage.pilot.press("c")
    assert without_calls(stage.text()) == without_calls(before)


async def test_the_total_of_a_comparison_is_the_truth(stage: Stage) -> None:
    """Of the hours that are closed, today and yesterday."""
    await stage.pilot.press("c")
    day, until = day_of(AFTERNOON), HOUR * 12
    now, then = (totals(stage.box.account, Window(one, one + until), AFTERNOON).requests for one in (day, day - DAY))
    assert f"requests against yesterday to 12:00: {round(100 * (now - then) / then):+,} %" in stage.panel("hours")


async def test_what_is_compared_follows_window_measure_and_moment(stage: Stage) -> None:
    """Another window has other words, a window without an earlier one is not compared; so in a replay."""
    await stage.pilot.press("c", "m", "m")
    assert "neurons against yesterday to 11:00" in stage.panel("hours")
    await stage.pilot.press("w", "w")
    assert "7 d vs the 7 days before" in stage.text().splitlines()[0]
    await stage.pilot.press("w", "w", "w")
    assert " vs " not in stage.text().splitlines()[0]
    await stage.pilot.press("c", "w", "m", "m", "m", "m", "c")
    assert "today vs yesterday" in stage.text().splitlines()[0]
    await press(stage, "{")
    assert "requests against yesterday to 14:00" in stage.panel("hours")
