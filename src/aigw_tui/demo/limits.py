"""What this account may ask, so that a test can make it less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

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
    """Of one dataset in one question."""
    queries: int = 300
    """In five minutes."""
    denied: frozenset[str] = frozenset()
    """Datasets and fields that exist, that `settings` lists, and that this token may not read."""
    missing: frozenset[str] = frozenset()
    """Datasets and fields that this account's schema does not have."""
    disabled: frozenset[str] = frozenset()
    """Datasets that `settings` calls disabled; asking them is refused."""
