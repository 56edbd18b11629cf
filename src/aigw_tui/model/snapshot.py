"""What a tick yields: a revision of history with the quotas and faults that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aigw_tui.model.account import Account
from aigw_tui.model.alert import Alert, Episode
from aigw_tui.model.counter import Counter
from aigw_tui.model.gateway import Gateway, Logged
from aigw_tui.model.journal import NOTHING_DONE, Journal
from aigw_tui.model.live import Live
from aigw_tui.model.missing import Missing
from aigw_tui.model.newest import NewestLogs
from aigw_tui.model.quota import Quota
from aigw_tui.model.scope import Scope
from aigw_tui.model.time import Window
from aigw_tui.model.undelivered import Undelivered
from aigw_tui.model.views import Views

DISK = "disk"
"""The subject of a fault about where history is kept: it stands in for the name of a dataset."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure that is shown, not raised: one clean line."""

    kind: str
    """The error's class name, for tests and colours; two faults of one kind and subject are one fault."""
    what: str
    why: str
    remedy: str
    since: datetime
    account: str = ""
    dataset: str = ""
    until: datetime | None = None
    """When it ends by itself, where that is known."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One revision of history with what follows from it. Equal snapshots paint nothing."""

    scope: Scope
    revision: int
    now: datetime = field(compare=False)
    """When it was taken; does not make two snapshots differ."""
    views: Views = field(compare=False, repr=False)
    quotas: tuple[Quota, ...] = ()
    faults: tuple[Fault, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """(account, label) pairs of the accounts that are watched."""
    hour: datetime | None = None
    """The running hour: when it turns, the same data look different."""
    accounts: tuple[Account, ...] = ()
    """All accounts that are watched, also those outside the scope."""
    live: tuple[Live, ...] = ()
    """Answers to what visible panels need beyond history, for this scope; one for each account and question."""
    gateways: tuple[tuple[str, tuple[Gateway, ...]], ...] = ()
    """(account, its gateways) pairs, while a visible panel needs them."""
    logged: tuple[tuple[str, Window, tuple[Logged, ...]], ...] = ()
    """(account, closed window, its gateways' request logs), while a visible panel needs them."""
    newest: tuple[NewestLogs, ...] = ()
    """The newest request logs of this scope by account, while a visible panel needs them."""
    logs_with: tuple[tuple[str, str], ...] = ()
    """The metadata that all of those carry: the scope knows none."""
    missing: tuple[Missing, ...] = ()
    """Measures that accounts may not see."""
    journal: Journal = NOTHING_DONE
    counters: tuple[Counter, ...] = ()
    """Workers' own counters, of the accounts of the scope that have one."""
    alerts: tuple[Alert, ...] = ()
    """Every rule with what it says of each account, the worst first."""
    episodes: tuple[Episode, ...] = ()
    """When alerts fired, the newest first."""
    undelivered: tuple[Undelivered, ...] = ()
    """Targets that messages have not reached, by name."""
    is_past: bool = False
    """Of a moment that has passed, as history has it: nothing that is asked for only while somebody looks."""

    @property
    def window(self) -> Window:
        return self.scope.window(self.now)

    def answers(self, dataset: str, *by: str) -> tuple[Live, ...]:
        """What the accounts of the scope say to that question now; empty: nothing yet."""
        return tuple(one for one in self.live if one.dataset == dataset and one.by == by)

    def quota(self, name: str) -> Quota | None:
        return next((quota for quota in self.quotas if quota.name == name), None)
