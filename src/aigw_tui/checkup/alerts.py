"""Alerts' examination: rules, targets, and whether those who are named can be told. Nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aigw_tui.config.addressees import strangers_of_report, strangers_of_rules
from aigw_tui.config.alerts import load_rules
from aigw_tui.config.targets import load_targets
from aigw_tui.errors import AigwError
from aigw_tui.insight import checkalerts
from aigw_tui.insight.checkup import Check
from aigw_tui.outlets.notify import examine

if TYPE_CHECKING:
    from aigw_tui.config import Config
    from aigw_tui.insight.alerting import Rule
    from aigw_tui.outlets.notify import Target

ALERTS = "alerts"


async def alerts(config: Config) -> list[Check]:
    """Programs that print a URL or a password are run; it takes 10 s at the most."""
    rules, complaints = load_rules(config)
    targets, bad = load_targets(config)
    found = [checkalerts.mistaken(checkalerts.RULES, error) for error in complaints]
    if rules or not complaints:
        found.append(checkalerts.watched(rules, is_own="alert" in config.later))
    found += [checkalerts.bad_target(name, error) for name, error in bad.items()]
    found += await asyncio.gather(*(_target(one, rules, config) for one in targets))
    strangers = *strangers_of_rules(config, rules), *strangers_of_report(config)
    found += [checkalerts.mistaken("no such target", error) for error in strangers]
    return [replace(check, group=ALERTS) for check in found]


async def _target(one: Target, rules: Sequence[Rule], config: Config) -> Check:
    try:
        await examine(one)
    except AigwError as error:
        return checkalerts.bad_target(one.name, error)
    named = [rule.name for rule in rules if one.name in rule.to]
    return checkalerts.target(one.name, one.kind, named, has_report=one.name in config.report_to)
