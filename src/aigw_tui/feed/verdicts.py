"""What becomes of the states of all rules at a moment, and what is to be stored of that. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from aigw_tui.history.episodes import Verdicts
from aigw_tui.insight.alerting import RESTING, Rule, Transition
from aigw_tui.insight.alertstate import written
from aigw_tui.insight.course import advance, may_begin
from aigw_tui.insight.ground import Reading
from aigw_tui.insight.judging import episode_of
from aigw_tui.insight.parts import Parts
from aigw_tui.insight.readings import condition
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import DAY, AlertState, Episode, Phase, Place


class Seen(NamedTuple):
    """What a rule reads of an account now."""

    rule: Rule
    account: str
    parts: Parts
    narrow: Pairs
    nobody: Reading | None = None
    """What to say where there is no name to judge."""


class After(NamedTuple):
    """Where a rule stands with one of its names, and what was read; None: that name is not there any more."""

    state: AlertState
    reading: Reading | None


def judged(
    seen: Sequence[Seen], before: Mapping[Place, AlertState], now: datetime, interval: timedelta
) -> dict[Place, After]:
    """Every name that is there, and those of which something is known that is not over. Of a rule's many names those
    at rest are not stepped: that would only move the time at which they were seen, at the cost of a write each."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for place, state in before.items():
        if place.name and state.phase is not Phase.INACTIVE:
            waiting.setdefault((place.rule, place.account), []).append(place.name)
    after = {}
    for rule, account, parts, *_ in seen:
        left = waiting.get((rule.name, account), ()) if rule.each else ()
        for name in dict.fromkeys((*parts.names, *left)):
            place = Place(rule.name, account, name)
            reading, old = parts.read(name, now), before.get(place, RESTING)
            is_at_rest = rule.each and old.phase is Phase.INACTIVE and not may_begin(rule, reading)
            after[place] = After(old if is_at_rest else advance(rule, old, reading, now, interval), reading)
    return after


def verdicts(
    rules: Mapping[str, Rule], before: Mapping[Place, AlertState], after: Mapping[Place, After], now: datetime
) -> Verdicts:
    """What differs from what is stored."""
    changed, episodes, forgotten = {}, [], []
    for place, (state, _) in after.items():
        old, rule = before.get(place, RESTING), rules[place.rule]
        if state != old:
            changed[place] = written(state)
            if episode := _episode(rule, place, old, state, now):
                episodes.append(episode)
    for place, old in before.items():
        state = after[place].state if place in after else old
        if place in changed or (place in after and state.phase is not Phase.INACTIVE):
            continue
        if old.seen is None or now - old.seen > DAY:
            forgotten.append(place)
            episodes += _abandoned(place, old)
    return Verdicts(changed, episodes, forgotten)


def _episode(rule: Rule, place: Place, before: AlertState, after: AlertState, now: datetime) -> Episode | None:
    """What is to be written of an episode: its begin, its end, and whatever is worse than before."""
    is_same = before.phase is after.phase and before.peak == after.peak
    change = Transition(now, before.phase, after)
    return None if is_same else episode_of(rule, place, change, condition(rule))


def _abandoned(place: Place, state: AlertState) -> Iterator[Episode]:
    """What nobody has judged for a day, because its rule or its account is gone: it ended when it was last seen."""
    if state.phase.is_on and state.seen is not None and state.fired is not None:
        words, began = "the rule is no longer there", state.began or state.fired
        yield Episode(
            place.rule, place.account, began, state.fired, state.seen, "warning", state.peak, words, place.name
        )
