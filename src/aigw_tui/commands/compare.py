"""`aigw-tui compare`: a Worker's own neuron counter beside Cloudflare's, and why they differ."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from aigw_tui.errors import ConfigError

if TYPE_CHECKING:
    from aigw_tui.config import Config
    from aigw_tui.insight.comparing import Comparison
    from aigw_tui.model import Snapshot

HELP = "your Worker's own neuron counter beside Cloudflare's count"
EPILOG = """examples:
  aigw-tui compare --demo                the built-in account has a Worker that charges a flat price
  aigw-tui compare                       today; needs quota_url in config.toml, or AIGW_QUOTA_URL
  aigw-tui compare --format json | jq '.accounts[0].reasons'

Both counts are of the running UTC day, up to the end of the newest hour that neurons have reached; they come 40
minutes late (quota_delay). Every answer of the Worker is kept: the monitor and collect ask it with each round, which
makes the drift over the day a curve. Exit codes: 0 agrees (within quota_tolerance), 1 drifts, 3 cannot tell."""
DATASETS = ("requests", "neurons", "failures", "pulse")
NOT_SET = (
    "there is no quota_url",
    "set quota_url in config.toml (or AIGW_QUOTA_URL) to the address where your Worker says its count",
)
WHOSE = (
    "quota_url is of one account, and several are watched",
    'put it below [account."…"] in config.toml, or name one with --account',
)
CODES = {"agrees": 0, "drifts": 1, "cannot tell": 3}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table", help="for people, or for programs")
    parser.add_argument("--offline", action="store_true", help="ask nobody: what history holds")


def run(args: argparse.Namespace) -> int:
    """Print it. Returns 0 agrees, 1 drifts, 3 cannot tell; of several accounts 1 before 3. Raises ConfigError."""
    from aigw_tui.model import day_of
    from aigw_tui.once import opened
    from aigw_tui.outlets import talk

    args.provider = args.model = args.gateway = None
    with opened(args, DATASETS, offline=args.offline) as desk:
        if not args.demo and not _is_set(desk.config):
            raise ConfigError(*NOT_SET)
        if not args.offline or args.demo:
            with talk.progress(sys.stderr, is_wanted=not args.quiet) as say:
                desk.fill(day_of(desk.feed.now()), say)
            desk.run(desk.feed.count())
        snapshot = desk.look()
        found = _compared(snapshot)
    talk.complain(snapshot, sys.stderr)
    if not found:
        raise ConfigError(*WHOSE)
    _print(args, found, snapshot)
    return next(code for code in (1, 3, 0) if any(CODES[one.verdict] == code for one in found))


def _is_set(config: Config) -> bool:
    return bool(config.quota_url or any(one.quota_url for one in config.accounts))


def _compared(snapshot: Snapshot) -> tuple[Comparison, ...]:
    """Every account that has a counter; nothing is known where Cloudflare did not answer."""
    from dataclasses import replace

    from aigw_tui.insight.comparing import compare_in
    from aigw_tui.outlets.talk import WHOLE

    found = []
    for one in compare_in(snapshot):
        faults = [fault for fault in snapshot.faults if fault.account in ("", one.account) and fault.dataset in WHOLE]
        fault = next((fault for fault in faults if fault.kind.endswith("Error")), None)
        silent = f"Cloudflare did not answer: {fault.why}" if fault else ""
        found.append(replace(one, verdict="cannot tell", why=silent, remedy=fault.remedy) if fault else one)
    return tuple(found)


def _print(args: argparse.Namespace, found: tuple[Comparison, ...], snapshot: Snapshot) -> None:
    labels = dict(snapshot.labels)
    if args.format == "json":
        import json

        from aigw_tui.outlets.comparejson import document

        print(json.dumps(document(found, labels, snapshot.now), indent=2))
        return
    from aigw_tui.ink import colors
    from aigw_tui.outlets.comparetable import table

    has_color = colors(sys.stdout, os.environ, args.no_color)
    parts = []
    for one in found:
        label = labels.get(one.account, one.account[:8]) if len(found) > 1 else ""
        parts.append("\n".join(line.rstrip() for line in table(one, label, _width(), has_color)))
    print("\n\n".join(parts))


def _width() -> int | None:
    """Of the terminal; None: it is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns
