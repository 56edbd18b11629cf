"""`aigw-tui collect`: the same feed and history as the monitor's, without a screen."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import TextIO

HELP = "collect history without a screen, for a server or cron"
EPILOG = """examples:
  aigw-tui collect                       until SIGTERM (exit code 0) or Ctrl-C (130); what happens goes to stderr
  aigw-tui collect --once --quiet        one round and what is missing of the last week, for cron
  aigw-tui collect --demo --speed 60     the built-in account, in memory

A monitor on the same history watches what this collects, and takes over when it ends: one of them asks at a time. With
quota_url set, your Worker's counter is asked with each round, too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="one round, then end: 0, or 1 without an answer")


def run(args: argparse.Namespace) -> int:
    """Collect. Returns 0 after SIGTERM, 130 after SIGINT. Raises ConfigError, LocalError."""
    from aigw_tui.ending import Ending

    ending = Ending()
    from aigw_tui.assembly import feed_of
    from aigw_tui.collecting import collect, collect_once, duties
    from aigw_tui.words import config_of, scope_of

    config = config_of(args)
    _log_to(sys.stderr, is_quiet=args.quiet)
    feed = feed_of(args, config)
    scope = scope_of(args, config, feed.now())
    act = collect_once if args.once else collect
    where = "memory" if args.demo or config.store is None else config.store
    logging.getLogger("aigw_tui.collecting").info("collecting every %.0f s into %s", config.interval, where)
    code = ending.run(act(feed, duties(feed, config), scope=scope))
    return ending.leave(code)


def _log_to(stream: TextIO | None, *, is_quiet: bool) -> None:
    """What is logged goes there, too: a line a record, without secrets; nowhere when it is closed."""
    from aigw_tui.log import CleanFormatter

    if stream is None:
        return
    handler = Lines(stream)
    handler.setFormatter(CleanFormatter())
    handler.setLevel(logging.WARNING if is_quiet else logging.DEBUG)
    logging.getLogger().addHandler(handler)


class Lines(logging.StreamHandler[TextIO]):
    """To a stream that nobody may read any more."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A pipe that is closed, or a disk that is full, costs the line and not the history."""
