"""One rule over one account at one moment, from stored buckets alone: no earlier run is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.insight.alerting import Rule, Transition
from aigw_tui.insight.ground import Ground, Reading
from aigw_tui.insight.readings import reader, replayed
from aigw_tui.model import DAY, AlertState, Episode, Phase


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a rule stands, how it came there, and what it looks at."""

    rule: Rule
    account: str
    state: AlertState
    reading: Reading
    transitions: tuple[Transition, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything can be told; a quiet hour can."""
        return self.reading.value is not None or self.reading.is_quiet or self.rule.on_no_data != "keep"


def lookback(rules: Iterable[Rule]) -> timedelta:
    """How far a replay must reach back to know how long a condition has held."""
    return DAY + 2 * max((rule.wait + rule.keep_firing_for for rule in rules), default=timedelta(0))


def judge(rule: Rule, ground: Ground, at: datetime) -> Judged:
    """Stepped through from `ground.since` to `at`."""
    read = reader(rule, ground)
    found = replayed(rule, read, ground.since, at)
    return Judged(rule, ground.account, found.state, read(at), found.transitions)


def episodes(rule: Rule, account: str, transitions: Iterable[Transition], words: str) -> tuple[Episode, ...]:
    """The stretches of firing among these changes, oldest first."""
    found: dict[datetime, Episode] = {}
    for one in transitions:
        if (episode := episode_of(rule, account, one, words)) is not None:
            found[episode.fired] = episode
    return tuple(found.values())


def episode_of(rule: Rule, account: str, change: Transition, words: str) -> Episode | None:
    """The episode that begins, goes on or ends with this change; None: it has nothing to do with firing."""
    state = change.state
    if not (state.phase.is_on or change.before.is_on) or state.fired is None:
        return None
    resolved = change.at if state.phase is Phase.INACTIVE else None
    return Episode(
        rule.name, account, state.began or state.fired, state.fired, resolved, rule.severity, state.peak, words
    )
