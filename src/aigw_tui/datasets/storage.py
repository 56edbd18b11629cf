"""How many log rows each gateway stores now."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Adds, Dataset, Measure
from aigw_tui.datasets.gateway import GATEWAY

DATASET = Dataset(
    name="storage",
    node="aiGatewaySizeAdaptiveGroups",
    bucket=timedelta(minutes=1),
    bucket_dimension="datetimeMinute",
    keys=(GATEWAY,),
    measures=(Measure("log_rows", "rows", (("max.rows",),), adds=Adds.NOT),),
    checked=(),
    settle=timedelta(0),
    time_filter="datetimeMinute",
    asks=(("gateway",),),
    span=timedelta(hours=1),
)
