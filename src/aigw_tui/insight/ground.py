"""What alert rules read from: one account's stored buckets, as they are now, asked about moments up to now."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import Views

NARROWED = ("gateway", "provider", "model")
"""Fields that a rule's scope may name besides the account."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One account's figures. Moments that are asked about lie in `[since, now]`."""

    views: Views
    account: str
    allowance: Allowance
    now: datetime
    since: datetime
    read_at: datetime | None = None
    """When the newest good answer was recorded."""
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What a reader wants to find again when it is made anew a minute later."""

    def pairs(self, rule: Rule) -> Pairs | None:
        """What the rule is about, globs replaced by the names they match; None where they match nothing."""
        found: list[tuple[str, tuple[str, ...]]] = [("account", (self.account,))]
        for key, words in rule.scope:
            if key == "account":
                continue
            known = self.views.names("requests", key)
            names = tuple(name for name in known if any(fnmatch.fnmatchcase(name, word) for word in words))
            if not names:
                return None
            found.append((key, names))
        return tuple(found)


class Reading(NamedTuple):
    """The value of an expression at a moment; None is unknown."""

    value: float | None
    why: str = ""
    """Why it is unknown."""
    is_quiet: bool = False
    """Unknown only because too little happened; that is no cause for worry."""
    is_coarse: bool = False
    """Made from whole hours, so that what is shorter cannot be seen."""


def is_unknown(reading: Reading) -> bool:
    """For a reason that is not too little traffic."""
    return reading.value is None and not reading.is_quiet


Reader = Callable[[datetime], Reading]
"""Moment → reading. Made once for a stretch of time, so that history is asked a few questions however long it is."""


def unknown(why: str, *, is_quiet: bool = False) -> Reader:
    """The same everywhere."""
    return lambda _: Reading(None, why, is_quiet)


def enough(rule: Rule, requests: float, value: float | None, *, is_coarse: bool = False) -> Reading:
    """The value, unless there were fewer requests than the rule wants, or none at all."""
    if requests < rule.min_requests or value is None:
        least = f", {rule.min_requests:,} are needed" if rule.min_requests else ""
        return Reading(None, f"{requests:,.0f} requests{least}", True, is_coarse)
    return Reading(value, is_coarse=is_coarse)
