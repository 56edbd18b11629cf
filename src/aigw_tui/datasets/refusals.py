"""How inferences of Workers AI ended, account-wide, by hour, model and its own error code; it has no gateway."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset, Key, Measure

DATASET = Dataset(
    name="refusals",
    node="aiInferenceAdaptiveGroups",
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(Key("model", "modelId"), Key("code", "errorCode", optional=True)),
    measures=(Measure("inferences", "requests", (("count",),)),),
    # rows without an error stay: the hourly total that they must agree with counts them too
    checked=("inferences",),
    settle=timedelta(hours=3),
)
