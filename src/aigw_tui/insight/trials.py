"""A rule tried on the past: when it would have fired, and how much of the time nothing can be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.insight.alerting import EVERY, Rule, Transition
from aigw_tui.insight.course import Course
from aigw_tui.insight.ground import Ground, is_unknown
from aigw_tui.insight.judging import episodes, lookback
from aigw_tui.insight.readings import EXPRESSIONS, concerns, condition, nobody, parts_of
from aigw_tui.model import HOUR, Episode, Place, Window

FINE_UP_TO = timedelta(days=2)
COARSER = 3
"""Longer windows are gone through in larger steps where a step takes a millisecond."""


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
    names: int = 0
    """Of a rule that is judged for each: of how many."""
    rest: int = 0
    """How many more there are."""


def trial(rule: Rule, ground_of: Callable[[str, datetime], Ground], account: str, label: str, window: Window) -> Trial:
    """Stepped through from a while before the window, so that what goes on at its beginning is known."""
    if not concerns(rule, account, label):
        return Trial(rule, window)
    ground = ground_of(account, window.since - lookback([rule]))
    until = min(window.until, ground.now)
    every = EXPRESSIONS[rule.when].every
    if every > EVERY and window.length > FINE_UP_TO:
        every *= COARSER
    course = Course.of(rule, parts_of(rule, ground), ground.since, until, every)
    weights = {key: sum(moment >= window.since for moment in own) for key, own in course.stretches}
    found: list[Episode] = []
    steps = unknown = coarse = 0
    why = ""
    for name in course.parts.names:
        readings = course.readings(name)
        for key, weight in weights.items():
            if (one := readings[key]) is None:
                continue
            steps += weight
            if one.value is None and not one.is_quiet:
                unknown, why = unknown + weight, one.why
            coarse += weight * (one.is_coarse and timedelta(0) < rule.wait < HOUR)
        done = course.replayed(name, readings)
        last = Transition(until, done.state.phase, done.state)  # what goes on has become worse since it fired
        found += episodes(rule, Place(rule.name, account, name), (*done.transitions, last), condition(rule))
    if not course.parts.names and is_unknown(none := nobody(rule, ground, until)):
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
        len(course.parts.names) if rule.each else 0,
        course.parts.rest,
    )


def merged(told: Sequence[Episode], replayed: Sequence[Episode]) -> list[Episode]:
    """What was seen, and of what was not, what a replay finds; the newest first."""
    seen: dict[Place, list[Episode]] = {}
    for one in told:
        seen.setdefault(one.place, []).append(one)
    unseen = [one for one in replayed if not any(_is_same(one, other) for other in seen.get(one.place, ()))]
    return sorted((*told, *unseen), key=lambda one: (-one.fired.timestamp(), one.place))


def _is_same(one: Episode, other: Episode) -> bool:
    """They overlap, or nearly so: late rows move an edge by a few minutes."""
    slack = timedelta(minutes=30)
    begins_before_end = other.resolved is None or one.fired <= other.resolved + slack
    return begins_before_end and (one.resolved is None or other.fired <= one.resolved + slack)
