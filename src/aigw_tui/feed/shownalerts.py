"""Judged rules as they are shown: a line each; of one that is judged by name, a line for each name that is not at rest
and one for the others."""

from __future__ import annotations

from collections.abc import Mapping

from aigw_tui.feed.verdicts import After, Seen
from aigw_tui.insight.alerting import RESTING
from aigw_tui.insight.ground import Reading, is_unknown
from aigw_tui.insight.parts import narrowed
from aigw_tui.insight.readings import condition, condition_of_each, figure
from aigw_tui.model import Alert, AlertState, Phase, Place


def shown(one: Seen, after: Mapping[Place, After]) -> tuple[Alert, ...]:
    """`after`: where the rule stands with each of its names."""
    if not one.rule.each:
        (found,) = after.values()
        return (_alert(one, "", found.state, found.reading, condition(one.rule)),)
    words = condition(one.rule)
    loud = {place.name: found for place, found in after.items() if found.state.phase is not Phase.INACTIVE}
    there = [found.reading for found in after.values() if found.reading is not None]
    unknown = [reading for reading in there if is_unknown(reading)]
    rest = Reading(None, unknown[0].why) if unknown and len(unknown) == len(there) else Reading(None, is_quiet=True)
    if one.nobody is not None and not there:
        rest = one.nobody
    others = condition_of_each(one.rule, len(there), len(loud), len(unknown), one.parts.rest)
    return (
        *(_alert(one, name, found.state, found.reading, words) for name, found in loud.items()),
        _alert(one, "", RESTING, rest, others),
    )


def _alert(one: Seen, name: str, state: AlertState, reading: Reading | None, words: str) -> Alert:
    """Without a figure while nothing is wrong: it would move with every round, and be painted."""
    is_on = state.phase is not Phase.INACTIVE
    return Alert(
        one.rule.name,
        one.account,
        one.rule.severity,
        state.phase,
        words,
        state.value if is_on else None,
        figure(one.rule, state.value) if is_on else "",
        (state.began if state.phase is Phase.PENDING else state.fired) if is_on else None,
        reading.why if reading is not None and is_unknown(reading) else "",
        narrowed(one.narrow, one.rule, name),
        name=name,
        each=one.rule.each,
    )
