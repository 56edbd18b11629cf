"""What this account is, has and may ask, so that a test can make it another kind of account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aigw_tui.model import SpendLimit

REQUESTS = "aiGatewayRequestsAdaptiveGroups"
PLAIN_TOKENS = frozenset(f"{REQUESTS}.sum_tokens{way}" for way in ("In", "Out"))
"""The newer spelling: `Limits(missing=PLAIN_TOKENS)` is an account that does not have it."""
SPLIT_TOKENS = frozenset(
    f"{REQUESTS}.sum_{kind}Tokens{way}" for kind in ("cached", "uncached") for way in ("In", "Out")
)
"""The older spelling."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A dataset is named by its node, a field as `node.sum_cost`, as `availableFields` spells it."""

    page: int = 1_000
    """The most rows of one answer; Cloudflare has ten times as many, which would keep this box busy for long."""
    window: timedelta = timedelta(seconds=2_764_800)
    oldest: timedelta = timedelta(seconds=5_356_800)
    fields: int = 30
    """Of one dataset in one question; `confidence` is not counted."""
    queries: int = 300
    """In five minutes: of the user, or of each account where a request asks for account-based limits."""
    denied: frozenset[str] = frozenset()
    """Datasets and fields that exist, that `settings` lists, and that this token may not read."""
    missing: frozenset[str] = frozenset()
    """Datasets and fields that this account's schema does not have."""
    disabled: frozenset[str] = frozenset()
    """Datasets that `settings` calls disabled; asking them is refused."""
    accounts: int = 1
    """How many accounts the user's token reaches; read when the box is made. All have these limits."""
    sampling: int = 1
    """One in so many events is looked at by the adaptive datasets, and their counts and sums are scaled up."""
    wobble: bool = False
    """Each set of dimensions has a sample of its own, so that rows do not add up to the totals of the same window."""
    unlogged: frozenset[str] = frozenset()
    """Gateways whose log collection is off."""
    full_logs: frozenset[str] = frozenset()
    """Gateways whose log store is full, and takes no more rows, since the evening before the story's day."""
    has_logs: bool = True
    """Whether the gateways' logs can be asked for: newer accounts keep theirs elsewhere."""
    spend_limits: Mapping[str, tuple[SpendLimit, ...]] = field(default_factory=dict)
    """Gateway → the rules that it refuses requests by; the box itself spends on regardless."""
    has_gateways: bool = True
    """Whether there is any gateway to list; those that are made over REST come on top."""
    may_read_gateways: bool = True
    """Whether the user's token may read what belongs to AI Gateway over REST: settings and logs."""
    may_edit: bool = False
    """The user's token may also make gateways."""
    silent: frozenset[str] = frozenset()
    """Datasets that answer with no rows and no error: a permission that is missing without a word."""
