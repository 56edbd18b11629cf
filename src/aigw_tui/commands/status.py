"""`aigw-tui status`: one line from what history holds, at once and without the network."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aigw_tui.errors import ConfigError
from aigw_tui.outlets.statusfields import FIELDS
from aigw_tui.words import config_of, scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from aigw_tui.config import Config
    from aigw_tui.history.sqlite import SqliteHistory
    from aigw_tui.model import Scope
    from aigw_tui.outlets.statusline import Standing

ID = "[0-9a-f]{32}"
"""What an account's id looks like."""
_FIELDS = "\n".join(f"  {name:<16}{meaning}" for name, meaning in FIELDS.items())
HELP = "one line for tmux, starship or a prompt, from history alone"
EPILOG = f"""examples:
  aigw-tui status                                    72 % · runs out 19:10–21:40 · 1.2 % err
  aigw-tui status --format '{{neurons_pct}}% {{eta}}'    72% 19:10–21:40
  aigw-tui status --gateway prod --hours 1 --format '{{requests}} req, {{error_rate}}% failed'

  ~/.tmux.conf:    set -g status-right '#(aigw-tui status)'
  starship.toml:   [custom.ai]
                   command = "aigw-tui status"
                   when = true

fields of --format:
{_FIELDS}

It shows what the monitor or another command has read, asks nobody and writes nothing. It exits 0 also where that is
stale, or where there is nothing: then the line says so."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", metavar="TEXT", help="a line of your own; each {field} becomes its value")


def run(args: argparse.Namespace) -> int:
    """Print one line. Raises ConfigError for a format with an unknown field, LocalError for a damaged history."""
    if args.format is not None:
        from aigw_tui.outlets.statusline import check

        check(args.format)
    standing = _of_demo(args) if args.demo else _of_history(args)
    from aigw_tui.outlets.statusline import filled, line

    print(line(standing) if args.format is None else filled(args.format, standing))
    return 0


def _of_history(args: argparse.Namespace) -> Standing:
    from pathlib import Path

    from aigw_tui.clock import SystemClock
    from aigw_tui.history.looking import look_at_history

    config, now = config_of(args), SystemClock().now()
    scope = scope_of(args, config, now)
    if not isinstance(config.store, Path):
        if config.store:
            raise ConfigError("store: this version keeps history in SQLite alone", "name a file, or leave it out")
        return _standing(None, config, scope, now)
    history = look_at_history(config.store, config.base_url)
    try:
        return _standing(history, config, scope, now)
    finally:
        if history:
            history.close()


def _standing(history: SqliteHistory | None, config: Config, scope: Scope, now: datetime) -> Standing:
    """Of the account that has used the largest share of its allowance."""
    from datetime import timedelta

    from aigw_tui.globs import spelled_out
    from aigw_tui.insight.joined import Usage, total, usage
    from aigw_tui.insight.quotas import Allowance, neuron_quota
    from aigw_tui.model.freshness import is_too_old
    from aigw_tui.outlets.statusline import Standing

    read = {one: at for one in _accounts(history, config) if (at := history.read_at(one))} if history else {}
    if history is None or not read:
        return Standing("", 0, None, Usage(), None, is_stale=False)
    known = {one: config.for_account(one) for one in read}
    found = [
        neuron_quota(history, one, Allowance(own.neuron_limit, own.plan == "paid"), now) for one, own in known.items()
    ]
    worst = max(found, key=lambda quota: quota.share or 0.0)
    narrow = spelled_out(scope, history).narrow(account=worst.account)
    age = now - read[worst.account]
    return Standing(
        known[worst.account].label or worst.account[:8],
        len(read),
        worst,
        total(usage(history, narrow, narrow.window(now))),
        age,
        is_too_old(age, timedelta(seconds=config.interval)),
    )


def _accounts(history: SqliteHistory, config: Config) -> tuple[str, ...]:
    """Ids of those that were named, by id or label; of all that history knows where none was."""
    import re

    from aigw_tui.globs import named

    stored = tuple(history.accounts())
    if not config.account:
        return stored
    unread = tuple(word for word in config.account if re.fullmatch(ID, word))  # of which nothing was read yet
    ids = {one: one for one in (*unread, *stored)} | {own.label: own.id for own in config.accounts if own.label}
    return tuple(dict.fromkeys(ids.get(name, name) for name in named("account", config.account, tuple(ids))))


def _of_demo(args: argparse.Namespace) -> Standing:
    """The built-in account keeps no history, so that it is filled first."""
    from datetime import timedelta

    from aigw_tui.insight.joined import total, usage
    from aigw_tui.model import DAY, day_of
    from aigw_tui.once import opened
    from aigw_tui.outlets.statusline import Standing

    with opened(args) as desk:
        desk.fill(day_of(desk.feed.now()) - DAY * 7)
        snapshot = desk.look()
        figures = total(usage(snapshot.views, snapshot.scope, snapshot.window))
        (_, label), *_ = snapshot.labels
        return Standing(label, len(snapshot.labels), snapshot.quota("neurons"), figures, timedelta(0), is_stale=False)
