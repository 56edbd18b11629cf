"""One rule over one account at one moment, from stored buckets alone: no earlier run is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.insight.alerting import RESTING, Rule, Transition
from aigw_tui.insight.course import Course
from aigw_tui.insight.ground import Ground, Reading
from aigw_tui.insight.readings import EXPRESSIONS, nobody, parts_of, reader, replayed
from aigw_tui.model import DAY, AlertState, Episode, Phase, Place, titled


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a rule stands, how it came there, and what it looks at."""

    rule: Rule
    account: str
    state: AlertState
    reading: Reading
    transitions: tuple[Transition, ...]
    name: str = ""
    """Of a rule that is judged for each: which; empty where there is none."""
    rest: int = 0
    """How many names more there are that are not judged."""

    @property
    def place(self) -> Place:
        return Place(self.rule.name, self.account, self.name)

    @property
    def title(self) -> str:
        return titled(self.rule.name, self.name)

    @property
    def is_known(self) -> bool:
        """Whether anything can be told; a quiet hour can."""
        return self.reading.value is not None or self.reading.is_quiet or self.rule.on_no_data != "keep"


def lookback(rules: Iterable[Rule]) -> timedelta:
    """How far a replay must reach back to know how long a condition has held."""
    return max((rule.reach for rule in rules), default=DAY)


def judge(rule: Rule, ground: Ground, at: datetime) -> Judged:
    """As one sum, stepped through from `ground.since` to `at`."""
    read = reader(rule, ground)
    found = replayed(rule, read, ground.since, at)
    return Judged(rule, ground.account, found.state, read(at), found.transitions)


def judge_all(rule: Rule, ground: Ground, at: datetime) -> tuple[Judged, ...]:
    """As the rule wants it: as one sum, or every name that is there `at` by itself; at least one."""
    if not rule.each:
        return (judge(rule, ground, at),)
    parts = parts_of(rule, ground)
    course = Course.of(rule, parts, ground.since, at, EXPRESSIONS[rule.when].every)
    found = []
    for name in parts.names:
        if (reading := parts.read(name, at)) is not None:
            done = course.replayed(name)
            found.append(Judged(rule, ground.account, done.state, reading, done.transitions, name, parts.rest))
    return tuple(found) or (Judged(rule, ground.account, RESTING, nobody(rule, ground, at), ()),)


def episodes(rule: Rule, place: Place, transitions: Iterable[Transition], words: str) -> tuple[Episode, ...]:
    """The stretches of firing among these changes, oldest first."""
    found: dict[datetime, Episode] = {}
    for one in transitions:
        if (episode := episode_of(rule, place, one, words)) is not None:
            found[episode.fired] = episode
    return tuple(found.values())


def episode_of(rule: Rule, place: Place, change: Transition, words: str) -> Episode | None:
    """The episode that begins, goes on or ends with this change; None: it has nothing to do with firing."""
    state = change.state
    if not (state.phase.is_on or change.before.is_on) or state.fired is None:
        return None
    resolved = change.at if state.phase is Phase.INACTIVE else None
    began = state.began or state.fired
    return Episode(rule.name, place.account, began, state.fired, resolved, rule.severity, state.peak, words, place.name)
