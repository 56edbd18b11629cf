"""A rule tried on the past: when it would have fired, and how much of the time nothing can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.insight.alerting import EVERY, Rule, Transition, replay
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.judging import episodes, lookback
from aigw_tui.insight.readings import EXPRESSIONS, concerns, condition, moments, reader
from aigw_tui.model import HOUR, Episode, Window

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
    ground = _reaching_back(rule, ground_of, account, window.since)
    until = min(window.until, ground.now)
    read = reader(rule, ground)
    expression = EXPRESSIONS[rule.when]
    every = expression.every
    if every > EVERY and window.length > FINE_UP_TO:
        every *= COARSER
    is_fine = timedelta(0) < rule.wait < HOUR or expression.over < HOUR
    steps = unknown = coarse = 0
    why = ""

    def value(moment: datetime) -> float | None:
        nonlocal steps, unknown, coarse, why
        found = read(moment)
        if moment >= window.since:
            steps += 1
            if found.value is None and (not found.is_quiet or rule.when == PRESENT):
                unknown, why = unknown + 1, found.why
            coarse += found.is_coarse and is_fine
        return found.value

    done = replay(rule, value, moments(ground.since, until, every), interval=every)
    last = Transition(until, done.state.phase, done.state)  # what goes on has become worse since it fired
    found = episodes(rule, account, (*done.transitions, last), condition(rule))
    inside = tuple(one for one in found if (one.resolved or until) > window.since)
    firing_for = sum(((one.resolved or until) - max(one.fired, window.since) for one in inside), timedelta(0))
    share = 1 / steps if steps else 0.0
    return Trial(rule, Window(window.since, until), inside, firing_for, unknown * share, coarse * share, why, account)


def _reaching_back(rule: Rule, ground_of: Callable[[str, datetime], Ground], account: str, since: datetime) -> Ground:
    """Far enough before `since` that the rule's condition does not hold there."""
    back = lookback([rule])
    while True:
        ground = ground_of(account, since - back)
        first = reader(rule, ground)(ground.since).value
        if back >= FARTHEST or first is None or not rule.holds(first, is_on=True):
            return ground
        back *= 2
