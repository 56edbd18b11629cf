"""`aigw-tui usage`: what was used, by hour and model or by anything else, as a table or for a program."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aigw_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aigw_tui.model import Snapshot
    from aigw_tui.once import Desk
    from aigw_tui.outlets.exports import Usage

HELP = "print what was used: by hour and model, or by day, month, account, gateway, provider"
EPILOG = """examples:
  aigw-tui usage                                   today, by hour and model
  aigw-tui usage --week --by day                   a line a day
  aigw-tui usage --by model --model '@cf/*'        models of Workers AI, busiest first
  aigw-tui usage --by gateway,day --format csv     for a spreadsheet
  aigw-tui usage --week --by model --sort cost_usd --limit 5
  aigw-tui usage --format json --offline           from history alone, for a script
  aigw-tui usage --month --export csv              writes ai-analytics-2026-11-23.csv
  aigw-tui usage --by metadata.team                by the value of a metadata key

fields: hour day month account gateway provider model, or one metadata.KEY
neurons are measured for the whole account, so they are unknown beside gateways and providers; ~neurons are estimated
from tokens and prices. cost is the list price of all providers: that of Workers AI models is not owed within the free
allowance of neurons, and is never added to what neurons cost."""

FORMATS = ("table", "json", "ndjson", "csv", "markdown")
DEFAULT_BY = ("hour", "model")
METADATA = "metadata."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", type=_fields, default=DEFAULT_BY, metavar="FIELDS", help="hour,model is the default")
    parser.add_argument("--format", choices=FORMATS, default="table", help="table is the default")
    parser.add_argument("--sort", type=_order, metavar="NAME", help="measures the largest first, fields in their order")
    parser.add_argument("--reverse", action="store_true", help="the other way round; goes with --sort")
    parser.add_argument("--limit", type=_count, metavar="N", help="only so many rows; totals stay those of all")
    parser.add_argument("--offline", action="store_true", help="from history alone, nothing is asked")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--output", type=Path, metavar="FILE", help="write there, whole or not at all")
    where.add_argument("--export", choices=("json", "csv"), help="write ai-analytics-<today>.json or .csv here")


def run(args: argparse.Namespace) -> int:
    """Print it. 0; 1 when Cloudflare could not be asked: then what history has is printed, and why on stderr."""
    from aigw_tui import once
    from aigw_tui.insight.tabulate import MEASURES
    from aigw_tui.outlets import talk

    if args.sort and args.sort not in (*args.by, *MEASURES):
        is_alone = any(name.startswith(METADATA) for name in (args.sort, *args.by))
        fields = args.sort if is_alone else ",".join((*args.by, args.sort))
        raise ConfigError(f"--sort: {args.sort} is not among the fields", f"use --by {fields}")
    with once.opened(args, offline=args.offline) as desk:
        usage, snapshot = _answer(desk, args)
        _write(args, _picked(usage, args), snapshot)
        if not args.quiet:
            for text in talk.notes(usage.sources, usage.window):
                talk.say(text)
        return talk.complain(snapshot, sys.stderr)


def _answer(desk: Desk, args: argparse.Namespace) -> tuple[Usage, Snapshot]:
    """Bring history up to date for the window, and look at it."""
    from aigw_tui.outlets import talk
    from aigw_tui.words import scope_of

    raw = scope_of(args, desk.config, desk.feed.now())
    key = args.by[0].removeprefix(METADATA) if args.by[:1] and args.by[0].startswith(METADATA) else ""
    if key:
        desk.feed.need(raw, ("metadata",), key)
    if not args.offline or args.demo:
        with talk.progress(sys.stderr, is_wanted=not args.quiet) as say:
            desk.fill(raw.window(desk.feed.now()).since, say)
            if desk.feed.look(raw).views.sampled("requests", raw.window(desk.feed.now())):
                desk.feed.need(desk.scope(), ("whole",))
                desk.fill(desk.feed.now())
    if key:
        from aigw_tui.outlets.bymetadata import usage_of

        snapshot = desk.feed.look(raw)
        return usage_of(snapshot, key), snapshot
    return _from_history(desk, args)


def _from_history(desk: Desk, args: argparse.Namespace) -> tuple[Usage, Snapshot]:
    from aigw_tui.insight import tabulate
    from aigw_tui.insight.sampling import interval_of
    from aigw_tui.outlets.exports import Usage
    from aigw_tui.outlets.sources import sources_of

    snapshot, freshness = desk.look(), desk.feed.freshness
    window = tabulate.from_the_hour(snapshot.window)
    asked = snapshot.views, snapshot.scope, window, args.by, freshness.is_stale
    return (
        Usage(
            args.by,
            tabulate.lines(*asked),
            tabulate.total(*asked),
            window,
            snapshot.now,
            tuple((name, snapshot.scope.values(name)) for name in tabulate.KEYS),
            sources_of(snapshot, freshness, window),
            interval_of(snapshot),
        ),
        snapshot,
    )


def _picked(usage: Usage, args: argparse.Namespace) -> Usage:
    """The lines in the order that was asked for, and no more than were; the total stays that of all."""
    from dataclasses import replace
    from itertools import islice

    from aigw_tui.history.sorting import in_order
    from aigw_tui.insight.tabulate import place

    lines = usage.lines
    if args.sort:
        is_descending = args.reverse == (args.sort in usage.by)
        lines = in_order(lines, place(usage.by, args.sort), is_descending=is_descending)
    return replace(usage, lines=islice(lines, args.limit))


def _write(args: argparse.Namespace, usage: Usage, snapshot: Snapshot) -> None:
    from aigw_tui.outlets.exports import FORMATS
    from aigw_tui.outlets.files import free_name, write
    from aigw_tui.outlets.talk import say

    kind = args.export or args.format
    texts = _table(args, usage, snapshot) if kind == "table" else FORMATS[kind](usage)
    path = free_name(Path.cwd(), snapshot.now.date(), args.export) if args.export else args.output
    if path is None:
        for text in texts:
            sys.stdout.write(text)
        return
    write(path, texts)
    if not args.quiet:
        say(f"wrote {path}")


def _table(args: argparse.Namespace, usage: Usage, snapshot: Snapshot) -> Iterator[str]:
    from itertools import chain

    from aigw_tui.ink import colors
    from aigw_tui.insight.tabulate import models
    from aigw_tui.outlets.usagetable import summary, table

    is_screen = args.output is None and sys.stdout.isatty()
    width = os.get_terminal_size(sys.stdout.fileno()).columns if is_screen else None
    has_color = args.output is None and colors(sys.stdout, os.environ, args.no_color)
    lines = table(usage, width, has_color, dict(snapshot.labels), _names(usage, snapshot))
    return chain(lines, summary(usage, models(snapshot.views, snapshot.scope, usage.window)))


def _names(usage: Usage, snapshot: Snapshot) -> dict[str, Sequence[str]]:
    """All names of each field, so that a column is wide enough before its last row is known."""
    fields = [name for name in usage.by if name in ("gateway", "provider", "model")]
    found: dict[str, Sequence[str]] = {name: snapshot.views.names("requests", name) for name in fields}
    if "model" in found:
        found["model"] = (*found["model"], *snapshot.views.names("neurons", "model"))
    return found | {"account": [label for _, label in snapshot.labels]}


def _fields(text: str) -> tuple[str, ...]:
    from aigw_tui.format import did_you_mean
    from aigw_tui.insight.tabulate import FIELDS

    names = tuple(dict.fromkeys(text.split(",")))
    if len(names) == 1 and names[0].startswith(METADATA) and len(names[0]) > len(METADATA):
        return names
    for name in names:
        if name.startswith(METADATA):
            raise ConfigError("--by: a metadata key stands alone", "use --by metadata.team, without other fields")
        if name not in FIELDS:
            raise ConfigError(f"--by: there is no field {name}", did_you_mean(name, FIELDS, f"use {', '.join(FIELDS)}"))
    return names


def _order(text: str) -> str:
    from aigw_tui.format import did_you_mean
    from aigw_tui.insight.tabulate import FIELDS, MEASURES

    known = (*FIELDS, *MEASURES)
    if text not in known and not text.startswith(METADATA):
        raise ConfigError(f"--sort: there is no {text}", did_you_mean(text, known, f"use {', '.join(known)}"))
    return text


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:10]) <= 10**9:
        raise argparse.ArgumentTypeError("use a whole number from 1")
    return int(text[:10])
