"""A replay of a rule that is judged by name: what all names share is found once; most names have nothing to step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from aigw_tui.insight.alerting import EVERY, RESTING, Replayed, Rule, Transition, leave, step
from aigw_tui.insight.ground import Reading
from aigw_tui.insight.parts import Parts
from aigw_tui.insight.readings import moments
from aigw_tui.model import DAY, AlertState, Phase

STEADY = (Phase.INACTIVE, Phase.FIRING)
"""Phases that stay as they are while the same is read."""
UNBROKEN = DAY * 366
"""An interval in which no gap is one."""


def may_begin(rule: Rule, reading: Reading | None) -> bool:
    """Whether a rule at rest would leave it."""
    if reading is None or reading.value is None:
        return reading is not None and rule.on_no_data == "alert"
    return rule.holds(reading.value, is_on=False)


def advance(
    rule: Rule, state: AlertState, reading: Reading | None, now: datetime, interval: timedelta = EVERY
) -> AlertState:
    """Where the rule stands at `now`; no reading: what is watched is not there any more."""
    return leave(state, now) if reading is None else step(rule, state, reading.value, now, interval)


class Course(NamedTuple):
    """The moments of a replay, for any name."""

    rule: Rule
    parts: Parts
    stretches: tuple[tuple[datetime, tuple[datetime, ...]], ...]
    """(key, the moments that have it), in order: in a stretch each name reads the same."""
    interval: timedelta

    @classmethod
    def of(cls, rule: Rule, parts: Parts, since: datetime, until: datetime, every: timedelta) -> Course:
        """Evenly spaced, `until` being the last."""
        stretches = ((key, tuple(own)) for key, own in groupby(moments(since, until, every), parts.key))
        return cls(rule, parts, tuple(stretches), every)

    def readings(self, name: str) -> Mapping[datetime, Reading | None]:
        """Key → what is read of that name."""
        return {key: self.parts.read(name, own[0]) for key, own in self.stretches}

    def replayed(self, name: str, readings: Mapping[datetime, Reading | None] | None = None) -> Replayed:
        """What the rule would have done. Where its condition never held that is nothing, and nothing is stepped."""
        found = readings or self.readings(name)
        state, transitions = RESTING, list[Transition]()
        if not any(may_begin(self.rule, one) for one in found.values()):
            return Replayed((), state)
        for key, own in self.stretches:
            for now in own:
                before, state = state, advance(self.rule, state, found[key], now, self.interval)
                if state.phase is not before.phase:
                    transitions.append(Transition(now, before.phase, state))
                if state.phase in STEADY:
                    break
            if own[-1] > now:  # until then nothing moves but the time
                state = advance(self.rule, state, found[key], own[-1], UNBROKEN)
        return Replayed(tuple(transitions), state)
