"""Judges what is configured of alerts: the rules, and whom they and the report tell."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.errors import AigwError
from aigw_tui.format import clean
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.checkup import Check, fails, ok, warning

RULES = "alert rules"
TRY = "aigw-tui alerts test"
MOST_NAMED = 3


def watched(rules: Sequence[Rule], *, is_own: bool) -> Check:
    """`is_own`: they are of config.toml."""
    names = [clean(rule.name, 40) for rule in rules]
    return ok(RULES, f"{_listed(names)}{'' if is_own else ' (built in)'}" if names else "none: nothing is watched")


def mistaken(name: str, error: AigwError) -> Check:
    """A rule, or a name that is no target; its words say where it stands."""
    return fails(name, clean(error.why), clean(error.remedy))


def target(name: str, kind: str, rules: Sequence[str], *, has_report: bool) -> Check:
    """One that could be sent to, as far as that shows without sending; `rules`: those that name it."""
    told = [f"alert {clean(rule, 40)}" for rule in rules] + ["the report"] * has_report
    if not told:
        remedy = f'name it: to = ["{clean(name, 40)}"] below an [[alert]], or in report_to'
        return warning(_target(name), f"{kind}; nothing is sent to it: no rule and no report_to names it", remedy)
    return ok(_target(name), f"{kind}, for {_listed(told)}; nothing was sent: {TRY} does that")


def bad_target(name: str, error: AigwError) -> Check:
    """One that cannot be sent to."""
    return fails(_target(name), clean(error.why), f"{clean(error.remedy)}, then try it: {TRY}")


def _target(name: str) -> str:
    return f"target {clean(name, 40)}".rstrip()


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
