"""`aigw-tui doctor`: examines the token, the account, this machine and the settings, a line a check."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from aigw_tui.errors import AigwError, ConfigError
from aigw_tui.format import clean
from aigw_tui.words import config_of

if TYPE_CHECKING:
    from aigw_tui.checkup.doors import Doors
    from aigw_tui.config import Config
    from aigw_tui.insight.checkup import Check

HELP = "check token, permissions, gateways, data, your Worker's counter, alerts, database, terminal and settings"
EPILOG = """examples:
  aigw-tui doctor                        a line a check, each with its remedy
  aigw-tui doctor --gateway prod         why has this gateway no data?
  aigw-tui doctor --json | jq .verdict   for scripts
  aigw-tui doctor --demo                 on the built-in account

exit codes: 0 all fine (warnings allowed), 1 something fails, 3 something essential could not be asked"""
COUNTER = "counter"
ORDER = ("program", "token", "permissions", "gateways", "data", COUNTER, "alerts", "history", "terminal")
MOST_ACCOUNTS = 5
"""Examining one takes about 15 questions of the 300 that Cloudflare allows in 5 minutes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document (schema aigw-tui.doctor/1)")


def run(args: argparse.Namespace) -> int:
    """Never raises for what it finds; returns 0, 1 or 3."""
    import asyncio

    from aigw_tui.checkup import machine
    from aigw_tui.checkup.alerts import alerts
    from aigw_tui.clock import SystemClock
    from aigw_tui.insight.checkup import EXIT_CODES, fails, verdict
    from aigw_tui.outlets import checklist

    now = SystemClock().now()
    checks: list[Check] = []
    settings: tuple[tuple[str, str, str], ...] = ()
    try:
        config = config_of(args)
    except ConfigError as error:
        checks.append(replace(fails("settings", error.why, error.remedy), group=machine.PROGRAM))
    else:
        settings = machine.settings(config)
        checks += asyncio.run(_accounts(args, config))
        checks += asyncio.run(alerts(config))
        checks += machine.history(config, now)
    checks += [machine.versions(), *machine.terminal(args.no_color)]
    if args.json:
        print(checklist.document(checks, settings, now))
    else:
        _print(checks, settings, args.no_color)
    return EXIT_CODES[verdict(checks)]


def _print(checks: list[Check], settings: tuple[tuple[str, str, str], ...], no_color: bool) -> None:
    from aigw_tui.ink import colors
    from aigw_tui.outlets import checklist

    is_colored = colors(sys.stdout, os.environ, no_color)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✓ shows ?, and the word beside it
    for title, some in checklist.in_groups(checks, ORDER):
        print(checklist.heading(title))
        for line in checklist.lines(some, is_colored):
            print(line)
    if settings:
        print(checklist.heading("settings (value, and where it comes from)"))
        for line in checklist.table(settings):
            print(line)
    print(f"\n{checklist.summary(checks)}")


async def _accounts(args: argparse.Namespace, config: Config) -> list[Check]:
    """Every account that is watched, one after the other."""
    from aigw_tui.checkup.doors import doors
    from aigw_tui.insight import checkcounter
    from aigw_tui.insight.checkup import fails

    if not config.has_token and not args.demo:
        no_token = fails("token", "there is none", "run aigw-tui setup, or look around with --demo")
        return [replace(no_token, group="token", is_essential=True)]
    try:
        knock = doors(config, args)
        accounts, found = await _listed(config, knock)
    except AigwError as error:
        return [replace(fails("token", error.why, error.remedy), group="token", is_essential=True)]
    is_alone = len(accounts) == 1
    unasked = 0
    for account, label in accounts[:MOST_ACCOUNTS]:
        is_its_own = is_alone or config.for_account(account).quota_url != config.quota_url
        unasked += not is_its_own
        checks = await _examined(config, knock, account, has_counter=is_its_own)
        found += [replace(check, account="" if is_alone else label) for check in checks]
    if config.quota_url and unasked:
        found.append(replace(checkcounter.of_several(len(accounts)), group=COUNTER))
    return found


async def _listed(config: Config, knock: Doors) -> tuple[list[tuple[str, str]], list[Check]]:
    """(id, label) of the accounts, and what is to be said of the list itself. Raises AigwError for a broken token."""
    from aigw_tui.errors import ForbiddenError
    from aigw_tui.insight.checkup import fails, ok, warning

    client = knock.client("")
    trouble: AigwError | None = None
    try:
        names = dict(await client.accounts())
    except AigwError as error:
        names, trouble = {}, error
    finally:
        await client.close()
    ids = list(config.account) or list(names)
    labels = {one: config.for_account(one).label or names.get(one, "") or one for one in ids}
    listed = [(one, clean(labels[one], 40)) for one in ids]
    if not listed and (trouble is None or isinstance(trouble, ForbiddenError)):
        why = fails("account", "the token lists no account", "name it: CLOUDFLARE_ACCOUNT_ID or --account ID")
        return [], [replace(why, group="token")]
    if not listed:
        return [("", "")], []
    said = ok(
        "account", ", ".join(f"{label} ({one})" if label != one else one for one, label in listed[:MOST_ACCOUNTS])
    )
    if len(listed) > MOST_ACCOUNTS:
        more = f"{len(listed)} accounts; the first {MOST_ACCOUNTS} are examined"
        said = warning("account", more, "--account ID examines another")
    return listed, [replace(said, group="token")]


async def _examined(config: Config, knock: Doors, account: str, *, has_counter: bool) -> list[Check]:
    """`has_counter`: the Worker at its quota_url, where there is one, counts for this account."""
    from aigw_tui.checkup.account import Examination
    from aigw_tui.checkup.counter import counter

    own = config.for_account(account)
    client = knock.client(account)
    patient = Examination(
        client,
        knock.clock,
        account,
        source=clean(own.token_place.name) if own.token_place else "the built-in account",
        gateways=config.gateway,
        metadata_key=next(iter(config.metadata_keys), "user"),
    )
    try:
        found = [check async for check in patient.checks()]
        if has_counter and (source := knock.counter(account)):
            found += [replace(one, group=COUNTER) for one in await counter(source, own.neuron_limit, patient.now)]
        return found
    finally:
        await client.close()
