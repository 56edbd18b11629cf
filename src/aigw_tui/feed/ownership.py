"""Which accounts this process asks for, and which it only watches because another one on the same history asks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial

from aigw_tui.feed.faults import Faults
from aigw_tui.feed.lease import Lease
from aigw_tui.feed.poll import Poll
from aigw_tui.feed.steady import Reads
from aigw_tui.feed.watched import Accounts, Watched
from aigw_tui.history import History
from aigw_tui.model import Clock

log = logging.getLogger(__name__)


class Ownership:
    """Leases of accounts, made sure of again and again; what the others ask for is as old as they say."""

    def __init__(
        self, history: History, clock: Clock, faults: Faults, poll: Poll, accounts: Accounts, read: Reads
    ) -> None:
        self._history, self._faults, self._poll, self._accounts, self._read = history, faults, poll, accounts, read
        self._lease = Lease(history, clock, accounts.interval)

    def ours(self) -> Iterator[Watched]:
        """The accounts that this process asks for; each is made sure of when its turn comes."""
        for one in tuple(self._accounts.by_id.values()):
            if self._read(partial(self._lease.holds, one.id)):
                self._say(one, is_ours=True)
                yield one
            else:
                self._say(one, is_ours=False)
                one.progress = None
                self._faults.left(one.id)
                self._learn_age(one)

    def look_around(self) -> bool:
        """Between rounds: an account that became ours, or that another process wants asked, is due."""
        before = {one.id for one in self._accounts.by_id.values() if one.is_ours}
        found = False
        for one in self.ours():
            if one.id not in before or self._read(partial(self._history.was_wanted, one.id)):
                one.next_at, found = None, True
        return found

    def want(self) -> None:
        """What another process asks for, it is to ask for now."""
        for one in self._accounts.by_id.values():
            if not one.is_ours:
                self._read(partial(self._history.want, one.id))

    def learn_ages(self) -> None:
        """How old the newest answers are that any process had."""
        for one in self._accounts.by_id.values():
            self._learn_age(one)

    def let_go(self) -> None:
        self._lease.let_go()

    def _say(self, one: Watched, *, is_ours: bool) -> None:
        if one.is_ours and not is_ours:
            log.info("another process asks for %s", one.id)
        elif is_ours and not one.is_ours:
            log.info("from here on %s is asked for by this process", one.id)
        one.is_ours = is_ours

    def _learn_age(self, one: Watched) -> None:
        one.learn_age(self._read(partial(self._history.read_at, one.id)), self._poll.now())
