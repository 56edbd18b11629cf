"""What went through the gateways, by hour, gateway, provider and model."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Adds, Dataset, Group, Measure
from aigw_tui.datasets.gateway import (
    CACHE_HITS,
    COST,
    ERRORS,
    GATEWAY,
    MODEL,
    NODE,
    PROVIDER,
    REQUESTS,
    TOKENS_IN,
    TOKENS_OUT,
)


def unpriced_is_unknown(group: Group) -> Group:
    """A cost of 0 beside uncached tokens is a model without a price, not a free one.

    Where the account has no uncached tokens, plain tokens stand in for them: cached responses carry 0 tokens.
    """
    used = sum(group.get(f"uncached_tokens_{way}") or group.get(f"tokens_{way}") or 0 for way in ("in", "out"))  # type: ignore[misc]
    return {**group, "cost_usd": None} if not group.get("cost_usd") and used else group


DATASET = Dataset(
    name="requests",
    node=NODE,
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(GATEWAY, PROVIDER, MODEL),
    measures=(
        REQUESTS,
        ERRORS,
        CACHE_HITS,
        TOKENS_IN,
        TOKENS_OUT,
        Measure("uncached_tokens_in", "tokens", (("sum.uncachedTokensIn",),)),
        Measure("uncached_tokens_out", "tokens", (("sum.uncachedTokensOut",),)),
        COST,
        Measure("duration_p50", "ms", (("quantiles.durationMsP50",),), is_integer=False, adds=Adds.NOT),
        Measure("duration_p90", "ms", (("quantiles.durationMsP90",),), is_integer=False, adds=Adds.NOT),
    ),
    checked=("requests",),
    settle=timedelta(hours=2),
    mend=unpriced_is_unknown,
)
