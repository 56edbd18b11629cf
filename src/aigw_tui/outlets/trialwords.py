"""What trying a rule showed, in words."""

from __future__ import annotations

from aigw_tui.format import age, clean, percent
from aigw_tui.insight.readings import condition, condition_of_each
from aigw_tui.insight.trials import Trial


def summary(found: Trial, owner: str) -> str:
    """`errors (error rate above 5.0 %): fired 3 times since 2026-10-25, 42 min in all`, and what cannot be told."""
    whose = f"{clean(owner)}: " if owner else ""
    watched = condition_of_each(found.rule, found.names, rest=found.rest) if found.rule.each else condition(found.rule)
    head = f"{whose}{clean(found.rule.name)} ({watched})"
    since = f"since {found.window.since:%Y-%m-%d %H:%M} UTC"
    if found.unknown >= 1.0:
        return f"{head}: cannot tell, {clean(found.why)}"
    count = len(found.episodes)
    times = "once" if count == 1 else f"{count} times"
    times += f", for {len({one.name for one in found.episodes}):,} of them," if found.rule.each else ""
    said = f"fired {times} {since}, {age(found.firing)} in all" if count else f"never fired {since}"
    doubts = []
    if found.unknown:
        doubts.append(f"cannot tell for {percent(found.unknown)} of the time: {clean(found.why)}")
    if found.coarse:
        doubts.append(f"for {percent(found.coarse)} only whole hours are stored, too coarse for the rule")
    return "; ".join((f"{head}: {said}", *doubts))
