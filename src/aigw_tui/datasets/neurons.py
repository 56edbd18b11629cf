"""What Workers AI burned, account-wide, by hour and model; it has no gateway dimension."""

from datetime import timedelta

from aigw_tui.datasets.declaration import Dataset, Key, Measure

DATASET = Dataset(
    name="neurons",
    node="aiInferenceAdaptiveGroups",
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(Key("model", "modelId", optional=True),),
    measures=(
        Measure("inferences", "requests", (("count",),)),
        Measure("neurons", "neurons", (("sum.totalNeurons",),), is_integer=False),
        Measure("tokens_in", "tokens", (("sum.totalInputTokens",),)),
        Measure("tokens_out", "tokens", (("sum.totalOutputTokens",),)),
    ),
    checked=("inferences", "neurons"),
    settle=timedelta(hours=3),
)
