"""What a tick yields: a revision of history with the quotas and faults that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aigw_tui.model.quota import Quota
from aigw_tui.model.scope import Scope
from aigw_tui.model.time import Window
from aigw_tui.model.views import Views


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

    @property
    def window(self) -> Window:
        return self.scope.window(self.now)

    def quota(self, name: str) -> Quota | None:
        return next((quota for quota in self.quotas if quota.name == name), None)
