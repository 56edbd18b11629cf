"""`aigw-tui logs`: the request logs of gateways, and the bodies of one request for who asks by hand."""

from __future__ import annotations

import argparse
import re
import select
import shutil
import sys
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from aigw_tui.errors import AigwError, ConfigError
from aigw_tui.fatal import say
from aigw_tui.format import clean
from aigw_tui.words import scope_of

if TYPE_CHECKING:
    from aigw_tui.cloudflare.logstream import Source
    from aigw_tui.model import LogFilter, LogRow
    from aigw_tui.outlets.logtable import Drawing
    from aigw_tui.reach import Place, Reach

HELP = "the request logs of the gateways, newest first; never prompts or answers, unless asked for one"
EPILOG = """examples:
  aigw-tui logs --errors --since 2h                  what failed in the last two hours
  aigw-tui logs --model '@cf/meta/*' --min-duration 5000 --limit 200
  aigw-tui logs --metadata team=search --status 5xx --week --format csv
  aigw-tui logs --gateway prod --follow              new requests as they come; Ctrl-C ends it
  aigw-tui logs --bodies 01JD3V6Q2W8Z                what one request asked and was answered"""
FORMATS = ("table", "json", "ndjson", "csv")
FIRST_ROWS = 200
"""Rows that decide how wide the table's columns are."""
BODY_WARNING = "what follows may hold personal data; it is fetched for this answer alone, neither stored nor logged"
NOTHING = "no such log in this time; --week looks further back, and doctor says whether logging is on"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--status", action="append", type=_statuses, metavar="N", help="429, or 5xx; repeatable")
    parser.add_argument("--errors", action="store_true", help="only requests that failed")
    parser.add_argument("--min-duration", type=_whole, default=0, metavar="MS", help="only those that took so long")
    parser.add_argument("--metadata", action="append", type=_pair, metavar="K=V", help="with this metadata; repeatable")
    parser.add_argument("--limit", type=_whole, default=50, metavar="N", help="at most so many rows (default: 50)")
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: table; times in UTC")
    parser.add_argument("--follow", action="store_true", help="go on, and print new rows as they come, oldest first")
    parser.add_argument("--bodies", metavar="ID", help="request and response of that one log")


def run(args: argparse.Namespace) -> int:
    """Raises AigwError: no logs there, no permission, a refused token."""
    from aigw_tui.reach import reached

    if args.bodies is not None and args.follow:
        raise ConfigError("--bodies is about one log, --follow about those to come", "use one of them")
    if args.follow and args.until:
        raise ConfigError("--follow has no end", "leave --until out")
    if args.follow and args.format == "json":
        raise ConfigError("--follow has no end, and JSON needs one", "use --format ndjson")
    with reached(args) as reach:
        return reach.run(_bodies(reach) if args.bodies is not None else _list(reach))


async def _list(reach: Reach) -> int:
    args = reach.args
    labels = await reach.accounts()
    places = await reach.places(tuple(labels))
    wanted = _filter(reach)
    drawing = _drawing(reach, wanted, labels, places)
    sources = _sources(reach, places)
    if args.follow:
        return await _follow(reach, sources, wanted, drawing)
    from aigw_tui.cloudflare.logstream import merged

    held: list[LogRow] = []
    count, is_open = 0, False
    async with aclosing(merged(sources, wanted, _say)) as rows:
        async for row in rows:
            count += 1
            if is_open:
                _out(drawing.row(row))
            else:
                held.append(row)
                if is_open := len(held) == FIRST_ROWS:
                    _write(drawing, held)
            if count >= args.limit:
                break
    if not is_open:
        _write(drawing, held)
    _out(drawing.foot())
    _remarks(reach, sources, count)
    return 0


