"""The words that every command shares: whose figures, of which time, and how the program behaves."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NoReturn

from aigw_tui.errors import ConfigError
from aigw_tui.format import from_iso
from aigw_tui.ink import prepare
from aigw_tui.model import LAUNCH, MONTH, TODAY, WEEK, Period, Scope, Step, Window, period_of

if TYPE_CHECKING:
    from aigw_tui.clock import FastClock
    from aigw_tui.config import Config

FLAGS = ("config", "token_file", "account", "gateway", "interval", "base_url", "theme", "colors", "ascii", "ssh", "tz")
"""The shared words that are settings."""

DATA = frozenset(("csv", "json", "ndjson", "html", "slack"))
"""Formats that programs read: UTF-8 wherever they go."""
PERIODS = {"today": TODAY, "week": WEEK, "month": MONTH}
TIMES = "2026-11-23, 2026-11-23T14:00:00Z, or an age: 90m, 36h, 7d"
AGE = re.compile(r"([0-9]{1,6})([mhdw])")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
MOST_HOURS = 24 * 366 * 3


def add_words(parser: argparse.ArgumentParser) -> None:
    """Add them to a parser, without any defaults but argparse's own."""
    scope = parser.add_argument_group("which figures")
    for name in ("account", "gateway", "provider", "model"):
        scope.add_argument(f"--{name}", action="append", metavar="NAME", help="only this one; repeatable")
    times = parser.add_argument_group("which time (UTC)")
    one = times.add_mutually_exclusive_group()
    for period, meaning in PERIODS.items():
        one.add_argument(f"--{period}", dest="period", action="store_const", const=meaning, help=_in_words(meaning))
    one.add_argument("--hours", dest="period", type=_hours, metavar="N", help="the running hour and the N-1 before it")
    one.add_argument("--since", metavar="T", help=f"from then on: {TIMES}")
    times.add_argument("--until", metavar="T", help="with --since: up to then")
    demo = parser.add_argument_group("the built-in account, for trying things out")
    demo.add_argument("--demo", action="store_true", help="watch it instead of yours; needs no token")
    demo.add_argument("--speed", type=_speed, metavar="N", help="its clock runs N times as fast (1 to 3600)")
    demo.add_argument("--at", type=_time_of_day_or_text, metavar="HH:MM", help="its clock starts at that time of today")
    demo.add_argument("--seed", type=int, metavar="N", help="another account")
    program = parser.add_argument_group("the program")
    program.add_argument("--config", metavar="PATH", help="another config.toml")
    program.add_argument("--token-file", metavar="PATH", help="read the API token there; - is standard input")
    program.add_argument("--interval", metavar="SECONDS", help="time between two questions to Cloudflare (from 10)")
    program.add_argument("--base-url", metavar="URL", help="another API than Cloudflare's; https, or loopback")
    program.add_argument("--theme", metavar="NAME", help="colours: house-dark, house-light, contrast-dark, nord, …")
    program.add_argument("--colors", metavar="N", help="how many the terminal has: auto, 24-bit, 256, 16, none")
    program.add_argument("--tz", metavar="NAME", help="time zone of the clock in the top line; all else stays UTC")
    program.add_argument("--no-color", action="store_true", help="no colours; also NO_COLOR (and FORCE_COLOR: always)")
    ascii_help = "ASCII alone; by default where the locale has no UTF-8"
    program.add_argument("--ascii", action=argparse.BooleanOptionalAction, help=ascii_help)
    ssh_help = "spare the line: fewer bytes, no mouse; by default when SSH_CONNECTION is set"
    program.add_argument("--ssh", action=argparse.BooleanOptionalAction, help=ssh_help)
    program.add_argument("--quiet", action="store_true", help="no progress and no notes on stderr; errors are said")
    program.add_argument("-v", "--verbose", action="count", help="write more to the log file; twice: all")
    program.add_argument("--token", nargs="?", action=NoToken, help=argparse.SUPPRESS)


class NoToken(argparse.Action):
    """Says why there is no such flag; what was written behind it is shown nowhere."""

    def __call__(self, *_: object) -> NoReturn:
        raise ConfigError(
            "there is no --token: every user of this machine could read it in the list of processes",
            "set CLOUDFLARE_API_TOKEN, or use --token-file PATH or --token-file - (standard input)",
        )


def check_words(args: argparse.Namespace, *, takes_at: bool = False) -> None:
    """Raises ConfigError for words that mean nothing together. `takes_at`: the command itself can look back."""
    if isinstance(args.at, str) and not takes_at:
        raise ConfigError("argument --at: use HH:MM, such as 14:05")
    if args.until and not args.since:
        raise ConfigError("--until goes with --since", "add --since T")
    if not args.demo and (args.speed or (args.at and not takes_at) or args.seed is not None):
        raise ConfigError("--speed, --at and --seed are of the built-in account", "add --demo")


