"""`aigw-tui check`: the alert rules, judged now from history, for Nagios, cron and CI."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aigw_tui.errors import AigwError, ConfigError
from aigw_tui.words import moment_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aigw_tui.insight.alerting import Rule
    from aigw_tui.insight.judging import Judged
    from aigw_tui.once import Desk

HELP = "the alert rules judged now: exit 0 ok, 1 warning, 2 critical, 3 unknown"
EPILOG = """examples:
  aigw-tui check                         CRITICAL: neurons used 94 % since 13:20 UTC | 'neurons used'=0.94;;0.9
  aigw-tui check --rule errors --account acme
  aigw-tui check --offline --at 2026-11-23T16:00:00Z
  aigw-tui check --at 6h                 as it was 6 hours ago, from the figures as they are now

It follows the Nagios convention: one line, figures behind a bar, and 0 ok, 1 warning, 2 critical, 3 cannot tell or
misconfigured. It needs no earlier run and keeps no state: the rules are stepped through stored history to learn how
long a condition has held. Rules are [[alert]] in config.toml; without any, those of `aigw-tui alerts list`."""
TAKES_AT = True
DATASETS = ("requests", "neurons", "pulse")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rule", action="append", metavar="NAME", help="only this one; repeatable")
    parser.add_argument("--offline", action="store_true", help="ask nobody: what history holds")


def run(args: argparse.Namespace) -> int:
    """Print one line; the exit code is its verdict. Raises nothing that has a remedy: that is `unknown`."""
    try:
        return _check(args)
    except AigwError as error:
        print(f"UNKNOWN: {error.why} → {error.remedy}".replace("|", "/"))
        return 3


def _check(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from aigw_tui.config.addressees import bad_targets, strangers_of_rules
    from aigw_tui.config.alerts import load_rules
    from aigw_tui.insight.firings import HISTORY
    from aigw_tui.model import day_of
    from aigw_tui.once import opened
    from aigw_tui.outlets.nagios import line, verdict
    from aigw_tui.outlets.talk import WHOLE

    args.provider = args.model = None
    with opened(args, DATASETS, offline=args.offline) as desk:
        desk = replace(desk, config=replace(desk.config, gateway=()))
        rules, complaints = load_rules(desk.config)
        chosen = _chosen(rules, args.rule or [], bool(complaints))
        now = desk.feed.now()
        asked = moment_at(args.at, now) if args.at and not _is_clock(args) else None
        if asked and asked > now:
            raise ConfigError("--at lies ahead", "name a moment that has passed")
        if not args.offline or args.demo:
            desk.fill(day_of(asked or now) - HISTORY)
        at = asked or desk.feed.now()
        snapshot = desk.look()
        labels = dict(snapshot.labels)
        found = [one for account, label in labels.items() for one in _judged(desk, chosen, account, label, at)]
        silenced = desk.feed.alarms.store.silenced(at)
    complaints = (*complaints, *bad_targets(desk.config), *strangers_of_rules(desk.config, rules))
    troubles = [f"{error.why} → {error.remedy}" for error in complaints]
    doubts = [
        f"{one.what}: {one.why}" for one in snapshot.faults if one.dataset in WHOLE and one.kind.endswith("Error")
    ]
    if not labels:
        doubts.append("no account is known: history is empty → leave out --offline")
    print(line(found, labels, silenced, troubles, doubts))
    return verdict(found, silenced, troubles, doubts)


def _is_clock(args: argparse.Namespace) -> bool:
    """Of the built-in account: a time of day set its clock, so that it is now there."""
    return bool(args.demo) and not isinstance(args.at, str)


def _chosen(rules: Sequence[Rule], names: Sequence[str], has_complaints: bool) -> tuple[Rule, ...]:
    from aigw_tui.format import clean, did_you_mean

    known = {rule.name: rule for rule in rules}
    for name in names:
        if name not in known and not has_complaints:
            remedy = did_you_mean(name, known, f"use one of {', '.join(known)}")
            raise ConfigError(f"there is no rule {clean(name)}", remedy)
    return tuple(rule for rule in rules if not names or rule.name in names)


def _judged(desk: Desk, rules: Sequence[Rule], account: str, label: str, at: datetime) -> list[Judged]:
    from aigw_tui.insight.judging import judge_all, lookback
    from aigw_tui.insight.readings import concerns

    ground = desk.feed.ground(account, at - lookback(rules))
    return [one for rule in rules if concerns(rule, account, label) for one in judge_all(rule, ground, at)]
