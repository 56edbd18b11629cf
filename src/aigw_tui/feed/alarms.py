"""Alerts of the feed: rules judged after every round, their states in the store, one episode each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from aigw_tui.feed.shownalerts import shown
from aigw_tui.feed.steady import Read, Reads
from aigw_tui.feed.verdicts import After, Seen, judged, verdicts
from aigw_tui.history.episodes import Verdicts
from aigw_tui.history.protocol import Alerts
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.alertstate import read
from aigw_tui.insight.firings import Told
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.readings import concerns, nobody, parts_of
from aigw_tui.model import DAY, Alert, AlertState, Episode, Phase, Place, Silences, day_of

AT_A_TIME = 4
"""Accounts judged after one round: up to 20 ms each, and as much again for each rule that is judged by name."""
SLACK = 1.25
"""A round comes up to a tenth late, and at half the pace while API calls run short; a machine that slept is later."""
SHOWN_FOR = DAY * 30
MOST_SHOWN = 100
TOLD_FOR = DAY
MOST_TOLD = 5_000
"""Episodes that are running, or ended within a day: all of them are told."""
MOST_EPISODES = 100_000
"""Of the past, of every name."""
SILENT_FOR = timedelta(hours=2)
ORDER = (Phase.FIRING, Phase.RECOVERING, Phase.PENDING, Phase.INACTIVE)

GroundOf = Callable[[str, datetime], Ground]


def at_once(read: Callable[[], Read]) -> Read:
    """What a disk that refuses raises is the caller's."""
    return read()


class Alarms:
    """Rules judged by whoever runs: the store lets one do it at a time, and a moment that was judged counts once."""

    def __init__(self, rules: Sequence[Rule], ground_of: GroundOf, store: Alerts, reads: Reads = at_once) -> None:
        self._rules, self._ground_of, self.store, self._reads = tuple(rules), ground_of, store, reads
        self._judged: dict[tuple[str, str], tuple[Alert, ...]] = {}
        """(rule, account) → what is shown of it."""
        self._memo: dict[Hashable, Any] = {}
        self._states: dict[str, AlertState] = {}
        """What was stored last, by its text, so that it need not be read again."""
        self._next = 0
        self.current: tuple[Alert, ...] = ()
        """The worst first."""
        self.episodes: tuple[Episode, ...] = ()
        """Those to be told, and some of the last weeks, the newest first."""
        self._newest: tuple[datetime, tuple[Episode, ...]] | None = None
        self.silences = Silences()

    def judge(self, labels: Mapping[str, str], now: datetime, interval: timedelta) -> None:
        """All rules for the accounts whose turn it is. `labels`: account → name; `interval`: between two rounds."""
        if self._rules and labels:
            self._reads(lambda: self._judge(labels, now, interval))

    def silence(self, rule: str, now: datetime, name: str = "") -> None:
        """For two hours; one that is silent speaks again."""
        self._reads(lambda: self._silence(rule, now, name))

    def told(self, since: datetime) -> Told:
        """What was seen from then on, by this process or another."""
        return self._reads(lambda: self._told(since))

    def _told(self, since: datetime) -> Told:
        states = {place: read(text) for place, text in self.store.states().items()}
        seen = {place: state.seen for place, state in states.items() if state.seen}
        return Told(self.store.episodes(since, MOST_EPISODES), seen)

    def _judge(self, labels: Mapping[str, str], now: datetime, interval: timedelta) -> None:
        turns = -(-len(labels) // AT_A_TIME)
        chosen = list(islice((*labels, *labels), self._next, self._next + min(AT_A_TIME, len(labels))))
        self._next = (self._next + len(chosen)) % len(labels)
        seen = [one for account in chosen for one in self._look(account, labels[account], now)]
        rules = {rule.name: rule for rule in self._rules}
        after: dict[Place, After] = {}

        def act(stored: Mapping[Place, str]) -> Verdicts:
            nonlocal after
            before = {place: self._states.get(text) or read(text) for place, text in stored.items()}
            after = judged(seen, before, now, interval * SLACK * turns)
            found = verdicts(rules, before, after, now)
            self._states = {text: after[place].state for place, text in found.states.items()}
            return found

        self.store.judge(act)
        kept = {key: own for key, own in self._judged.items() if key[1] in labels}
        self._judged = kept | {key: shown(one, own) for key, one, own in _by_rule(seen, after)}
        self._show(now)

    def _silence(self, rule: str, now: datetime, name: str) -> None:
        if self.store.silenced(now).until.get((rule, name)):
            self.store.unsilence(rule, name)
        else:
            self.store.silence(rule, now + SILENT_FOR, name)
        self._show(now)

    def _look(self, account: str, label: str, now: datetime) -> list[Seen]:
        ground = replace(self._ground_of(account, now), memo=self._memo)
        return [self._seen(rule, ground, now) for rule in self._rules if concerns(rule, account, label)]

    def _seen(self, rule: Rule, ground: Ground, now: datetime) -> Seen:
        parts = parts_of(rule, ground)
        pairs = ground.pairs(rule) or (("account", (ground.account,)),)
        return Seen(rule, ground.account, parts, pairs, None if parts.names else nobody(rule, ground, now))

    def _show(self, now: datetime) -> None:
        self.silences = silences = self.store.silenced(now)
        found = [
            replace(one, silenced_until=silences.of(one.rule, one.name)) for own in self._judged.values() for one in own
        ]
        order = {rule.name: n for n, rule in enumerate(self._rules)}
        found.sort(key=lambda one: (ORDER.index(one.phase), one.severity != "critical", order[one.rule], one.name))
        self.current = tuple(found)
        told = (day_of(now), self.store.episodes(now - TOLD_FOR, MOST_TOLD))
        if told != self._newest:  # else nothing older has changed either
            self._newest = told
            self.episodes = _once(self.store.episodes(now - SHOWN_FOR, MOST_SHOWN), told[1])


def shown_at(store: Alerts, at: datetime) -> tuple[Episode, ...]:
    """Those of a moment that has passed: what was on, or ended within a day, and some of the weeks before."""
    return _once(store.episodes(at - SHOWN_FOR, MOST_SHOWN, at), store.episodes(at - TOLD_FOR, MOST_TOLD, at))


def _once(*groups: Sequence[Episode]) -> tuple[Episode, ...]:
    """The newest first."""
    found = {(one.place, one.fired): one for group in groups for one in group}
    return tuple(sorted(found.values(), key=lambda one: (-one.fired.timestamp(), one.place)))


def _by_rule(
    seen: Sequence[Seen], after: Mapping[Place, After]
) -> Iterator[tuple[tuple[str, str], Seen, Mapping[Place, After]]]:
    found: dict[tuple[str, str], dict[Place, After]] = {}
    for place, own in after.items():
        found.setdefault((place.rule, place.account), {})[place] = own
    for one in seen:
        key = one.rule.name, one.account
        yield key, one, found.get(key, {})
