"""The scope as a whole: what does not add up from its hours, the interval of a sampled count and quantiles."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset
from aigw_tui.datasets.gateway import GATEWAY, MODEL, NODE, PROVIDER, REQUESTS
from aigw_tui.datasets.latency import quantile

DATASET = Dataset(
    name="whole",
    node=NODE,
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(GATEWAY, PROVIDER, MODEL),
    measures=(REQUESTS, quantile(50), quantile(90)),
    checked=(),
    settle=timedelta(0),
    asks=((),),
)
