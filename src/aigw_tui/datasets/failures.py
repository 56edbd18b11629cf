"""What failed or was turned away, by hour, gateway, provider, model and status."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset, Group, Key, Measure


def failed_only(group: Group) -> Group | None:
    """The question has no filter, because the wire's types of `error` and `rateLimited` are not documented."""
    if group.get("errors") or str(group.get("rate_limited")).lower() in ("1", "true"):
        return group
    return None


DATASET = Dataset(
    name="failures",
    node="aiGatewayRequestsAdaptiveGroups",
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(
        Key("gateway", "gateway"),
        Key("provider", "provider"),
        Key("model", "model"),
        Key("status", "statusCode", optional=True),
        Key("rate_limited", "rateLimited", optional=True),
    ),
    measures=(
        Measure("requests", "requests", (("count",),)),
        Measure("errors", "requests", (("sum.erroredRequests",),)),
    ),
    checked=("errors",),
    settle=timedelta(hours=2),
    mend=failed_only,
)
