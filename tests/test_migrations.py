"""Older stores: brought up to date when they are opened, nothing lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from aigw_tui.history import open_history
from aigw_tui.history.episodes import Verdicts
from aigw_tui.history.migrations import STEPS
from aigw_tui.insight.alertstate import read, written
from aigw_tui.model import DAY, HOUR, AlertState, Episode, Estimate, Phase, Place
from world import NOW, SERVER

FIRING = AlertState(Phase.FIRING, NOW - HOUR, NOW - HOUR, NOW - HOUR, NOW, value=0.93, peak=0.95)
RUNNING = Episode("used", "a", NOW - HOUR, NOW - HOUR, None, "critical", 0.95, "neurons used above 90 %")
OVER = Episode("errors", "b", NOW - HOUR * 9, NOW - HOUR * 8, NOW - HOUR * 7, "warning", 0.2, "error rate above 5.0 %")


def old(path: Path, version: int) -> None:
    """A store as that version left it: a rule that fires, its episode, and one that is over."""
    with closing(sqlite3.connect(path)) as database, database:
        for apply in STEPS[:version]:
            apply(database)
        database.execute(f"PRAGMA user_version = {version}")
        alert = "INSERT INTO alert (server, rule, subject, state) VALUES (?, ?, ?, ?)"
        database.execute(alert, (SERVER, "used", "a", written(FIRING)))
        until = (NOW + HOUR).timestamp()
        database.execute("INSERT INTO silenced (server, rule, until) VALUES (?, ?, ?)", (SERVER, "errors", until))
        for one in (RUNNING, OVER):
            moments = (one.began.timestamp(), one.fired.timestamp(), one.resolved.timestamp() if one.resolved else None)
            values = (SERVER, one.rule, one.account, *moments, one.severity, one.peak, one.words)
            database.execute(
                "INSERT INTO episode (server, rule, subject, began, fired, resolved, severity, peak, words)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )


@pytest.mark.parametrize("version", range(4, len(STEPS) + 1))
def test_alerts_of_an_older_store(tmp_path: Path, version: int) -> None:
    """Their states and episodes go on; what is written from then on keeps its mark."""
    path = tmp_path / "history.sqlite"
    old(path, version)
    opened = open_history(path, SERVER, NOW)
    assert opened.fault is None
    store = opened.history.alerts
    assert {place: read(text) for place, text in store.states().items()} == {Place("used", "a"): FIRING}
    assert store.silenced(NOW).of("errors") == NOW + HOUR
    assert store.episodes(NOW - DAY) == (RUNNING, OVER)
    assert not any(isinstance(one.peak, Estimate) for one in store.episodes(NOW - DAY))
    new = Episode("used", "a", NOW, NOW, None, "critical", Estimate(0.97), "neurons used above 90 %", "gpt-5-mini")
    store.judge(lambda _: Verdicts({new.place: "{}"}, (new,)))
    assert store.episodes(NOW - DAY) == (new, RUNNING, OVER)
    assert [isinstance(one.peak, Estimate) for one in store.episodes(NOW - DAY)] == [True, False, False]
    assert {*store.states()} == {Place("used", "a"), new.place}
    opened.history.close()
