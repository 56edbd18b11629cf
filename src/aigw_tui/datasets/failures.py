"""What failed or was turned away, by hour, gateway, provider, model and status."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset, Group, Key, Measure
from aigw_tui.datasets.gateway import ERRORS, GATEWAY, MODEL, NODE, PROVIDER, REQUESTS


def failed_only(group: Group) -> Group | None:
    """The question has no filter, because the wire's types of `error` and `rateLimited` are not documented."""
    if group.get("errors") or str(group.get("rate_limited")).lower() in ("1", "true"):
        return group
    return None


KEYS = (
    GATEWAY,
    PROVIDER,
    MODEL,
    Key("status", "statusCode", optional=True),
    Key("rate_limited", "rateLimited", optional=True),
)
ERRORS_ALONE = Dataset(
    name="failures",
    node="aiGatewayErrorsAdaptiveGroups",
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeMinute",
    keys=KEYS,
    measures=(REQUESTS, Measure("errors", "requests", (("count",),))),
    checked=("errors",),
    settle=timedelta(hours=2),
    time_filter="datetimeMinute",
)
"""Where the main dataset does not tell errors: this one has nothing else, by the minute and without a status."""

DATASET = Dataset(
    name="failures",
    node=NODE,
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=KEYS,
    measures=(REQUESTS, ERRORS),
    checked=("errors",),
    settle=timedelta(hours=2),
    mend=failed_only,
    instead=ERRORS_ALONE,
)
