"""What of a dataset may be asked: an account's bounds and fields, narrowed by what it has refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from aigw_tui.datasets import Dataset, Key, Measure
from aigw_tui.errors import SchemaError
from aigw_tui.source import Bounds

COUNT = "count"
HOUR_DIMENSION = "datetimeHour"


@dataclass(frozen=True)
class Selection:
    """The part of a dataset that one question names. Keys and measures that are absent are unknown."""

    dataset: Dataset
    keys: tuple[Key, ...]
    measures: tuple[tuple[Measure, tuple[str, ...]], ...]
    """Each with its chosen alternative, wire fields such as `sum.cost` that are added up."""
    page: int

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """All wire fields of a row, without doubles: the bucket, the keys, then the measures' fields."""
        dimensions = (self.dataset.bucket_dimension, *(key.dimension for key in self.keys))
        asked = (field for _, fields in self.measures for field in fields)
        return tuple(dict.fromkeys((*(f"dimensions.{name}" for name in dimensions), *asked)))

    @cached_property
    def totals(self) -> Selection:
        """The hourly totals: the checked measures without any key."""
        asked, checked = dict(self.measures), tuple(map(self.dataset.measure, self.dataset.checked))
        hourly = replace(
            self.dataset,
            bucket=timedelta(hours=1),
            bucket_dimension=HOUR_DIMENSION,
            keys=(),
            measures=checked,
            mend=None,
        )
        return Selection(hourly, (), tuple((measure, asked[measure]) for measure in checked), self.page)


@dataclass(frozen=True, slots=True)
class Node:
    """What is known of one GraphQL dataset; the defaults are Cloudflare's usual ones, for when nothing is."""

    enabled: bool = True
    fields: frozenset[str] | None = None
    """As `availableFields` spells them (`sum_cost`); None: unknown, so what is documented is assumed."""
    denied: frozenset[str] = frozenset()
    """Fields that were refused, in lower case, with or without their group: `sum_cost` or `cost`."""
    max_window: timedelta = timedelta(days=1)
    oldest: timedelta = timedelta(days=31)
    page: int = 10_000
    max_fields: int = 30

    def has(self, field: str) -> bool:
        """Whether a wire field (`sum.cost`, `count`) may be asked; every dataset counts."""
        group, _, leaf = field.rpartition(".")
        spelled = f"{group}_{leaf}" if group else leaf
        if {spelled.lower(), leaf.lower()} & self.denied:
            return False
        return self.fields is None or spelled in self.fields or field == COUNT

    def without(self, field: str) -> Node:
        """This node after a refusal of `field` (`sum.cost`, `sum_cost` or `cost`, in any case)."""
        return replace(self, denied=self.denied | {field.replace(".", "_").lower()})

    def select(self, dataset: Dataset) -> Selection:
        """The most that may be asked. Raises SchemaError when it is not enough to fill the dataset's table.

        Over the maximum of fields, the measures declared last are dropped; checked ones and keys never are.
        """
        if not self.enabled:
            raise SchemaError(f"{dataset.node} is not enabled for this account", dataset=dataset.node)
        needed = [dataset.bucket_dimension, *(key.dimension for key in dataset.keys if not key.optional)]
        for dimension in (*needed, HOUR_DIMENSION):
            if not self.has(f"dimensions.{dimension}"):
                raise SchemaError(f"{dataset.node} has no {dimension}", field=dimension, dataset=dataset.node)
        keys = tuple(key for key in dataset.keys if self.has(f"dimensions.{key.dimension}"))
        measures = tuple(self._measures(dataset))
        if lost := set(dataset.checked) - {measure.name for measure, _ in measures}:
            raise SchemaError(f"{dataset.node} has no {', '.join(sorted(lost))}", dataset=dataset.node)
        whole = Selection(dataset, keys, measures, self.page)
        while len(whole.fields) > self.max_fields:
            spare = [pair for pair in whole.measures if pair[0].name not in dataset.checked]
            if not spare:
                raise SchemaError(f"{dataset.node} allows only {self.max_fields} fields", dataset=dataset.node)
            whole = Selection(dataset, keys, tuple(pair for pair in whole.measures if pair is not spare[-1]), self.page)
        return whole

    def bounds(self, dataset: Dataset) -> Bounds:
        try:
            known = {measure.name for measure, _ in self.select(dataset).measures}
        except SchemaError:
            return Bounds(False, self.max_window, self.oldest, self.page, dataset.measure_names)
        missing = tuple(name for name in dataset.measure_names if name not in known)
        return Bounds(True, self.max_window, self.oldest, self.page, missing)

    def _measures(self, dataset: Dataset) -> Iterator[tuple[Measure, tuple[str, ...]]]:
        for measure in dataset.measures:
            chosen = next((fields for fields in measure.asks if all(map(self.has, fields))), None)
            if chosen is not None:
                yield measure, chosen
