"""A rule tried on the past: when it would have fired, and how much of the time nothing can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.insight.alerting import EVERY, Rule, Transition
from aigw_tui.insight.course import Course
from aigw_tui.insight.ground import Ground, is_unknown
from aigw_tui.insight.judging import episodes, lookback
from aigw_tui.insight.parts import Parts
from aigw_tui.insight.readings import EXPRESSIONS, concerns, condition, nobody, parts_of
from aigw_tui.model import HOUR, Episode, Place, Window

FINE_UP_TO = timedelta(days=2)
COARSER = 3
"""Longer windows are gone through in larger steps where a step takes long."""
FARTHEST = timedelta(days=7)
"""How far back the beginning is looked for of what goes on when a window begins."""
PRESENT = "no_data"
"""The expression whose past nobody keeps: it is told by who was there."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule over one account and a window, on the figures as they are now."""

    rule: Rule
    window: Window
    episodes: tuple[Episode, ...] = ()
    """Oldest first; those that fired inside the window."""
    firing: timedelta = timedelta(0)
    unknown: float = 0.0
    """Share of the window in which the expression has no value for a reason that is not too little traffic."""
    coarse: float = 0.0
    """Share of the window of which only whole hours are stored, though the rule looks at less."""
    why: str = ""
    """The last reason for which nothing can be told."""
    account: str = ""
    names: int = 0
    """Of a rule that is judged for each: of how many."""
    rest: int = 0
    """How many more there are."""


def trials(
    rules: Sequence[Rule], ground_of: Callable[[str, datetime], Ground], labels: Mapping[str, str], window: Window
) -> Iterator[Trial]:
    """Of every rule over the accounts that it is about, one at a time: each takes some hundredths of a second."""
    for account, label in labels.items():
        for rule in rules:
            if concerns(rule, account, label):
                yield trial(rule, ground_of, account, label, window)


def trial(rule: Rule, ground_of: Callable[[str, datetime], Ground], account: str, label: str, window: Window) -> Trial:
    """Stepped through from a while before the window, so that what goes on at its beginning is known."""
    if not concerns(rule, account, label):
        return Trial(rule, window, account=account)
    ground, parts = _reaching_back(rule, ground_of, account, window.since)
    until = min(window.until, ground.now)
    expression = EXPRESSIONS[rule.when]
    every = expression.every
    if every > EVERY and window.length > FINE_UP_TO:
        every *= COARSER
    is_fine = timedelta(0) < rule.wait < HOUR or expression.over < HOUR
    course = Course.of(rule, parts, ground.since, until, every)
    weights = {key: sum(moment >= window.since for moment in own) for key, own in course.stretches}
    found: list[Episode] = []
    steps = unknown = coarse = 0
    why = ""
    for name in parts.names:
        readings = course.readings(name)
        for key, weight in weights.items():
            if (one := readings[key]) is None or not weight:
                continue
            steps += weight
            if one.value is None and (not one.is_quiet or rule.when == PRESENT):
                unknown, why = unknown + weight, one.why
            coarse += weight * (one.is_coarse and is_fine)
        done = course.replayed(name, readings)
        last = Transition(until, done.state.phase, done.state)  # what goes on has become worse since it fired
        found += episodes(rule, Place(rule.name, account, name), (*done.transitions, last), condition(rule))
    if not parts.names and is_unknown(none := nobody(rule, ground, until)):
        steps, unknown, why = 1, 1, none.why
    inside = tuple(one for one in found if (one.resolved or until) > window.since)
    firing_for = sum(((one.resolved or until) - max(one.fired, window.since) for one in inside), timedelta(0))
    share = 1 / steps if steps else 0.0
    return Trial(
        rule,
        Window(window.since, until),
        tuple(sorted(inside, key=lambda one: one.fired)),
        firing_for,
        unknown * share,
        coarse * share,
        why,
        account,
        len(parts.names) if rule.each else 0,
        parts.rest,
    )


def _reaching_back(
    rule: Rule, ground_of: Callable[[str, datetime], Ground], account: str, since: datetime
) -> tuple[Ground, Parts]:
    """Far enough before `since` that the rule's condition holds for no name there, and what is read from there on."""
    back = lookback([rule])
    while True:
        ground = ground_of(account, since - back)
        parts = parts_of(rule, ground)
        firsts = (parts.read(name, ground.since) for name in parts.names)
        holds = (one and one.value is not None and rule.holds(one.value, is_on=True) for one in firsts)
        if back >= FARTHEST or not any(holds):
            return ground, parts
        back *= 2
