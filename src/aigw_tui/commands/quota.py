"""`aigw-tui quota`: every limit, what is used of it, and whether it lasts."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigw_tui.model import Fault

HELP = "every quota: used, limit, pace, and when it runs out"
EPILOG = """examples:
  aigw-tui quota                         all of today's quotas of every account
  aigw-tui quota --account acme --offline
  aigw-tui quota --format json | jq '.quotas[] | select(.name == "neurons") | .share'

Neurons and requests are counted by the UTC day, for the whole account: --gateway, --provider, --model and the words
for time change nothing here. ~+ is what the gateways' tokens say was burned since neurons were last counted."""
PACE_DAYS = 7
"""Days before today that a pace needs, and that are asked for at the most; it uses more where history has them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table", help="for people, or for programs")
    parser.add_argument("--offline", action="store_true", help="ask nobody: what history holds")


def run(args: argparse.Namespace) -> int:
    """Print them. Returns 1 where nothing is known at all. Raises ConfigError, LocalError."""
    from dataclasses import replace

    from aigw_tui import fatal
    from aigw_tui.model import DAY, day_of
    from aigw_tui.once import opened

    args.provider = args.model = None
    with opened(args, offline=args.offline) as desk:
        desk = replace(desk, config=replace(desk.config, gateway=()))
        if not args.offline or args.demo:
            desk.fill(day_of(desk.feed.now()) - DAY * PACE_DAYS)
        snapshot = desk.look()
    labels = dict(snapshot.labels)
    quotas = [quota for quota in snapshot.quotas if quota.account in labels]
    faults = [fault for fault in snapshot.faults if not fault.account or fault.account in labels]
    is_known = any(quota.used is not None for quota in quotas)
    if not args.quiet or not is_known:
        _tell(faults)
    if not quotas:
        if not faults:
            fatal.say("no account is known: history is empty → leave out --offline")
        return 1
    if args.format == "json":
        import json

        from aigw_tui.outlets.quotajson import document

        print(json.dumps(document(quotas, labels, faults, snapshot.now), indent=2))
    else:
        from aigw_tui.ink import be_lenient, colors
        from aigw_tui.outlets.quotatable import table

        be_lenient(sys.stdout)
        has_color = colors(sys.stdout, os.environ, args.no_color)
        print("\n".join(table(quotas, labels, snapshot.now, _width(), has_color)))
    return 0 if is_known or not faults else 1


def _tell(faults: Sequence[Fault]) -> None:
    from aigw_tui import fatal

    for fault in faults:
        fatal.say(f"{fault.what}: {fault.why} → {fault.remedy}")


def _width() -> int | None:
    """Of the terminal; None: it is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns
