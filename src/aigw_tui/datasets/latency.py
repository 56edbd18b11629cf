"""How long requests took, for the scope that is looked at: quantiles cannot be added up from stored rows."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Adds, Dataset, Measure
from aigw_tui.datasets.gateway import GATEWAY, MODEL, NODE, PROVIDER, REQUESTS


def quantile(percent: int) -> Measure:
    return Measure(
        f"duration_p{percent}", "ms", ((f"quantiles.durationMsP{percent}",),), is_integer=False, adds=Adds.NOT
    )


DATASET = Dataset(
    name="latency",
    node=NODE,
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(GATEWAY, PROVIDER, MODEL),
    measures=(REQUESTS, quantile(50), quantile(90), quantile(99)),
    checked=(),
    settle=timedelta(0),
    asks=(("hour",), (), ("provider", "model")),
)
