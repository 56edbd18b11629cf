"""The scope's requests as one count with its confidence interval: intervals of hours do not add up."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset
from aigw_tui.datasets.gateway import GATEWAY, MODEL, NODE, PROVIDER, REQUESTS

DATASET = Dataset(
    name="sample",
    node=NODE,
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(GATEWAY, PROVIDER, MODEL),
    measures=(REQUESTS,),
    checked=(),
    settle=timedelta(0),
    asks=((),),
)
