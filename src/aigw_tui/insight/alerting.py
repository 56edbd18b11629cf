"""The state machine of an alert rule: one pure step from what was known to what is known now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from aigw_tui.model import DAY, AlertState, Phase

EVERY = timedelta(minutes=1)
"""How often rules are judged where nobody says otherwise."""
MOST_UNSEEN = 2
"""Intervals that may pass between two values before the time between them no longer counts."""
RESTING = AlertState()


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that may not hold for long. Exactly one of `above` and `below` is given."""

    name: str
    when: str
    """The name of an expression: see `readings`."""
    above: float | None = None
    below: float | None = None
    clear_below: float | None = None
    """At or below this value it is over; None: at the threshold itself."""
    clear_above: float | None = None
    wait: timedelta = timedelta(0)
    """`for`: how long the condition must hold before it fires."""
    keep_firing_for: timedelta = timedelta(0)
    min_requests: int = 0
    """With fewer requests the expression has no value."""
    severity: Literal["warning", "critical"] = "warning"
    scope: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(field, names or globs) pairs; what matches is judged together unless `each` is given, each account by itself."""
    on_no_data: Literal["keep", "alert", "clear"] = "keep"
    to: tuple[str, ...] = ()
    """Names of targets; empty: bell and screen."""
    each: str = ""
    """`gateway`, `provider` or `model`: every name of it that the scope lets through is judged by itself."""

    @property
    def threshold(self) -> float:
        found = self.below if self.above is None else self.above
        return 0.0 if found is None else found

    @property
    def is_above(self) -> bool:
        return self.above is not None

    @property
    def reach(self) -> timedelta:
        """How far back one must look to know how long the condition has held."""
        return DAY + 2 * (self.wait + self.keep_firing_for)

    def holds(self, value: float, is_on: bool) -> bool:
        """Whether the condition holds; once it fired (`is_on`) the clear threshold decides."""
        clear = self.clear_below if self.is_above else self.clear_above
        limit = clear if is_on and clear is not None else self.threshold
        return value > limit if self.is_above else value < limit

    def worst(self, left: float | None, right: float | None) -> float | None:
        """Of two values, the one further beyond the threshold; what is known over what is not."""
        if left is None or right is None:
            return right if left is None else left
        return max(left, right) if self.is_above else min(left, right)


class Transition(NamedTuple):
    """From one phase to another."""

    at: datetime
    before: Phase
    state: AlertState
    """As it is from then on."""


def step(rule: Rule, state: AlertState, value: float | None, now: datetime, interval: timedelta = EVERY) -> AlertState:
    """Where the rule stands at `now`, given the value then; None: unknown.

    As in Prometheus: it fires once the condition held at every step for `for`, and is over once it did not hold at any
    step for `keep_firing_for`. What is unknown neither fires nor clears, unless `on_no_data` says so. Where more than
    two intervals passed since the last value, that time counts neither for the one nor for the other. A moment that is
    not after the last one changes nothing, so that two who judge at once do it once.
    """
    if state.seen is not None and now <= state.seen:
        return state
    if value is None and rule.on_no_data == "keep":
        return state
    holds = rule.on_no_data == "alert" if value is None else rule.holds(value, state.phase.is_on)
    if state.phase is Phase.INACTIVE and not holds:  # at nearly every step of a replay
        known = state.value if value is None else value
        return AlertState(state.phase, state.since, state.began, state.fired, now, value=known)
    gap = now - state.seen if state.seen else timedelta(0)
    lost = state.lost + gap if gap > interval * MOST_UNSEEN else state.lost
    known = state.value if value is None else value
    seen = replace(state, seen=now, lost=lost, value=known, peak=rule.worst(state.peak, value))
    return _next(rule, seen, holds, now)


def _next(rule: Rule, state: AlertState, holds: bool, now: datetime) -> AlertState:
    if state.phase is Phase.INACTIVE:
        state = replace(_enter(state, Phase.PENDING, now), began=now, fired=None, peak=state.value)
    if state.phase is Phase.PENDING:
        if not holds:
            return _over(state, now)
        return replace(_enter(state, Phase.FIRING, now), fired=now) if _passed(state, now) >= rule.wait else state
    if holds:
        return state if state.phase is Phase.FIRING else _enter(state, Phase.FIRING, now)
    if state.phase is Phase.FIRING:
        state = _enter(state, Phase.RECOVERING, now)
    return _over(state, now) if _passed(state, now) >= rule.keep_firing_for else state


def leave(state: AlertState, now: datetime) -> AlertState:
    """What is watched is no longer there: what fires is over, what is pending came to nothing."""
    if state.phase is Phase.INACTIVE or (state.seen is not None and now <= state.seen):
        return state
    return _over(replace(state, seen=now), now)


def _enter(state: AlertState, phase: Phase, now: datetime) -> AlertState:
    return replace(state, phase=phase, since=now, lost=timedelta(0))


def _over(state: AlertState, now: datetime) -> AlertState:
    """When it began and fired stays for whoever tells of the episode; the next one replaces that."""
    return _enter(state, Phase.INACTIVE, now)


def _passed(state: AlertState, now: datetime) -> timedelta:
    return now - (state.since or now) - state.lost


class Replayed(NamedTuple):
    """What would have happened, oldest first, and where the rule stands in the end."""

    transitions: tuple[Transition, ...]
    state: AlertState


def replay(
    rule: Rule,
    values: Callable[[datetime], float | None],
    moments: Iterable[datetime],
    state: AlertState = RESTING,
    interval: timedelta = EVERY,
) -> Replayed:
    """Every change of phase over these moments. `state`: before the first of them."""
    found = []
    for now in moments:
        before, state = state, step(rule, state, values(now), now, interval)
        if state.phase is not before.phase:
            found.append(Transition(now, before.phase, state))
    return Replayed(tuple(found), state)
