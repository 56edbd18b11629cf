"""What the datasets of the gateways have in common: they ask one node for the same measures, by different keys."""

from aigw_tui.datasets.declaration import Key, Measure

WORKERS_AI = "workers-ai"
"""The provider whose cost is a list price: it is paid in neurons."""
NODE = "aiGatewayRequestsAdaptiveGroups"

GATEWAY = Key("gateway", "gateway", optional=True)
PROVIDER = Key("provider", "provider", optional=True)
MODEL = Key("model", "model", optional=True)

REQUESTS = Measure("requests", "requests", (("count",),))
ERRORS = Measure("errors", "requests", (("sum.erroredRequests",),))
CACHE_HITS = Measure("cache_hits", "requests", (("sum.cachedRequests",),))
TOKENS_IN = Measure("tokens_in", "tokens", (("sum.tokensIn",), ("sum.uncachedTokensIn", "sum.cachedTokensIn")))
TOKENS_OUT = Measure("tokens_out", "tokens", (("sum.tokensOut",), ("sum.uncachedTokensOut", "sum.cachedTokensOut")))
COST = Measure("cost_usd", "USD", (("sum.cost",),), is_integer=False)
"""List price, of all providers."""
