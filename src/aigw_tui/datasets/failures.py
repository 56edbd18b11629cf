"""What failed or was turned away, by hour, gateway, provider, model and status."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset, Group, Key
from aigw_tui.datasets.gateway import ERRORS, GATEWAY, MODEL, NODE, PROVIDER, REQUESTS


def failed_only(group: Group) -> Group | None:
    """The question has no filter, because the wire's types of `error` and `rateLimited` are not documented."""
    if group.get("errors") or str(group.get("rate_limited")).lower() in ("1", "true"):
        return group
    return None


DATASET = Dataset(
    name="failures",
    node=NODE,
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(
        GATEWAY,
        PROVIDER,
        MODEL,
        Key("status", "statusCode", optional=True),
        Key("rate_limited", "rateLimited", optional=True),
    ),
    measures=(REQUESTS, ERRORS),
    checked=("errors",),
    settle=timedelta(hours=2),
    mend=failed_only,
)
