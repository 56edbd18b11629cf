"""`aigw-tui report`: what a day, a week or a month was like, as a page to read or to send."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aigw_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigw_tui.config import Config
    from aigw_tui.model import Window
    from aigw_tui.once import Desk
    from aigw_tui.outlets.notify import Target

HELP = "print what yesterday was like against the days before it, or a week or a month day by day"
EPILOG = """examples:
  aigw-tui report                                      yesterday (UTC), as Markdown
  aigw-tui report --date 2026-11-20 --format html --output report.html
  aigw-tui report --week --format html --output week.html
  aigw-tui report --month --account acme               trends by day, models, what the cache saved
  aigw-tui report --format slack | curl -d @- -H 'Content-Type: application/json' "$SLACK_WEBHOOK"
  aigw-tui report --format json --offline | jq '.figures.cost_usd.value, .alerts.fired[].rule'

A day is set against the median of the 7 days before, a week against the one before. --week and --month are the last 7
and 30 days with today; with --date they end with that day. Cost is what is owed: other providers than Workers AI, and
neurons above the allowance on a paid plan. What a cache hit saved is an estimate (~). Alerts are those that
`aigw-tui alerts history` lists for these days; where that cannot be told of a rule, the report says so."""
FORMATS = ("markdown", "html", "json", "slack")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="that UTC day; yesterday is the default")
    parser.add_argument("--format", choices=FORMATS, default="markdown", help="markdown is the default")
    parser.add_argument("--send", action="store_true", help="deliver it to the targets of report_to, once")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there, whole or not at all")
    parser.add_argument("--offline", action="store_true", help="from history alone, nothing is asked")


def run(args: argparse.Namespace) -> int:
    """Print it. 0; 1 when Cloudflare could not be asked: then it is made of what history has, and why on stderr."""
    from aigw_tui.once import opened
    from aigw_tui.outlets import talk
    from aigw_tui.outlets.report import written
    from aigw_tui.reporting import ASKED, first_asked, report_of

    if args.since or args.until or (args.period and not args.period.days):
        raise ConfigError("a report is of whole days", "use --date YYYY-MM-DD, --week or --month")
    with opened(args, ASKED, offline=args.offline) as desk:
        period, window = _window(args, desk.feed.now())
        targets = _receivers(desk.config, window) if args.send else ()
        if not args.offline or args.demo:
            with talk.progress(sys.stderr, is_wanted=not args.quiet) as say:
                since, later = first_asked(period, window, desk.config, desk.feed.now())
                desk.fill(since, say, later)
        snapshot = desk.look()
        code = talk.complain(snapshot, sys.stderr)
        if args.send:
            return max(code, _send(desk, window, targets))
        found = desk.run(report_of(desk.feed, desk.config, snapshot, period, window))
        _write(args, written(found, args.format))
    return code


def _receivers(config: Config, window: Window) -> tuple[Target, ...]:
    """All targets that there are, once each that is to get it is known to be one. Raises ConfigError."""
    from aigw_tui.config.addressees import strangers_of_report
    from aigw_tui.config.targets import load_targets
    from aigw_tui.model import DAY

    if not config.report_to or config.target_tables is None:
        raise ConfigError(
            "nobody is to get the report", 'name targets: report_to = ["team"] and [target.team] in config.toml'
        )
    if window.length != DAY:
        raise ConfigError("only the report of a day is sent", "leave out --week and --month")
    targets, complaints = load_targets(config)
    for error in (*strangers_of_report(config), *(complaints.get(name) for name in ("", *config.report_to))):
        if error:
            raise error
    return targets


def _send(desk: Desk, window: Window, targets: Sequence[Target]) -> int:
    """Through the outbox, so that it arrives once."""
    from aigw_tui.courier import report_message
    from aigw_tui.outlets.notify import deliver, post
    from aigw_tui.outlets.talk import say

    config, feed = desk.config, desk.feed
    message = desk.run(report_message(feed, config, desk.look(), window.since))
    post(feed.outbox, config.report_to, message, feed.now())
    outcomes = desk.run(deliver(feed.outbox, targets, feed.clock))
    for one in outcomes:
        say(f"{one.target}: delivered" if one.state == "delivered" else f"{one.target}: {one.why}")
    if not outcomes:
        say("nothing to deliver: it was sent before, or waits for its next try")
    return int(any(one.state != "delivered" for one in outcomes))


def _window(args: argparse.Namespace, now: datetime) -> tuple[str, Window]:
    """`day`, `week` or `month`, and the whole days of it. Raises ConfigError for a day that has not begun."""
    from aigw_tui.model import DAY, LAUNCH, TODAY, Window, day_of

    if args.date and args.period == TODAY:
        raise ConfigError("--today is a day, and --date another", "use one of them")
    last = args.date or (day_of(now) if args.period else day_of(now) - DAY)
    if not LAUNCH <= last <= now:
        raise ConfigError(f"--date: no figures of {last:%Y-%m-%d}", f"use a day up to {now:%Y-%m-%d}")
    days = args.period.days if args.period else 1
    return {1: "day", 7: "week"}.get(days, "month"), Window(last + DAY - DAY * days, last + DAY)


def _write(args: argparse.Namespace, text: str) -> None:
    from aigw_tui.outlets.files import write
    from aigw_tui.outlets.talk import say

    if args.output is None:
        sys.stdout.write(text)
        return
    write(args.output, [text])
    if not args.quiet:
        say(f"wrote {args.output}")


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError("use YYYY-MM-DD, such as 2026-11-22") from None
