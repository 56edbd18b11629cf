"""`aigw-tui alerts`: the rules, when they fired, silence, and a rule tried on the past."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from aigw_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigw_tui.insight.alerting import Rule
    from aigw_tui.once import Desk

HELP = "alert rules: list, history, silence, unsilence, try, test"
EPILOG = """examples:
  aigw-tui alerts list                   every rule, where it stands, what it watches; messages that did not arrive
  aigw-tui alerts history --week         when they fired
  aigw-tui alerts silence errors --for 2h
  aigw-tui alerts silence 'errors [gpt-5-mini]'
  aigw-tui alerts unsilence errors
  aigw-tui alerts try errors --month     how often it would have fired, on the figures as they are now
  aigw-tui alerts test                   a test message to every configured target

All of it comes from history; nobody is asked. A rule is an [[alert]] table in config.toml; where there is none, the
built-in rules hold. silence keeps a rule from sending anything, whatever it does meanwhile; 'errors [gpt-5-mini]' is
one of the models that a rule with each = "model" is judged for."""
ACTS = ("list", "history", "silence", "unsilence", "try", "test")
WITH_RULE = ("silence", "unsilence", "try")
DATASETS = ("requests", "neurons", "pulse")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=ACTS, help="what to do")
    parser.add_argument("rule", nargs="?", metavar="RULE", help=f"of {', '.join(WITH_RULE)}")
    parser.add_argument("--for", dest="span", default="2h", metavar="SPAN", help="how long to silence: 30m, 2h, 1d")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="for people, or for programs")


def run(args: argparse.Namespace) -> int:
    """Returns 0, or 1 where history is empty. Raises ConfigError, LocalError."""
    if bool(args.rule) is not (args.act in WITH_RULE):
        wanted = f"aigw-tui alerts {args.act} RULE" if args.act in WITH_RULE else f"aigw-tui alerts {args.act}"
        raise ConfigError(f"{args.act} takes {'a rule' if args.act in WITH_RULE else 'no rule'}", f"write {wanted}")
    if args.act == "test":
        return _test(args)
    from dataclasses import replace

    from aigw_tui.config.addressees import bad_targets, strangers_of_rules
    from aigw_tui.config.alerts import load_rules
    from aigw_tui.once import opened
    from aigw_tui.outlets import talk

    args.provider = args.model = None
    with opened(args, DATASETS, offline=True) as desk:
        desk = replace(desk, config=replace(desk.config, gateway=()))
        rules, complaints = load_rules(desk.config)
        if args.act == "list":
            complaints = (*complaints, *bad_targets(desk.config), *strangers_of_rules(desk.config, rules))
        for error in complaints:
            talk.say(f"aigw-tui: {error.why} → {error.remedy}")
        acts = {"list": _list, "history": _history, "silence": _silence, "unsilence": _unsilence, "try": _try}
        code = acts[args.act](args, desk, rules)
    return code or int(bool(complaints))


def _list(args: argparse.Namespace, desk: Desk, rules: Sequence[Rule]) -> int:
    from aigw_tui.insight.judging import judge_all, lookback
    from aigw_tui.insight.readings import concerns
    from aigw_tui.outlets.alerttable import rules_document, rules_table, undelivered_lines

    labels = _labels(args, desk)
    now = desk.feed.now()
    found = [
        one
        for account, label in labels.items()
        for rule in rules
        if concerns(rule, account, label)
        for one in judge_all(rule, desk.feed.ground(account, now - lookback(rules)), now)
    ]
    silenced = desk.feed.alarms.store.silenced(now)
    undelivered = desk.look().undelivered
    if args.format == "json":
        print(json.dumps(rules_document(found, labels, silenced, undelivered, now), indent=2))
    else:
        said = [*undelivered_lines(undelivered, now)]
        print("\n".join([*rules_table(found, labels, silenced), *([""] if said else []), *said]))
    return _empty() if not labels else 0


def _history(args: argparse.Namespace, desk: Desk, rules: Sequence[Rule]) -> int:
    """What the monitor saw, and of what it was not there to see, what the rules say of the stored figures."""
    from aigw_tui.insight.firings import fired_in
    from aigw_tui.insight.trials import trials
    from aigw_tui.model import Window
    from aigw_tui.outlets.alerttable import episodes_document, episodes_table

    labels = _labels(args, desk)
    asked, now = (snapshot := desk.look()).window, snapshot.now
    window = Window(asked.since, min(asked.until, now))
    tried = tuple(trials(rules, desk.feed.ground, labels, window))
    found = fired_in(desk.feed.alarms.told(window.since), tried, labels, window)
    if args.format == "json":
        print(json.dumps(episodes_document(found, labels, now), indent=2))
    elif found:
        print("\n".join(episodes_table(found, labels, {rule.name: rule for rule in rules}, window.until)))
    elif labels:
        print(f"no rule fired since {window.since:%Y-%m-%d %H:%M} UTC")
    return _empty() if not labels else 0


def _try(args: argparse.Namespace, desk: Desk, rules: Sequence[Rule]) -> int:
    from aigw_tui.insight.trials import trial
    from aigw_tui.outlets.alerttable import episodes_document, episodes_table
    from aigw_tui.outlets.trialwords import summary

    rule = _named(args.rule, rules)
    labels = _labels(args, desk)
    window, now = (snapshot := desk.look()).window, snapshot.now
    tried = {account: trial(rule, desk.feed.ground, account, label, window) for account, label in labels.items()}
    found = [one for own in tried.values() for one in reversed(own.episodes)]
    if args.format == "json":
        document = episodes_document(found, labels, now)
        document["cannot_tell_share"] = {account: own.unknown for account, own in tried.items()}
        print(json.dumps(document, indent=2))
        return _empty() if not labels else 0
    for account, own in tried.items():
        print(summary(own, labels[account] if len(labels) > 1 else ""))
    if found:
        print("\n".join(["", *episodes_table(found, labels, {rule.name: rule}, now)]))
    return _empty() if not labels else 0


def _silence(args: argparse.Namespace, desk: Desk, rules: Sequence[Rule]) -> int:
    from aigw_tui.config.alerts import span_of
    from aigw_tui.format import clean
    from aigw_tui.model import titled

    rule, name = _part(args.rule, rules, desk)
    try:
        span = span_of(args.span)
    except ValueError:
        raise ConfigError(f"--for: {clean(args.span, 40)} is no length of time", "use 30m, 2h or 1d") from None
    until = desk.feed.now() + span
    desk.feed.alarms.store.silence(rule.name, until, name)
    print(f"{clean(titled(rule.name, name))} is silent until {until:%Y-%m-%d %H:%M} UTC")
    return 0


def _unsilence(args: argparse.Namespace, desk: Desk, rules: Sequence[Rule]) -> int:
    from aigw_tui.format import clean
    from aigw_tui.model import titled

    rule, name = _part(args.rule, rules, desk)
    was = desk.feed.alarms.store.unsilence(rule.name, name)
    print(f"{clean(titled(rule.name, name))} {'speaks again' if was else 'was not silenced'}")
    return 0


def _test(args: argparse.Namespace) -> int:
    import asyncio

    from aigw_tui.clock import SystemClock
    from aigw_tui.config.targets import load_targets
    from aigw_tui.format import clean
    from aigw_tui.outlets import talk
    from aigw_tui.outlets.notify import deliver_test
    from aigw_tui.words import config_of

    targets, complaints = load_targets(config_of(args))
    if not targets and not complaints:
        raise ConfigError("no target is configured", "write a [target.NAME] table in config.toml")
    for error in complaints.values():
        talk.say(f"aigw-tui: {error.why} → {error.remedy}")
    outcomes = asyncio.run(deliver_test(targets, SystemClock()))
    for one in outcomes:
        said = "delivered" if one.state == "delivered" else f"{clean(one.why)} → {clean(one.remedy)}"
        print(f"{clean(one.target)}: {said}")
    return int(bool(complaints) or any(one.state != "delivered" for one in outcomes))


def _named(name: str, rules: Sequence[Rule]) -> Rule:
    from aigw_tui.format import clean, did_you_mean

    known = {rule.name: rule for rule in rules}
    if name not in known:
        remedy = did_you_mean(name, known, f"use one of {', '.join(known)}" if known else "write an [[alert]] table")
        raise ConfigError(f"there is no rule {clean(name)}", remedy)
    return known[name]


def _part(text: str, rules: Sequence[Rule], desk: Desk) -> tuple[Rule, str]:
    """`errors`, or `errors [gpt-5-mini]` of a rule that is judged for each model."""
    from aigw_tui.format import clean, did_you_mean
    from aigw_tui.insight.parts import name_of

    head, opened, name = text.removesuffix("]").partition(" [")
    if text in {rule.name for rule in rules} or not opened or not text.endswith("]"):
        return _named(text, rules), ""
    rule = _named(head, rules)
    if not rule.each:
        raise ConfigError(f"{clean(head)} is judged as one sum", f"write aigw-tui alerts silence {clean(head)}")
    known = [name_of(one) for one in desk.look().views.names("requests", rule.each)]
    if name not in known:
        remedy = did_you_mean(name, known, f"name one that aigw-tui usage --by {rule.each} shows")
        raise ConfigError(f"there is no {rule.each} {clean(name)}", remedy)
    return rule, name


def _labels(args: argparse.Namespace, desk: Desk) -> dict[str, str]:
    """The accounts that are asked about; the built-in one has no history of its own and is asked first."""
    from aigw_tui.insight.firings import HISTORY
    from aigw_tui.model import day_of

    if args.demo:
        desk.fill(day_of(desk.look().window.since) - HISTORY)
    return dict(desk.look().labels)


def _empty() -> int:
    from aigw_tui import fatal

    fatal.say("no account is known: history is empty → run aigw-tui once")
    return 1