def config_of(args: argparse.Namespace) -> Config:
    """The configuration that the words, the environment and the files make. Raises ConfigError."""
    from aigw_tui.config import load

    flags = {key: value for key in FLAGS if (value := getattr(args, key)) is not None}
    config = load(flags, os.environ, demo=args.demo)
    prepare_streams(args, config.ascii)
    return config


def prepare_streams(args: argparse.Namespace, wish: bool | None) -> None:
    """No character that the terminal lacks ends the program; `wish`: ASCII alone, or not, or as the terminal is."""
    is_data = getattr(args, "json", False) or getattr(args, "format", None) in DATA
    prepare(sys.stdout, os.environ, wish, is_data=is_data)
    prepare(sys.stderr, os.environ, wish)


def scope_of(args: argparse.Namespace, config: Config, now: datetime) -> Scope:
    """What is to be looked at; the gateways may also come from the configuration. Raises ConfigError for a time."""
    asked = {"account": args.account, "gateway": config.gateway, "provider": args.provider, "model": args.model}
    named = tuple((name, tuple(values)) for name, values in asked.items() if values)
    return Scope(_period(args, now), (Step(named),) if named else ())


def demo_clock(args: argparse.Namespace, start: datetime) -> FastClock:
    """The built-in account's clock: it begins at `start`, or at another time of that day, and may run faster."""
    from aigw_tui.clock import FastClock

    return FastClock(
        datetime.combine(start.date(), args.at, UTC) if isinstance(args.at, time) else start, args.speed or 1
    )


def spelled(args: argparse.Namespace) -> tuple[str, ...]:
    """The shared words that were said, as another process of ours takes them. None of them is a secret."""
    parser = argparse.ArgumentParser(add_help=False)
    add_words(parser)
    return tuple(word for action in parser._actions for word in _spelled(action, getattr(args, action.dest, None)))  # noqa: SLF001


def _spelled(action: argparse.Action, value: object) -> Iterator[str]:
    flag = action.option_strings[0]
    if isinstance(action, argparse.BooleanOptionalAction):
        yield from () if value is None else (action.option_strings[0 if value else -1],)
        return
    if value is None or value is False or isinstance(action, NoToken):
        return
    if action.nargs == 0:  # a period of its own name, a switch, or one that is counted
        times = value if type(value) is int else value == action.const
        yield from (flag for _ in range(int(times)))
    elif isinstance(value, Period):
        yield from (f"{flag}={value.hours}" for _ in range(bool(value.hours)))
    else:
        for one in value if isinstance(value, list) else [value]:
            yield f"{flag}={f'{one:%H:%M}' if isinstance(one, time) else one}"


def _period(args: argparse.Namespace, now: datetime) -> Period:
    if not args.since:
        found: Period = args.period or TODAY
        return found
    since = max(LAUNCH, _moment("--since", args.since, now))
    window = Window(since, _moment("--until", args.until, now) if args.until else now)
    if window.since >= window.until:
        raise ConfigError("the window ends before it begins", "let --since be earlier")
    return period_of(window)


def _moment(flag: str, text: str, now: datetime) -> datetime:
    try:
        if age := AGE.fullmatch(text):
            return now - int(age[1]) * UNITS[age[2]]
        return from_iso(text)
    except (ValueError, OverflowError):
        raise ConfigError(f"{flag}: {text} is no time", f"use {TIMES}") from None


def _hours(text: str) -> Period:
    hours = int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0
    if not 1 <= hours <= MOST_HOURS:
        raise argparse.ArgumentTypeError(f"use a whole number from 1 to {MOST_HOURS:,}")
    return Period(f"{hours} h", hours=hours)


def check_port(text: str) -> int:
    """Of TCP; 0 is a free one."""
    port = int(text) if re.fullmatch(r"[0-9]{1,5}", text) else -1
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError("use a port from 0 to 65535")
    return port


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 1 <= speed <= 3600:
        raise argparse.ArgumentTypeError("use a number from 1 to 3600")
    return speed


def moment_at(at: time | str, now: datetime) -> datetime:
    """What `--at` means for a command that looks back: a time of today, a moment, or an age. Raises ConfigError."""
    if isinstance(at, str):
        return _moment("--at", at, now)
    return datetime.combine(now.date(), at, UTC)


def _time_of_day_or_text(text: str) -> time | str:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        return text


def _in_words(period: Period) -> str:
    return "since 00:00 (the default)" if period == TODAY else f"the last {period.days} days with today"
