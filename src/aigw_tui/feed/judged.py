"""Quotas of many accounts, judged anew only when something moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aigw_tui.feed.settings import FeedSettings
from aigw_tui.feed.watched import Accounts
from aigw_tui.history import History
from aigw_tui.insight.quotas import quotas
from aigw_tui.model import Quota, Views

JUDGED_EVERY_S = 300
"""Projections move with time alone; more often than this nobody needs to see it."""
MANY = 8
"""Accounts from which on it takes long to judge them all: 2 ms each."""


class Judged:
    """Remembers the quotas of now, and those of the moment that was looked back at last."""

    def __init__(self, history: History, settings: FeedSettings, accounts: Accounts) -> None:
        self._history, self._settings, self._accounts = history, settings, accounts
        self._now: dict[str, tuple[object, tuple[Quota, ...]]] = {}
        """Account → its quotas, and what they were made of."""
        self._past: tuple[object, tuple[Quota, ...]] = (None, ())

    def quotas(self, accounts: Iterable[str], now: datetime) -> tuple[Quota, ...]:
        """Of all these accounts, the one that is worst off first."""
        return _worst_first(self._of(account, now) for account in accounts)

    def past(self, views: Views, accounts: Iterable[str], at: datetime) -> tuple[Quota, ...]:
        """The same of a moment that has passed. `views` end there."""
        key = (at, tuple(accounts), self._history.revision)
        if self._past[0] != key:
            found = _worst_first(quotas(views, account, self._settings.allowance_of(account), at) for account in key[1])
            self._past = key, found
        return self._past[1]

    def _of(self, account: str, now: datetime) -> tuple[Quota, ...]:
        """Judged anew when anything moved; of many accounts, when this one was answered for."""
        watched = self._accounts.by_id
        moved = watched[account].good_at if len(watched) > MANY and account in watched else self._history.revision
        key = (moved, int(now.timestamp()) // JUDGED_EVERY_S)
        if self._now.get(account, (None,))[0] != key:
            self._now[account] = key, quotas(self._history, account, self._settings.allowance_of(account), now)
        return self._now[account][1]


def _worst_first(groups: Iterable[tuple[Quota, ...]]) -> tuple[Quota, ...]:
    found = sorted(groups, key=lambda group: -(group[0].share or 0.0))
    return tuple(quota for group in found for quota in group)
