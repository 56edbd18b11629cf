"""The gateways by the minute, for what must be seen at once; kept for a month."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset, Key, Measure

DATASET = Dataset(
    name="pulse",
    node="aiGatewayRequestsAdaptiveGroups",
    bucket=timedelta(minutes=1),
    bucket_dimension="datetimeMinute",
    keys=(Key("gateway", "gateway"),),
    measures=(
        Measure("requests", "requests", (("count",),)),
        Measure("errors", "requests", (("sum.erroredRequests",),)),
        Measure("cache_hits", "requests", (("sum.cachedRequests",),)),
        Measure("tokens_in", "tokens", (("sum.tokensIn",), ("sum.uncachedTokensIn", "sum.cachedTokensIn"))),
        Measure("tokens_out", "tokens", (("sum.tokensOut",), ("sum.uncachedTokensOut", "sum.cachedTokensOut"))),
        Measure("cost_usd", "USD", (("sum.cost",),), is_integer=False),
    ),
    checked=("requests",),
    settle=timedelta(hours=2),
    keep=timedelta(days=31),
    reach=timedelta(days=31),
)
