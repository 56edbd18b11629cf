"""What went through the gateways, by hour, gateway, provider and model."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Adds, Dataset, Group, Key, Measure


def unpriced_is_unknown(group: Group) -> Group:
    """A cost of 0 beside uncached tokens is a model without a price, not a free one.

    Where the account has no uncached tokens, plain tokens stand in for them: cached responses carry 0 tokens.
    """
    used = sum(group.get(f"uncached_tokens_{way}") or group.get(f"tokens_{way}") or 0 for way in ("in", "out"))  # type: ignore[misc]
    return {**group, "cost_usd": None} if not group.get("cost_usd") and used else group


DATASET = Dataset(
    name="requests",
    node="aiGatewayRequestsAdaptiveGroups",
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(Key("gateway", "gateway"), Key("provider", "provider"), Key("model", "model")),
    measures=(
        Measure("requests", "requests", (("count",),)),
        Measure("errors", "requests", (("sum.erroredRequests",),)),
        Measure("cache_hits", "requests", (("sum.cachedRequests",),)),
        Measure("tokens_in", "tokens", (("sum.tokensIn",), ("sum.uncachedTokensIn", "sum.cachedTokensIn"))),
        Measure("tokens_out", "tokens", (("sum.tokensOut",), ("sum.uncachedTokensOut", "sum.cachedTokensOut"))),
        Measure("uncached_tokens_in", "tokens", (("sum.uncachedTokensIn",),)),
        Measure("uncached_tokens_out", "tokens", (("sum.uncachedTokensOut",),)),
        Measure("cost_usd", "USD", (("sum.cost",),), is_integer=False),
        Measure("duration_p50", "ms", (("quantiles.durationMsP50",),), is_integer=False, adds=Adds.NOT),
        Measure("duration_p90", "ms", (("quantiles.durationMsP90",),), is_integer=False, adds=Adds.NOT),
    ),
    checked=("requests",),
    settle=timedelta(hours=2),
    mend=unpriced_is_unknown,
)
