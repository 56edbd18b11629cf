"""Snapshots: what history holds for a scope, now or until a moment that has passed, with what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aigw_tui.feed.alarms import Alarms, shown_at
from aigw_tui.feed.counting import Counting
from aigw_tui.feed.faults import Faults
from aigw_tui.feed.judged import Judged
from aigw_tui.feed.live import LiveAnswers
from aigw_tui.feed.poll import Poll
from aigw_tui.feed.replay import ViewsUntil, as_it_was, firing
from aigw_tui.feed.requestlogs import RequestLogs
from aigw_tui.feed.settings import FeedSettings
from aigw_tui.feed.watched import Accounts
from aigw_tui.history import History
from aigw_tui.model import Account, Journal, Missing, Scope, Snapshot, Views, hour_of


class Snapshots:
    """Reads from what the other parts of a feed keep; writes nothing."""

    def __init__(
        self,
        history: History,
        views: Views,
        settings: FeedSettings,
        faults: Faults,
        poll: Poll,
        live: LiveAnswers,
        logs: RequestLogs,
        accounts: Accounts,
        counting: Counting,
        alarms: Alarms,
    ) -> None:
        self._history, self._views, self._settings, self._faults = history, views, settings, faults
        self._poll, self._live, self._logs, self._accounts = poll, live, logs, accounts
        self._counting, self._alarms = counting, alarms
        self._judged = Judged(history, settings, accounts)

    def now(self, scope: Scope, now: datetime) -> Snapshot:
        """Everything, as it is now."""
        watched, turn = self._accounts.by_id, self._accounts.turn
        accounts = self._of(scope)
        return Snapshot(
            scope,
            self._history.revision,
            now,
            self._views,
            self._judged.quotas(dict.fromkeys((*watched, *accounts)), now),
            self._faults.current,
            tuple((account, self.label(account)) for account in accounts),
            hour_of(now),
            accounts=tuple(one.seen(self.label(one.id), now, turn) for one in watched.values()),
            live=self._live.answers(now) if scope == self._live.needs.scope else (),
            gateways=self._live.gateways,
            logged=self._live.logged,
            newest=self._logs.answers(scope),
            logs_with=self._logs.metadata,
            missing=tuple(self._missing(accounts)),
            counters=self._counting.counters(accounts, watched),
            journal=Journal(self._settings.entries(), tuple(self._poll.refused.items()), self._poll.requests),
            alerts=self._alarms.current,
            episodes=self._alarms.episodes,
            undelivered=self._history.outbox.undelivered(now),
        )

    def past(self, scope: Scope, at: datetime) -> Snapshot:
        """What history holds until then. Nothing that is of now alone: answers, counters, faults, the log."""
        watched, views = self._accounts.by_id, ViewsUntil(self._views, at)
        accounts = self._of(scope)
        episodes = as_it_was(shown_at(self._history.alerts, at), at)
        return Snapshot(
            scope,
            self._history.revision,
            at,
            views,
            self._judged.past(views, dict.fromkeys((*watched, *accounts)), at),
            labels=tuple((account, self.label(account)) for account in accounts),
            hour=hour_of(at),
            accounts=tuple(Account(one, self.label(one)) for one in watched),
            missing=tuple(self._missing(accounts)),
            alerts=firing(episodes, {rule.name: rule.each for rule in self._settings.rules}),
            episodes=episodes,
            is_past=True,
        )

    def first_hour(self, scope: Scope) -> datetime | None:
        """The oldest that history holds of the scope's accounts (UTC)."""
        found = (self._history.first_hour(account) for account in self._of(scope))
        return min((hour for hour in found if hour), default=None)

    def label(self, account: str) -> str:
        """What the account is called."""
        found = self._accounts.by_id.get(account)
        return self._settings.labels.get(account) or (found.name if found else "") or account[:8]

    def _of(self, scope: Scope) -> tuple[str, ...]:
        return scope.values("account") or tuple(self._accounts.by_id) or tuple(self._history.accounts())

    def _missing(self, accounts: Sequence[str]) -> list[Missing]:
        """What these accounts may not see, as far as they were asked."""
        return [
            Missing(account, dataset, measure, why)
            for account in accounts
            for dataset, bounds in self._poll.bounds.get(account, {}).items()
            for measure, why in bounds.unavailable
        ]
