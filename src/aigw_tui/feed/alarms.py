"""Alerts of the feed: rules judged after every round, their states in the store, one episode each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from aigw_tui.feed.steady import Read, Reads
from aigw_tui.history.episodes import Verdicts
from aigw_tui.history.protocol import Alerts
from aigw_tui.insight.alerting import RESTING, Rule, Transition, step
from aigw_tui.insight.alertstate import read, written
from aigw_tui.insight.firings import Told
from aigw_tui.insight.ground import Ground, Reading
from aigw_tui.insight.judging import episode_of
from aigw_tui.insight.readings import concerns, condition, figure, reader
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, Alert, AlertState, Episode, Phase

AT_A_TIME = 4
"""Accounts judged after one round: up to 20 ms each."""
SLACK = 1.25
"""A round comes up to a tenth late, and at half the pace while API calls run short; a machine that slept is later."""
SHOWN_FOR = DAY * 30
MOST_SHOWN = 100
SILENT_FOR = timedelta(hours=2)
ORDER = (Phase.FIRING, Phase.RECOVERING, Phase.PENDING, Phase.INACTIVE)

GroundOf = Callable[[str, datetime], Ground]


def at_once(read: Callable[[], Read]) -> Read:
    """What a disk that refuses raises is the caller's."""
    return read()


class Seen(NamedTuple):
    """What a rule reads of an account now."""

    rule: Rule
    account: str
    reading: Reading
    narrow: Pairs


class Alarms:
    """Rules judged by whoever runs: the store lets one do it at a time, and a moment that was judged counts once."""

    def __init__(self, rules: Sequence[Rule], ground_of: GroundOf, store: Alerts, reads: Reads = at_once) -> None:
        self._rules, self._ground_of, self.store, self._reads = tuple(rules), ground_of, store, reads
        self._judged: dict[tuple[str, str], Alert] = {}
        self._next = 0
        self.current: tuple[Alert, ...] = ()
        """The worst first."""
        self.episodes: tuple[Episode, ...] = ()

    def judge(self, labels: Mapping[str, str], now: datetime, interval: timedelta) -> None:
        """All rules for the accounts whose turn it is. `labels`: account → name; `interval`: between two rounds."""
        if self._rules and labels:
            self._reads(lambda: self._judge(labels, now, interval))

    def silence(self, rule: str, now: datetime) -> None:
        """For two hours; one that is silent speaks again."""
        self._reads(lambda: self._silence(rule, now))

    def told(self, since: datetime) -> Told:
        """What was seen from then on, by this process or another."""
        return self._reads(lambda: self._told(since))

    def _told(self, since: datetime) -> Told:
        states = {place: read(text) for place, text in self.store.states().items()}
        seen = {place: state.seen for place, state in states.items() if state.seen}
        return Told(self.store.episodes(since), seen)

    def _judge(self, labels: Mapping[str, str], now: datetime, interval: timedelta) -> None:
        turns = -(-len(labels) // AT_A_TIME)
        chosen = list(islice((*labels, *labels), self._next, self._next + min(AT_A_TIME, len(labels))))
        self._next = (self._next + len(chosen)) % len(labels)
        seen = [one for account in chosen for one in self._look(account, labels[account], now)]
        after: dict[tuple[str, str], AlertState] = {}

        def act(before: Mapping[tuple[str, str], str]) -> Verdicts:
            after.clear()
            changed, found = {}, []
            for one in seen:
                place = one.rule.name, one.account
                old = read(before.get(place))
                new = after[place] = step(one.rule, old, one.reading.value, now, interval * SLACK * turns)
                if new != old:
                    changed[place] = written(new)
                    if episode := _episode(one, old, new, now):
                        found.append(episode)
            for place, text in before.items():
                if place not in after and (left := _abandoned(place, read(text), now)):
                    changed[place] = written(RESTING)
                    found.append(left)
            return Verdicts(changed, found)

        self.store.judge(act)
        kept = {place: one for place, one in self._judged.items() if place[1] in labels}
        self._judged = kept | {
            (one.rule.name, one.account): _alert(one, after[one.rule.name, one.account]) for one in seen
        }
        self._show(now)

    def _silence(self, rule: str, now: datetime) -> None:
        if rule in self.store.silenced(now):
            self.store.unsilence(rule)
        else:
            self.store.silence(rule, now + SILENT_FOR)
        self._show(now)

    def _look(self, account: str, label: str, now: datetime) -> list[Seen]:
        ground = self._ground_of(account, now)
        rules = [rule for rule in self._rules if concerns(rule, account, label)]
        return [
            Seen(rule, account, reader(rule, ground)(now), ground.pairs(rule) or (("account", (account,)),))
            for rule in rules
        ]

    def _show(self, now: datetime) -> None:
        silenced = self.store.silenced(now)
        found = [replace(one, silenced_until=silenced.get(one.rule)) for one in self._judged.values()]
        names = [rule.name for rule in self._rules]
        found.sort(key=lambda one: (ORDER.index(one.phase), one.severity != "critical", names.index(one.rule)))
        self.current = tuple(found)
        self.episodes = self.store.episodes(now - SHOWN_FOR, MOST_SHOWN)


def _episode(one: Seen, before: AlertState, after: AlertState, now: datetime) -> Episode | None:
    """What is to be written of an episode: its begin, its end, and whatever is worse than before."""
    is_same = before.phase is after.phase and before.peak == after.peak
    change = Transition(now, before.phase, after)
    return None if is_same else episode_of(one.rule, one.account, change, condition(one.rule))


def _abandoned(place: tuple[str, str], state: AlertState, now: datetime) -> Episode | None:
    """What nobody has judged for a day, because its rule or its account is gone: it ended when it was last seen."""
    if not state.phase.is_on or state.seen is None or state.fired is None or now - state.seen <= DAY:
        return None
    words = "the rule is no longer there"
    return Episode(*place, state.began or state.fired, state.fired, state.seen, "warning", state.peak, words)


def _alert(one: Seen, state: AlertState) -> Alert:
    """Without a figure while nothing is wrong: it would move with every round, and be painted."""
    is_on = state.phase is not Phase.INACTIVE
    is_told = one.reading.value is not None or one.reading.is_quiet
    return Alert(
        one.rule.name,
        one.account,
        one.rule.severity,
        state.phase,
        condition(one.rule),
        state.value if is_on else None,
        figure(one.rule, state.value) if is_on else "",
        (state.began if state.phase is Phase.PENDING else state.fired) if is_on else None,
        "" if is_told else one.reading.why,
        one.narrow,
    )
