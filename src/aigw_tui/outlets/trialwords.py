"""What trying a rule showed, in words."""

from __future__ import annotations

from collections.abc import Iterator

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
        return f"{head}: {next(doubts(found.unknown, 0.0, found.why))}"
    count = len(found.episodes)
    times = "once" if count == 1 else f"{count} times"
    times += f", for {len({one.name for one in found.episodes}):,} of them," if found.rule.each else ""
    said = f"fired {times} {since}, {age(found.firing)} in all" if count else f"never fired {since}"
    return "; ".join((f"{head}: {said}", *doubts(found.unknown, found.coarse, found.why)))


def doubts(unknown: float, coarse: float, why: str) -> Iterator[str]:
    """What cannot be told, and why. Shares are of the time."""
    if unknown >= 1.0:
        yield f"cannot tell, {clean(why)}"
    elif unknown:
        yield f"cannot tell for {percent(unknown)} of the time: {clean(why)}"
    if coarse:
        share = "" if coarse >= 1.0 else f"for {percent(coarse)} of the time "
        yield f"{share}only whole hours are stored, too coarse for the rule"
