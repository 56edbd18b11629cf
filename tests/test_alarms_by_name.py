"""Alerts of rules that are judged by name: a state and episodes for each, whoever judges, and what is shown of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.feed.alarms import Alarms
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.alertstate import read
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.judging import judge_all, lookback
from aigw_tui.insight.parts import MOST_NAMES
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.trials import trial
from aigw_tui.model import DAY, HOUR, Alert, Phase, Place, Window, day_of, hour_of
from world import ACCOUNT, NOW, SERVER, TODAY, request_row

MINUTE = timedelta(minutes=1)
ERRORS = Rule("errors", "error_rate", above=0.05, min_requests=20, each="model")
LABELS = {ACCOUNT: "acme"}


class Calls:
    """Calls by model and hour, each hour's rows there from five minutes after its end on; a history that follows."""

    def __init__(self, errors: Mapping[str, Mapping[int, int]], path: Path | None = None) -> None:
        self.errors, self.path = errors, path
        """Model → hours since `TODAY` in which it was called 100 times → how many failed."""
        self.history = open_history(path, SERVER, TODAY).history
        self.moved: datetime | None = None

    def rows(self, until: datetime) -> list[StoredRow]:
        return [
            request_row(hour % 24, model, "p", 100, errors, day=TODAY + DAY * (hour // 24))
            for model, own in self.errors.items()
            for hour, errors in own.items()
            if TODAY + HOUR * hour < until
        ]

    def move(self, now: datetime) -> None:
        if hour_of(now) == self.moved:
            return
        self.moved = hour_of(now)
        window = Window(TODAY - DAY * 3, hour_of(now) + HOUR)
        self.history.record(ACCOUNT, dataset("requests"), window, self.rows(now), {}, now)

    def ground(self, _: str, now: datetime, since: datetime | None = None) -> Ground:
        return Ground(self.history, ACCOUNT, Allowance(), now, since or now, now)

    def alarms(self, *rules: Rule) -> Alarms:
        return Alarms(rules or (ERRORS,), self.ground, self.history.alerts)

    def run(self, alarms: Iterable[Alarms], since: datetime, until: datetime, every: timedelta = MINUTE) -> None:
        now = since
        while now <= until:
            self.move(now)
            for one in alarms:
                one.judge(LABELS, now, every)
            now += every


CALM = dict.fromkeys(range(14), 0)
MIXED = {"calm": CALM, "first": CALM | {4: 9, 5: 9}, "second": CALM | {5: 20, 6: 20, 12: 20}, "third": CALM | {13: 7}}
EXPECTED = [
    ("errors [first]", 5, 7),
    ("errors [second]", 6, 8),
    ("errors [second]", 13, 14),
    ("errors [third]", 14, None),
]
"""Hours of today, five minutes after which it fired, and was over."""


def told(history: SqliteHistory) -> list[tuple[str, int, int | None]]:
    found = sorted(history.alerts.episodes(TODAY - DAY), key=lambda one: (one.fired, one.name))
    assert {one.fired.minute for one in found} <= {5}
    return [(one.title, one.fired.hour, one.resolved.hour if one.resolved else None) for one in found]


def test_an_episode_for_each() -> None:
    """Each fires and is over by itself; what is shown is what fires, and how many others there are."""
    calls = Calls(MIXED)
    alarms = calls.alarms()
    calls.run([alarms], TODAY + HOUR, NOW)
    assert told(calls.history) == EXPECTED
    fires, others = alarms.current
    assert (fires.title, fires.figure, fires.words) == ("errors [third]", "7.0 %", "error rate above 5.0 %")
    assert dict(fires.narrow) == {"account": (ACCOUNT,), "model": ("third",)}
    assert (others.name, others.phase) == ("", Phase.INACTIVE)
    assert others.words == "error rate above 5.0 %, each of 4 models but 1"


def test_two_judge_once(tmp_path: Path) -> None:
    """Two processes with the same file, in turns: the same episodes, once, and both show the same."""
    path = tmp_path / "history.sqlite"
    calls = Calls(MIXED, path)
    other = Calls(MIXED, path)
    both = [calls.alarms(), other.alarms()]
    calls.run(both, TODAY + HOUR * 3, NOW)
    assert told(calls.history) == EXPECTED
    assert both[0].current == both[1].current
    assert both[0].episodes == both[1].episodes


def test_a_restart_neither_repeats_nor_forgets(tmp_path: Path) -> None:
    """Every few minutes another process goes on, with `for` and `keep_firing_for` running in each name."""
    rule = replace(ERRORS, wait=MINUTE * 20, keep_firing_for=MINUTE * 20)
    path = tmp_path / "history.sqlite"
    whole, cut = Calls(MIXED), Calls(MIXED, path)
    whole.run([whole.alarms(rule)], TODAY + HOUR * 3, NOW + HOUR)
    for n in range(0, 12 * 60 + 1, 7):
        begin = TODAY + HOUR * 3 + MINUTE * n
        again = Calls(MIXED, path)
        again.run([again.alarms(rule)], begin, min(begin + MINUTE * 6, NOW + HOUR))
        again.history.close()
    assert cut.history.alerts.episodes(TODAY) == whole.history.alerts.episodes(TODAY)
    assert len(whole.history.alerts.episodes(TODAY)) == 4


@pytest.mark.parametrize("on_no_data", ["keep", "clear", "alert"])
def test_a_replay_tells_what_the_monitor_told(on_no_data: str) -> None:
    """From what is stored at the end: the same episodes of the same names, whatever is done about missing figures."""
    late = {"late": {8: 0, 9: 50, 12: 0}, "rare": {3: 50}}
    calls = Calls({**MIXED, **late})
    rule = replace(ERRORS, wait=MINUTE * 15, keep_firing_for=MINUTE * 10, on_no_data=on_no_data)  # type: ignore[arg-type]
    start = TODAY + MINUTE
    alarms = calls.alarms(rule)
    calls.run([alarms], start, NOW)
    found = trial(rule, lambda a, since: calls.ground(a, NOW, since), ACCOUNT, "acme", Window(start, NOW))
    key = [(one.title, one.began, one.fired, one.resolved, one.peak) for one in found.episodes]
    stored = sorted(calls.history.alerts.episodes(TODAY), key=lambda one: (one.fired, one.name))
    assert sorted(key, key=lambda one: (one[2], one[0])) == [
        (one.title, one.began, one.fired, one.resolved, one.peak) for one in stored
    ]
    judged = judge_all(rule, calls.ground(ACCOUNT, NOW, NOW - lookback([rule])), NOW)
    assert {one.title for one in judged if one.state.phase.is_on} == {
        one.title for one in alarms.current if one.phase.is_on
    }


@pytest.fixture
def history() -> Iterator[SqliteHistory]:
    found = open_history(None, SERVER, NOW).history
    yield found
    found.close()


def test_what_rests_is_not_written() -> None:
    """Of a hundred names two fire: these alone have a state, and the one that is over none any more after a day."""
    calls = Calls({**{f"m{n:02}": CALM for n in range(98)}, "on": CALM | {13: 50}, "off": CALM | {5: 50}})
    alarms = calls.alarms()
    calls.run([alarms], TODAY + HOUR * 5, NOW, MINUTE * 5)
    states = {place.name: read(text).phase for place, text in calls.history.alerts.states().items()}
    assert states == {"on": Phase.FIRING, "off": Phase.INACTIVE}
    calls.run([alarms], TODAY + HOUR * 32, TODAY + HOUR * 32)
    assert {place.name for place in calls.history.alerts.states()} == {"on"}


def test_a_name_that_is_gone_is_over_and_forgotten() -> None:
    """It failed, and was never called again: after a day its episode is over, and told as such; nothing is left."""
    calls = Calls({"gone": {5: 50}, "calm": dict.fromkeys(range(40), 0)})
    alarms = calls.alarms()
    calls.run([alarms], TODAY + HOUR * 5, TODAY + HOUR * 31, MINUTE * 5)
    (episode,) = calls.history.alerts.episodes(TODAY)
    assert (episode.title, episode.resolved) == ("errors [gone]", TODAY + DAY + HOUR * 6 + MINUTE * 5)
    assert [one.title for one in alarms.current] == ["errors"]
    calls.run([alarms], TODAY + HOUR * 56, TODAY + HOUR * 56)
    assert calls.history.alerts.states() == {}


def test_a_rule_that_was_one_sum(history: SqliteHistory) -> None:
    """Its state is no name's, nor the other way round: what it left ends after a day, as of a rule that is gone."""
    calls = Calls({"a": dict.fromkeys(range(60), 50)})
    one_sum = replace(ERRORS, each="")
    calls.run([calls.alarms(one_sum)], TODAY + HOUR * 5, TODAY + HOUR * 6, MINUTE * 5)
    by_name = calls.alarms()
    calls.run([by_name], TODAY + HOUR * 7, TODAY + HOUR * 8, MINUTE * 5)
    running = {one.title for one in calls.history.alerts.episodes(TODAY) if one.resolved is None}
    assert running == {"errors", "errors [a]"}
    calls.run([by_name], TODAY + HOUR * 31, TODAY + HOUR * 31)
    assert {one.title for one in calls.history.alerts.episodes(TODAY) if one.resolved is None} == {"errors [a]"}


def test_silence_of_one_or_of_all() -> None:
    """A name by itself; the whole rule with all of its names; each taken back by itself."""
    calls = Calls({"a": CALM | {13: 50}, "b": CALM | {13: 50}})
    alarms = calls.alarms()
    calls.run([alarms], NOW - MINUTE, NOW)

    def silent() -> list[str]:
        return [one.title for one in alarms.current if one.silenced_until]

    alarms.silence("errors", NOW, "a")
    assert silent() == ["errors [a]"]
    alarms.silence("errors", NOW)
    assert silent() == ["errors [a]", "errors [b]", "errors"]
    alarms.silence("errors", NOW, "a")
    alarms.silence("errors", NOW)
    assert silent() == []


def test_no_more_than_can_be_judged_and_the_rest_is_said() -> None:
    calls = Calls({f"m{n:03}": {13: 0} for n in range(MOST_NAMES + 30)})
    alarms = calls.alarms()
    calls.run([alarms], NOW, NOW)
    (others,) = alarms.current
    assert others.words.endswith("each of 500 models; 30 more are not judged")


def test_nothing_can_be_told_of_any() -> None:
    """The reason stands in the rule's line, and no line is added for each name."""
    calls = Calls({"a": CALM, "b": CALM})
    alarms = calls.alarms(Rule("spike", "token_spike", above=6.0, each="model"))
    calls.run([alarms], NOW, NOW)
    (one,) = alarms.current
    assert one.why == "7 days of history are needed, there are 3"


def test_an_alert_at_rest_paints_nothing() -> None:
    """Five hundred names that move below the threshold are one line that does not."""
    calls = Calls({f"m{n}": {hour: (n + hour) % 4 for hour in range(16)} for n in range(500)})
    alarms = calls.alarms()
    calls.run([alarms], NOW, NOW)
    before: tuple[Alert, ...] = alarms.current
    calls.run([alarms], NOW + HOUR, NOW + HOUR)
    assert alarms.current == before


def test_many_episodes_are_all_told(history: SqliteHistory) -> None:
    """Five hundred that run, and those of the last weeks beside them, the newest first."""
    calls = Calls({f"m{n:03}": {13: 50} for n in range(500)})
    alarms = calls.alarms()
    calls.run([alarms], NOW, NOW)
    assert len(alarms.episodes) == 500
    assert {one.fired for one in alarms.episodes} == {NOW}
    assert {one.place for one in alarms.episodes} == {Place("errors", ACCOUNT, f"m{n:03}") for n in range(500)}
    assert day_of(NOW) == TODAY
