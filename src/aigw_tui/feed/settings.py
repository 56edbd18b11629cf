"""What a person can set about the feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from aigw_tui.feed.counting import Endpoints
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.quotas import Allowance
from aigw_tui.model import Entry


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """Which accounts are watched, how often, and against which limits."""

    accounts: tuple[str, ...] = ()
    """Account ids; empty: all that the token can see."""
    interval: timedelta = timedelta(seconds=60)
    labels: dict[str, str] = field(default_factory=dict)
    """Account id → the name to show; Cloudflare's own name where there is none."""
    allowances: dict[str, Allowance] = field(default_factory=dict)
    """Account id → limits; `allowance` where there is none."""
    allowance: Allowance = Allowance()  # noqa: RUF009 - frozen
    """Of every account that is not named."""
    rules: tuple[Rule, ...] = ()
    """What is watched for, and told."""
    entries: Callable[[], tuple[Entry, ...]] = tuple
    """The newest lines of the log."""
    counters: Endpoints = Endpoints()  # noqa: RUF009 - frozen
    """Where Workers say what they count themselves."""

    def allowance_of(self, account: str) -> Allowance:
        """The limits of that account."""
        return self.allowances.get(account, self.allowance)
