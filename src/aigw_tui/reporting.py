"""A report of what a feed holds, with the limits and the alert rules of a configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from aigw_tui.assembly import allowance_of
from aigw_tui.config.alerts import load_rules
from aigw_tui.format import clean
from aigw_tui.insight.daily import DATASETS, Report, first_day, report
from aigw_tui.insight.firings import firings
from aigw_tui.insight.judging import lookback
from aigw_tui.insight.trials import trials
from aigw_tui.model import DAY, Window, day_of

if TYPE_CHECKING:
    from aigw_tui.config import Config
    from aigw_tui.errors import ConfigError
    from aigw_tui.feed import Feed
    from aigw_tui.insight.firings import Firings
    from aigw_tui.model import Snapshot

ASKED = (*DATASETS, "pulse")
MOST_MINUTES = DAY * 10
"""Of the past: a month of minutes is ten times as much to ask for as all the rest."""


async def report_of(feed: Feed, config: Config, snapshot: Snapshot, period: str, window: Window) -> Report:
    """Of the accounts and the scope of that snapshot; `window`: whole UTC days. Raises LocalError."""
    accounts = snapshot.scope.values("account") or tuple(account for account, _ in snapshot.labels)
    limits = {account: allowance_of(config.for_account(account)) for account in accounts}
    return report(snapshot, limits, period, window, await _alerts(feed, config, snapshot, window))


def first_asked(period: str, window: Window, config: Config, now: datetime) -> tuple[datetime, Mapping[str, datetime]]:
    """From when on such a report needs history, and of which datasets less is enough."""
    minutes = day_of(window.since - lookback(load_rules(config).rules))
    return first_day(period, window), {"pulse": minutes if now - minutes <= MOST_MINUTES else now}


async def _alerts(feed: Feed, config: Config, snapshot: Snapshot, window: Window) -> Firings:
    rules, complaints = load_rules(config)
    labels = dict(snapshot.labels)
    tried = []
    for one in trials(rules, feed.ground, labels, window):
        tried.append(one)
        await asyncio.sleep(0)  # a report is written while a monitor is used
    over = Window(window.since, min(window.until, snapshot.now))
    return firings(feed.alarms.told(window.since), tried, labels, over, _unread(complaints, config))


def _unread(complaints: Sequence[ConfigError], config: Config) -> list[str]:
    """Without the name of the file: a report goes to others."""
    return [clean(error.why.removeprefix(f"{config.path}: ")) for error in complaints]
