"""`aigw-tui quota`: every limit, what is used of it, and whether it lasts."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from aigw_tui.once import Desk

HELP = "every quota: used, limit, pace, and when it runs out"
EPILOG = """examples:
  aigw-tui quota                         all of today's quotas of every account
  aigw-tui quota --account acme --offline
  aigw-tui quota --format json | jq '.quotas[] | select(.name == "neurons") | .share'

Neurons and requests are counted by the UTC day, for the whole account: --gateway, --provider, --model and the words
for time change nothing here. ~+ is what the gateways' tokens say was burned since neurons were last counted. The
gateways' own limits on spending, requests and stored logs need an answer from Cloudflare, so --offline leaves them
out; what was spent is an estimate (~)."""
DATASETS = ("requests", "neurons", "failures")
PACE_DAYS = 7
"""Days before today that a pace needs, and that are asked for at the most; it uses more where history has them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table", help="for people, or for programs")
    parser.add_argument("--offline", action="store_true", help="ask nobody: what history holds")


def run(args: argparse.Namespace) -> int:
    """Print them. Returns 1 where Cloudflare did not answer, or nothing is known. Raises ConfigError, LocalError."""
    from dataclasses import replace

    from aigw_tui import fatal
    from aigw_tui.insight.gatewayquotas import budget_quota, gateway_quotas
    from aigw_tui.once import opened
    from aigw_tui.outlets import talk
    from aigw_tui.words import scope_of

    args.provider = args.model = None
    with opened(args, DATASETS, offline=args.offline) as desk:
        desk = replace(desk, config=replace(desk.config, gateway=()))
        if not args.offline or args.demo:
            with talk.progress(sys.stderr, is_wanted=not args.quiet) as say:
                desk.feed.need(scope_of(args, desk.config, desk.feed.now()), ("gateways", "storage"))
                desk.fill(_since(desk), say)
        snapshot = desk.look()
        of_gateways = gateway_quotas(desk.feed.look(scope_of(args, desk.config, desk.feed.now())))
        budget = desk.feed.freshness.budget
    code = talk.complain(snapshot, sys.stderr)
    labels = dict(snapshot.labels)
    quotas = [quota for quota in (*snapshot.quotas, *of_gateways) if quota.account in labels]
    if quotas and not args.offline:
        quotas.append(budget_quota(budget))
    if not quotas:
        if not snapshot.faults:
            fatal.say("no account is known: history is empty → leave out --offline")
        return 1
    if args.format == "json":
        import json

        from aigw_tui.outlets.quotajson import document

        print(json.dumps(document(quotas, labels, snapshot.faults, snapshot.now), indent=2))
    else:
        from aigw_tui.ink import colors
        from aigw_tui.outlets.quotatable import table

        has_color = colors(sys.stdout, os.environ, args.no_color)
        shown = [one for one in quotas if one.name != "cost_month" or one.limit is not None or one.used is not None]
        print("\n".join(table(shown, labels, snapshot.now, _width(), has_color)))
    return code


def _since(desk: Desk) -> datetime:
    """From where on history is needed: a pace's days; the whole month where it has a limit."""
    from aigw_tui.insight.tabulate import month_of
    from aigw_tui.model import DAY, day_of

    now = desk.feed.now()
    limits = (desk.config.cost_limit_month, *(one.cost_limit_month for one in desk.config.accounts))
    since = day_of(now) - DAY * PACE_DAYS
    return min(since, month_of(now)) if any(limits) else since


def _width() -> int | None:
    """Of the terminal; None: it is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns
