"""Puts a source, a history and a feed together, as a configuration says."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from aigw_tui import locations
from aigw_tui.clock import SystemClock
from aigw_tui.cloudflare.budget import Meters
from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.counter import WorkerCounter
from aigw_tui.cloudflare.several import Several
from aigw_tui.config.addressees import bad_targets, strangers_of_report, strangers_of_rules
from aigw_tui.config.alerts import load_rules
from aigw_tui.errors import ConfigError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.feed.counting import CounterSettings, Endpoints
from aigw_tui.format import clean
from aigw_tui.history import open_history
from aigw_tui.insight.quotas import Allowance
from aigw_tui.logbook import Logbook
from aigw_tui.model import Fault
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport
from aigw_tui.words import demo_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aigw_tui.config import Account, Config
    from aigw_tui.datasets import Dataset
    from aigw_tui.demo.box import Box
    from aigw_tui.history.sqlite import SqliteHistory
    from aigw_tui.model import Clock
    from aigw_tui.source import Source

DEMO_SERVER = "https://demo.invalid/client/v4"
"""Where the built-in account seems to live; nothing there is ever reached."""
DEMO_COST_LIMIT = 5.0
"""USD a day, so that the built-in account shows a gauge for cost, too."""


def feed_of(args: argparse.Namespace, config: Config) -> Feed:
    """The feed that the shared words ask for. Raises ConfigError without a token, and for a bad base URL."""
    clock = SystemClock()
    if args.demo:
        from aigw_tui.demo.box import Box

        now = clock.now()
        own = demo_clock(args, now if args.at else demo_start(now))
        return demo_feed(config, own, Box(own, seed=1 if args.seed is None else args.seed))
    if not config.has_token:
        raise ConfigError("there is no API token", "set CLOUDFLARE_API_TOKEN, run aigw-tui setup, or add --demo")
    return real_feed(config, clock)


def real_feed(config: Config, clock: Clock, *, datasets: Sequence[Dataset] | None = None) -> Feed:
    """A feed of Cloudflare, or of whatever the base URL names; of all datasets that are kept, or of these.

    Raises ConfigError for a bad base URL.
    """
    if isinstance(config.store, Secret):
        raise ConfigError("store: this version keeps history in SQLite alone", "name a file, or leave it out")
    if config.store:
        with suppress(OSError):  # open_history says what is wrong with the folder
            locations.make_private(config.store.parent)
    opened = open_history(config.store, config.base_url, clock.now())
    notes = [opened.fault] if opened.fault else []
    try:
        source = _source(config, clock, opened.history)
    except BaseException:
        opened.history.close()
        raise
    settings, complaints = _settings(config, config.account, clock)
    return Feed(source, opened.history, clock, settings, *notes, *complaints, datasets=datasets)


def _source(config: Config, clock: Clock, history: SqliteHistory) -> Source:
    """A client, or one for each account with a token of its own; the history counts the calls of each token."""

    def client(account: str) -> Client:
        meters = Meters(clock, lambda asked: history.ledger(f"{account} {asked}" if asked else account))
        transport = Transport(config.base_url, partial(config.token, account))
        return Client(transport, clock, meters=meters, shelf=history.shelf)

    own = {one.id: client(one.id) for one in config.accounts if one.token_place is not config.token_place}
    return Several(client(""), own) if own else client("")


def demo_feed(config: Config, clock: Clock, box: Box, *, datasets: Sequence[Dataset] | None = None) -> Feed:
    """A feed of the built-in account: the same client, the box in threads of this process, history in memory."""
    from aigw_tui.demo.box import ACCOUNT_ID, ACCOUNT_NAME, TOKEN

    transport = Transport(DEMO_SERVER, Secret(TOKEN), inner=InProcess(box.answer))
    history = open_history(None, DEMO_SERVER, clock.now()).history
    own = demo_counter(box, clock)
    history.counters.add(ACCOUNT_ID, *box.counted())  # as if somebody had watched since midnight
    settings, complaints = _settings(config, config.account or (ACCOUNT_ID,), clock)
    settings = replace(settings, counters=Endpoints({ACCOUNT_ID: own}))
    settings.labels.setdefault(ACCOUNT_ID, ACCOUNT_NAME)
    if config.cost_limit_day is None:
        allowance = allowance_of(config.for_account(ACCOUNT_ID))
        settings.allowances[ACCOUNT_ID] = replace(allowance, cost_day=DEMO_COST_LIMIT)
    return Feed(Client(transport, clock), history, clock, settings, *complaints, datasets=datasets)


def demo_counter(box: Box, clock: Clock) -> CounterSettings:
    """The built-in account's Worker, behind its own token."""
    from aigw_tui.demo.worker import PATH, WORKER_TOKEN

    url = f"{DEMO_SERVER.partition('/client')[0]}{PATH}"
    return CounterSettings(WorkerCounter(url, clock, Secret(WORKER_TOKEN), inner=InProcess(box.answer)))


def demo_start(now: datetime) -> datetime:
    """The built-in account's story is best seen in the early afternoon of its day."""
    from aigw_tui.demo.box import story_start

    return story_start(now.astimezone(UTC).date())


def _settings(config: Config, accounts: tuple[str, ...], clock: Clock) -> tuple[FeedSettings, list[Fault]]:
    """With what is wrong with the alert rules, the targets, and whom messages are for: all else lives."""
    book = Logbook.opened(clock.now)
    known = {account: config.for_account(account) for account in {*accounts, *(one.id for one in config.accounts)}}
    rules, complaints = load_rules(config)
    settings = FeedSettings(
        accounts=accounts,
        interval=timedelta(seconds=config.interval),
        labels={account: found.label for account, found in known.items() if found.label},
        allowances={account: allowance_of(found) for account, found in known.items()},
        allowance=allowance_of(config.for_account("")),
        rules=rules,
        entries=lambda: book.entries,
        counters=_counters(config, accounts, clock),
    )
    strangers = (*strangers_of_rules(config, rules), *strangers_of_report(config))
    faults = (
        *_faults("alert rule left out", complaints, clock),
        *_faults("target left out", bad_targets(config), clock),
        *_faults("no such target", strangers, clock),
    )
    return settings, list(faults)


def _faults(what: str, errors: Sequence[ConfigError], clock: Clock) -> Iterator[Fault]:
    """Each has words of its own, for two faults of the same words are one."""
    for number, error in enumerate(errors, 1):
        words = what if number == 1 else f"{what} ({number})"
        yield Fault("ConfigError", words, clean(error.why), clean(error.remedy), clock.now())


def _counters(config: Config, accounts: tuple[str, ...], clock: Clock) -> Endpoints:
    """Every Worker with the accounts it counts for: the top level's is of one account, so never of several."""

    def settings(account: str) -> CounterSettings | None:
        own, source = config.for_account(account), worker_counter(config, account, clock)
        return CounterSettings(source, own.quota_tolerance, own.quota_delay * 60) if source else None

    named = (one for one in accounts if len(accounts) == 1 or config.for_account(one).quota_url != config.quota_url)
    found = {account: one for account in named if (one := settings(account))}
    return Endpoints(found, None if accounts else settings(""))


def worker_counter(config: Config, account: str, clock: Clock) -> WorkerCounter | None:
    """The Worker that counts for that account; None: none is configured."""
    own = config.for_account(account)
    if not own.quota_url:
        return None
    return WorkerCounter(own.quota_url, clock, partial(config.quota_token, account), own.quota_fields)


def allowance_of(account: Account) -> Allowance:
    """The limits that a person set for that account."""
    return Allowance(account.neuron_limit, account.plan == "paid", account.cost_limit_day, account.cost_limit_month)
