"""The gateways by the minute, for what must be seen at once; kept for a month."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset
from aigw_tui.datasets.gateway import CACHE_HITS, COST, ERRORS, GATEWAY, NODE, REQUESTS, TOKENS_IN, TOKENS_OUT

DATASET = Dataset(
    name="pulse",
    node=NODE,
    bucket=timedelta(minutes=1),
    bucket_dimension="datetimeMinute",
    keys=(GATEWAY,),
    measures=(REQUESTS, ERRORS, CACHE_HITS, TOKENS_IN, TOKENS_OUT, COST),
    checked=("requests",),
    settle=timedelta(hours=2),
    keep=timedelta(days=31),
    reach=timedelta(days=31),
)
