"""Who uses what: requests, tokens and cost by the value of a metadata key that a person names."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset, Key
from aigw_tui.datasets.gateway import (
    CACHE_HITS,
    COST,
    ERRORS,
    GATEWAY,
    MODEL,
    NODE,
    PROVIDER,
    REQUESTS,
    TOKENS_IN,
    TOKENS_OUT,
)

VALUE = Key("value", "metadataValue", argument="key")

DATASET = Dataset(
    name="metadata",
    node=NODE,
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(GATEWAY, PROVIDER, MODEL, VALUE),
    measures=(REQUESTS, ERRORS, CACHE_HITS, TOKENS_IN, TOKENS_OUT, COST),
    checked=(),
    settle=timedelta(0),
    asks=(("value",),),
)
