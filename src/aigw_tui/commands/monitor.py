"""`aigw-tui`: the live monitor."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aigw_tui.model import LAUNCH, Fault
from aigw_tui.words import config_of, demo_clock, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigw_tui.collecting import Duty
    from aigw_tui.config import Config
    from aigw_tui.feed import Feed
    from aigw_tui.model import Alert
    from aigw_tui.model.message import Severity

HELP = "watch AI Gateway and Workers AI live; this is what runs when no command is named"
DEMO_METADATA = ("team", "plan", "key")
EPILOG = """examples:
  aigw-tui --demo                        the built-in account; needs no token
  aigw-tui --gateway prod --hours 6      one gateway, the last six hours
  aigw-tui --plain                       lines of text instead of a screen, for screen readers
  source <(aigw-tui --print-completion bash)
  aigw-tui --print-man > ~/.local/share/man/man1/aigw-tui.1"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plain", action="store_true", help="no screen: how things stand, then what changes, in lines")


def run(args: argparse.Namespace) -> int:
    """Open the screen and stay until the person quits. Without a token, the welcome."""
    gc.disable()  # while all is being imported there is nothing to collect, and looking for it takes 30 ms
    from aigw_tui.sparing import sparing
    from aigw_tui.tui.terminal import can_show, why_dumb

    config = sparing(config_of(args), os.environ)
    reason = can_show(os.environ, sys.stdin, sys.stdout)
    if args.plain or (reason and reason == why_dumb(os.environ)):
        return _tell(args, config, reason)
    if reason:
        return _once(args, reason)
    if not args.demo and not config.has_token:
        wish = _welcome(config, args.no_color)
        if wish is None:
            return 0
        if wish == "setup":
            _set_up(args)
        args.demo = wish == "demo"
        config = sparing(config_of(args), os.environ)
    return _watch(args, config)


def _tell(args: argparse.Namespace, config: Config, reason: str | None) -> int:
    """Line by line; a terminal that shows no screen gets that unasked."""
    from aigw_tui.outlets import talk
    from aigw_tui.telling import run as tell

    gc.enable()
    if reason and not args.plain and not args.quiet:
        talk.say(f"aigw-tui: no screen, because {reason}; what --plain tells instead:")
    return tell(args, config)


def _once(args: argparse.Namespace, reason: str) -> int:
    """Where no screen can be shown: the table of `usage`, once."""
    from aigw_tui.commands import usage
    from aigw_tui.outlets import talk

    gc.enable()
    words = argparse.ArgumentParser()
    usage.add_arguments(words)
    if not args.quiet:
        talk.say(f"aigw-tui: no monitor, because {reason}; the table of usage, once:")
    return usage.run(words.parse_args([], args))


def _duties(feed: Feed, config: Config) -> tuple[Duty, ...]:
    """What is told to people elsewhere; without a target nothing is, and nothing is loaded for it."""
    if config.target_tables is None:
        return ()
    from aigw_tui.collecting import duties

    return duties(feed, config)


def _ring(alerts: Sequence[Alert]) -> str:
    """A bell and a notification for the terminal: of one rule, whatever the number of its names."""
    from aigw_tui.model import Message
    from aigw_tui.outlets.notify import bell

    alert, count = alerts[0], len(alerts)
    severity: Severity = "critical" if alert.severity == "critical" else "warning"
    title = f"{alert.title} fires" if count == 1 else f"{alert.rule} fires for {count:,} {alert.each}s"
    return bell(Message(alert.rule, severity, f"{title}: {alert.words}", alert.since or LAUNCH)).decode()


def _welcome(config: Config, no_color: bool) -> str | None:
    from aigw_tui.appearance import appearance_of
    from aigw_tui.tui.screens.welcome import FirstRun

    gc.enable()
    first = FirstRun(appearance_of(config, os.environ, no_color, sys.stdout.encoding).looks)
    wish = first.open()
    if first.failure:
        raise first.failure
    return wish


def _set_up(args: argparse.Namespace) -> None:
    """The dialogue of `setup`. Raises AigwError, and KeyboardInterrupt, before anything was written."""
    from aigw_tui.commands import setup

    words = argparse.ArgumentParser()
    setup.add_arguments(words)
    setup.run(words.parse_args([], args))


def _watch(args: argparse.Namespace, config: Config) -> int:
    from aigw_tui.appearance import appearance_of
    from aigw_tui.assembly import demo_feed, demo_start, real_feed
    from aigw_tui.clock import SystemClock
    from aigw_tui.exporting import Exporter
    from aigw_tui.tui.app import Monitor
    from aigw_tui.tui.terminal import leave_at_once

    now = SystemClock().now()
    if args.demo:
        from aigw_tui.demo.box import Box

        clock = demo_clock(args, now if args.at else demo_start(now))
        feed = demo_feed(config, clock, Box(clock, seed=1 if args.seed is None else args.seed))
        now = clock.now()
    else:
        feed = real_feed(config, SystemClock())
    keys = config.metadata_keys or (DEMO_METADATA if args.demo else ())
    look = appearance_of(config, os.environ, args.no_color, sys.stdout.encoding)
    duties, ring = _duties(feed, config), None if args.demo else _ring
    complaints = [Fault("ConfigError", one.what, one.why, one.remedy, now) for one in look.complaints]
    monitor = Monitor(
        feed,
        scope_of(args, config, now),
        look.looks,
        keys,
        config.tz,
        duties,
        ring,
        Exporter(Path.cwd()),
        complaints,
    )
    gc.freeze()  # modules and classes stay: every later collection would walk them, 10 ms a time
    gc.enable()
    monitor.open()
    if monitor.failure:
        raise monitor.failure
    if monitor.last_screen:
        sys.stdout.write(monitor.last_screen)
        sys.stdout.flush()
    code = monitor.return_code or 0
    if monitor.threads.are_busy:
        leave_at_once(code)
    return code
