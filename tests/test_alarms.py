"""Alerts of the feed: one episode each, whoever judges, however often it is started, and whatever the disk does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.errors import LocalError, TransientError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.feed.alarms import AT_A_TIME, Alarms
from aigw_tui.history import open_history
from aigw_tui.history.protocol import Alerts
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.quotas import Allowance
from aigw_tui.model import DAY, HOUR, Alert, Episode, Phase, Place, Scope
from test_several_instances import row
from world import NOW, SERVER

MINUTE = timedelta(minutes=1)
WAITING = Rule("costly", "cost_per_day", above=1.0, wait=MINUTE * 5)
"""The made-up account costs 7.5 USD today from the beginning on."""
SILENT = Rule("silent", "no_data", above=10.0)


class Instance:
    """A monitor without a screen, its own connection to the file."""

    def __init__(self, path: Path | None, clock: StillClock, *rules: Rule) -> None:
        self.clock, self.account = clock, MadeUpAccount(clock)
        self.account.rows["requests"] = [row(NOW.replace(minute=0) - HOUR * n) for n in range(72)]
        self.history = open_history(path, "https://x", clock.now()).history
        settings = FeedSettings(("a",), MINUTE, rules=rules or (WAITING,))
        self.feed = Feed(self.account, self.history, clock, settings)
        self.steps = self.feed.watch()

    async def run(self, seconds: float) -> None:
        end = self.clock.slept + seconds
        while self.clock.slept < end:
            await anext(self.steps)

    @property
    def alert(self) -> Alert:
        (found,) = self.feed.look(Scope()).alerts
        return found

    @property
    def episodes(self) -> tuple[Episode, ...]:
        return self.history.alerts.episodes(NOW - DAY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


async def test_it_waits_then_fires_once(path: Path) -> None:
    """Pending for five minutes, then one episode, which goes on."""
    one = Instance(path, StillClock(NOW))
    await one.run(150)
    assert (one.alert.phase, one.episodes) == (Phase.PENDING, ())
    await one.run(300)
    assert (one.alert.phase, one.alert.figure) == (Phase.FIRING, "$7.50")
    await one.run(600)
    (episode,) = one.episodes
    assert (episode.rule, episode.resolved, episode.peak) == ("costly", None, 7.5)
    assert MINUTE * 5 <= episode.fired - episode.began <= MINUTE * 7
    assert one.feed.look(Scope()).episodes == (episode,)
    await one.feed.close()


async def test_a_restart_in_pending_neither_repeats_nor_forgets(path: Path) -> None:
    """A minute after it closed it is opened again: it has been pending since then, and fires once."""
    clock = StillClock(NOW)
    first = Instance(path, clock)
    await first.run(180)
    since = first.alert.since
    assert since is not None
    await first.feed.close()
    clock.pass_(60)
    second = Instance(path, clock)
    await second.run(240)
    assert (second.alert.phase, len(second.episodes)) == (Phase.FIRING, 1)
    assert second.episodes[0].began == since
    await second.feed.close()
    third = Instance(path, clock)
    await third.run(240)
    assert [(one.began, one.resolved) for one in third.episodes] == [(since, None)]
    await third.feed.close()


async def test_hours_in_which_nothing_ran_do_not_count(path: Path) -> None:
    """Pending for three minutes, closed for an hour: the other two minutes are still to come."""
    clock = StillClock(NOW)
    first = Instance(path, clock)
    await first.run(180)
    await first.feed.close()
    clock.pass_(3600)
    second = Instance(path, clock)
    await second.run(30)
    assert (second.alert.phase, second.episodes) == (Phase.PENDING, ())
    await second.run(240)
    assert (second.alert.phase, len(second.episodes)) == (Phase.FIRING, 1)
    await second.feed.close()


async def test_two_instances_make_one_episode(path: Path) -> None:
    """Both judge, in turns; each shows the alert, and the store has it once."""
    clock = StillClock(NOW)
    first, second = Instance(path, clock), Instance(path, clock)
    for _ in range(60):
        await first.run(10)
        await second.run(10)
    assert first.alert == second.alert
    assert first.alert.phase is Phase.FIRING
    assert len(first.episodes) == 1
    assert first.episodes == second.episodes
    await first.feed.close()
    await second.feed.close()


async def test_it_resolves_when_answers_come_again() -> None:
    """No good answer for ten minutes fires; the first good one resolves, and the episode has its worst."""
    one = Instance(None, StillClock(NOW), SILENT)
    await one.run(120)
    one.account.failures = [TransientError("no network")] * 1000
    await one.run(1800)
    assert one.alert.phase is Phase.FIRING
    one.account.failures.clear()
    await one.run(1800)
    assert (one.alert.phase, one.alert.figure) == (Phase.INACTIVE, "")
    (episode,) = one.episodes
    assert episode.resolved is not None
    assert episode.peak is not None
    assert episode.peak > 10
    await one.feed.close()


async def test_silence_by_hand(path: Path) -> None:
    """For two hours, for everyone on the store; once more takes it back. The rule is judged all the same."""
    one = Instance(path, StillClock(NOW))
    await one.run(30)
    one.feed.alarms.silence("costly", one.feed.now())
    until = one.alert.silenced_until
    assert until is not None
    assert until - one.feed.now() == HOUR * 2
    await one.run(600)
    assert (one.alert.phase, one.alert.silenced_until) == (Phase.FIRING, until)
    one.feed.alarms.silence("costly", one.feed.now())
    assert one.alert.silenced_until is None
    await one.feed.close()


async def test_an_alert_at_rest_paints_nothing() -> None:
    """Round after round the snapshots are equal, though what the rule reads moves."""
    one = Instance(None, StillClock(NOW), replace(SILENT, above=10_000.0))
    await one.run(900)
    before = one.feed.look(Scope())
    await one.run(300)
    assert one.feed.look(Scope()).alerts == before.alerts
    await one.feed.close()


@pytest.fixture
def history() -> Iterator[SqliteHistory]:
    found = open_history(None, SERVER, NOW).history
    yield found
    found.close()


def test_many_accounts_take_turns(history: SqliteHistory) -> None:
    """A few after each round; after enough rounds each was judged, and what is shown is all of them."""
    asked: list[str] = []

    def ground(account: str, since: datetime) -> Ground:
        asked.append(account)
        return Ground(history, account, Allowance(), since, since, NOW)

    labels = {f"{n:032x}": f"customer {n}" for n in range(10)}
    alarms = Alarms((SILENT,), ground, history.alerts)
    for n in range(3):
        alarms.judge(labels, NOW + MINUTE * n, MINUTE)
        assert len(asked) == AT_A_TIME * (n + 1)
    assert {*asked} == {*labels}
    assert {one.account for one in alarms.current} == {*labels}


def test_a_disk_that_refuses_loses_nothing(history: SqliteHistory) -> None:
    """Nothing of a judgement is kept unless all of it is."""
    alarms = Alarms(
        (replace(SILENT, above=-1.0),),
        lambda account, now: Ground(history, account, Allowance(), now, now, NOW),
        history.alerts,
    )
    history._db.execute("DROP TABLE episode")
    with pytest.raises(LocalError):
        alarms.judge({"a": "acme"}, NOW, MINUTE)
    assert history.alerts.states() == {}
    assert not history._db.in_transaction


def test_what_is_no_longer_watched_ends(history: SqliteHistory) -> None:
    """A rule that was removed while it fired: a day after it was last judged its episode is over."""
    store: Alerts = history.alerts

    def ground(account: str, now: datetime) -> Ground:
        return Ground(history, account, Allowance(), now, now, NOW)

    Alarms((replace(SILENT, above=-1.0),), ground, store).judge({"a": "acme"}, NOW, MINUTE)
    other = Alarms((replace(SILENT, name="other", above=10_000.0),), ground, store)
    other.judge({"a": "acme"}, NOW + HOUR, MINUTE)
    assert store.episodes(NOW - DAY)[0].resolved is None
    other.judge({"a": "acme"}, NOW + DAY + MINUTE, MINUTE)
    assert store.episodes(NOW - DAY)[0].resolved == NOW


async def test_what_was_seen_is_told_to_a_report(path: Path) -> None:
    """Its episodes, and when each rule was last judged: so an answer that was not missing is known, too."""
    one = Instance(path, StillClock(NOW), WAITING, SILENT)
    await one.run(600)
    found = one.feed.alarms.told(NOW - DAY)
    assert [(episode.rule, episode.resolved) for episode in found.episodes] == [("costly", None)]
    assert set(found.seen) == {Place("costly", "a"), Place("silent", "a")}
    assert min(found.seen.values()) > NOW + MINUTE * 5
    await one.feed.close()