async def _follow(reach: Reach, sources: Sequence[Source], wanted: LogFilter, drawing: Drawing) -> int:
    from aigw_tui.cloudflare.logstream import followed

    is_open = False
    stream = followed(sources, wanted, reach.clock, reach.config.interval, reach.args.limit, _say)
    async with aclosing(stream) as batches:
        async for batch in batches:
            if is_open:
                _out(*map(drawing.row, batch))
            else:
                _write(drawing, batch)
                is_open = True
            _out(flush=True)
            if _is_nobody_there():
                raise BrokenPipeError
    return 0


async def _bodies(reach: Reach) -> int:
    from aigw_tui.outlets.bodies import as_json, as_text

    log = str(reach.args.bodies)
    for logs, gateway in _sources(reach, await reach.places(tuple(await reach.accounts()))):
        if (row := await logs.row(gateway, log)) is None:
            continue
        say(BODY_WARNING)
        parts = {part: await logs.body(gateway, log, part) for part in ("request", "response")}
        is_text = reach.args.format in ("table", "csv")
        _out(as_text(row, parts) if is_text else as_json(row, parts))
        return 0
    raise AigwError(f"no gateway has a log {clean(log)}", "check the id (--format json shows them), and --gateway")


def _filter(reach: Reach) -> LogFilter:
    from aigw_tui.model import LogFilter

    args, now = reach.args, reach.clock.now()
    return LogFilter(
        scope_of(args, reach.config, now).window(now),
        tuple(args.status or ()),
        args.errors,
        tuple(args.model or ()),
        tuple(args.provider or ()),
        args.min_duration,
        tuple(args.metadata or ()),
    )


def _sources(reach: Reach, places: Sequence[Place]) -> list[Source]:
    from aigw_tui.cloudflare.logs import Logs

    accounts = dict.fromkeys(place.account for place in places)
    logs = {account: Logs(reach.transport(account), reach.clock, account) for account in accounts}
    return [(logs[place.account], place.gateway.id) for place in places]


def _drawing(reach: Reach, wanted: LogFilter, labels: dict[str, str], places: Sequence[Place]) -> Drawing:
    from aigw_tui.outlets.logtable import Csv, Json, Ndjson, Table

    match reach.args.format:
        case "csv":
            return Csv()
        case "ndjson":
            return Ndjson()
        case "json":
            return Json(wanted.window, reach.clock.now())
    width = shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None
    return Table(width, labels, has_gateways=len({place.gateway.id for place in places}) > 1)


def _write(drawing: Drawing, rows: Sequence[LogRow]) -> None:
    _out(drawing.head(rows), *map(drawing.row, rows))


def _out(*texts: str, flush: bool = False) -> None:
    """`print` writes nowhere where standard output is closed."""
    print(*texts, sep="", end="", flush=flush)


def _remarks(reach: Reach, sources: Sequence[Source], count: int) -> None:
    """What a reader of the rows alone would not know."""
    if reach.args.quiet:
        return
    if unread := sum(logs.unread for logs in {id(logs): logs for logs, _ in sources}.values()):
        say(f"{unread} rows could not be read and are left out")
    if any(logs.is_cut for logs, _ in sources):
        say("not all older logs were looked at: name a shorter time")
    if not count:
        say(NOTHING)


def _say(error: AigwError, gateway: str) -> None:
    say(f"{gateway}: {error}" if gateway else str(error))


def _is_nobody_there() -> bool:
    """Whether the reader of our output has gone, which writing alone would show only with the next row."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
    except (OSError, ValueError, AttributeError):
        return False


def _statuses(text: str) -> range:
    found = re.fullmatch(r"([1-9])(?:([0-9]{2})|xx)", text)
    if not found:
        raise argparse.ArgumentTypeError("use a status such as 429, or 5xx")
    return range(int(text), int(text) + 1) if found[2] else range(int(found[1]) * 100, int(found[1]) * 100 + 100)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not int(text):
        raise argparse.ArgumentTypeError("use a whole number from 1 to 999,999,999")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError("use key=value")
    return key, value
