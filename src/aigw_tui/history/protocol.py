"""What a store of history promises, whatever engine keeps it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from aigw_tui.datasets import Dataset
from aigw_tui.errors import LocalError
from aigw_tui.history.episodes import Verdicts
from aigw_tui.history.outbox import Outbox
from aigw_tui.model import Count, Episode, Interval, Place, Silences, Views, Window

Value = int | float | str | None
StoredRow = tuple[Value, ...]
"""(bucket in epoch seconds, *keys, *measures) in the dataset's declared order."""
Totals = Mapping[int, tuple[int | float | None, ...]]
"""Hour in epoch seconds → the dataset's checked measures over all its rows."""
Intervals = Mapping[int, Interval]
"""Hour in epoch seconds → where its count lies, for the hours that were sampled."""
NOT_SAMPLED: Intervals = MappingProxyType({})


class Shelf(Protocol):
    """Texts with the moment they were put there (UTC)."""

    def get(self, name: str) -> tuple[str, datetime] | None: ...

    def put(self, name: str, text: str, at: datetime) -> None: ...


class Counters(Protocol):
    """What Workers' own counters said, by account. Every method raises LocalError when the disk refuses."""

    def add(self, account: str, *counts: Count) -> None:
        """Keep these for a month."""

    def polls(self, account: str, window: Window) -> tuple[Count, ...]:
        """All that was said in that window, oldest first."""

    def newest(self, account: str) -> datetime | None:
        """When it was last asked with success."""


class Alerts(Protocol):
    """What is remembered of alerts, by place; `episodes.StoredAlerts` says more."""

    def judge(self, act: Callable[[Mapping[Place, str]], Verdicts]) -> None: ...

    def states(self) -> Mapping[Place, str]: ...

    def episodes(self, since: datetime, most: int = 1_000, until: datetime = ...) -> tuple[Episode, ...]: ...

    def silence(self, rule: str, until: datetime, name: str = "") -> None: ...

    def unsilence(self, rule: str, name: str = "") -> bool: ...

    def silenced(self, now: datetime) -> Silences: ...


class History(Views, Protocol):
    """Facts that were read, and which hours may still change. Every method raises LocalError when the disk refuses."""

    @property
    def revision(self) -> int:
        """Moves only when stored data (or how far they can be trusted) change."""

    def record(
        self,
        account: str,
        dataset: Dataset,
        window: Window,
        rows: Sequence[StoredRow],
        totals: Totals,
        now: datetime,
        intervals: Intervals = NOT_SAMPLED,
    ) -> bool:
        """Replace what is known of `window` by `rows`, all or nothing; True when that changed anything.

        Hours settle as `settle.verdict` says. `rows` must be complete for the window.
        """

    def select(self, account: str, dataset: Dataset, names: Collection[str], since: datetime) -> bool:
        """Note the keys and measures that are asked for; more than before reopen what settled from `since` on: True."""

    def unsettled(self, account: str, dataset: Dataset, window: Window, now: datetime) -> tuple[datetime, ...]:
        """The hours of `window` that should be asked for, oldest first: never read, or not final yet."""

    def sums(self, account: str, dataset: Dataset, window: Window) -> Totals:
        """What is stored of the checked measures; hours without rows are absent."""

    def is_audit_due(self, account: str, since: datetime, now: datetime) -> bool:
        """Not audited on this UTC day, though hours from `since` on settled before it began."""

    def audit(self, account: str, moved: Mapping[Dataset, Collection[int]], now: datetime) -> None:
        """Reopen the settled among these hours (epoch seconds), and remember that the audit was made."""

    def read_at(self, account: str) -> datetime | None:
        """When the account's newest reading was recorded (UTC); None: never."""

    def first_hour(self, account: str) -> datetime | None:
        """The oldest hour of the account's requests that was read; None: none was."""

    @property
    def shelf(self) -> Shelf:
        """Texts that are kept for a while."""

    @property
    def counters(self) -> Counters:
        """What Workers' own counters said."""

    @property
    def outbox(self) -> Outbox:
        """Messages that wait to be delivered."""

    @property
    def alerts(self) -> Alerts:
        """The state of every rule, and the episodes."""

    def forget(self, now: datetime) -> None:
        """Drop what is older than its dataset keeps."""

    def accounts(self) -> Collection[str]:
        """Accounts that history holds anything of."""

    def take(self, account: str, holder: str, now: datetime, until: datetime) -> bool:
        """Let `holder` alone ask for the account, or go on asking, up to `until`; False while another may."""

    def let_go(self, holder: str) -> None:
        """That holder asks for nothing any more."""

    def want(self, account: str) -> None:
        """Wish for an answer now; whoever asks for the account sees it."""

    def was_wanted(self, account: str) -> bool:
        """Whether there was such a wish since the last call; for the one who asks."""

    def go_on_in_memory(self) -> None:
        """The disk failed: keep what can still be read, and everything from now on, in memory."""

    def go_back_to_disk(self) -> bool:
        """Take to the disk what memory has learned, and go on there; False: nothing to do.

        Raises LocalError, and goes on in memory, as long as the disk refuses.
        """

    def in_full(self, error: LocalError) -> LocalError:
        """The same failure with where it is, and how much room there is and is needed."""

    def close(self) -> None: ...
