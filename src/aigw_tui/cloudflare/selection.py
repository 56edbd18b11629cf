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
CONFIDENCE = "confidence"
HOUR_DIMENSION, DAY_DIMENSION = "datetimeHour", "date"
HOUR = timedelta(hours=1)
TIMES = {"hour": (HOUR, HOUR_DIMENSION), "day": (timedelta(days=1), DAY_DIMENSION)}
"""What an answer may be grouped by, besides keys: (bucket, dimension)."""

Asked = tuple[Measure, tuple[str, ...]]
"""A measure with its chosen alternative, wire fields such as `sum.cost` that are added up."""


@dataclass(frozen=True)
class Selection:
    """The part of a dataset that one question names. Keys and measures that are absent are unknown."""

    dataset: Dataset
    keys: tuple[Key, ...]
    measures: tuple[Asked, ...]
    page: int
    most: int = 30
    """Fields that one part of the answer may have."""
    has_confidence: bool = False
    """Whether the node gives the interval of a sampled count."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """All wire fields of a row, without doubles: the bucket, the keys, then the measures' fields."""
        asked = (field for _, fields in self.measures for field in fields)
        return tuple(dict.fromkeys((*self._head, *asked)))

    @property
    def _head(self) -> tuple[str, ...]:
        names = (self.dataset.bucket_dimension, *(key.dimension for key in self.keys))
        return tuple(f"dimensions.{name}" for name in names if name)

    @cached_property
    def parts(self) -> tuple[Selection, ...]:
        """Selections of at most `most` fields with the same bucket and keys, to be joined by them; often only one.

        The first holds what is checked. A measure whose fields do not fit beside bucket and keys is left out.
        """
        if len(self.fields) <= self.most:
            return (self,)
        first = sorted(self.measures, key=lambda asked: asked[0].name not in self.dataset.checked)
        groups: list[list[Asked]] = [[]]
        for asked in first:
            if len(replace(self, measures=(*groups[-1], asked)).fields) > self.most:
                if len(replace(self, measures=(asked,)).fields) > self.most:
                    continue
                groups.append([])
            groups[-1].append(asked)
        return tuple(self._only(tuple(group)) for group in groups if group)

    def _only(self, measures: tuple[Asked, ...]) -> Selection:
        chosen = tuple(measure for measure, _ in measures)
        checked = tuple(name for name in self.dataset.checked if name in {measure.name for measure in chosen})
        narrower = replace(self.dataset, measures=chosen, checked=checked, mend=None)
        return replace(self, dataset=narrower, measures=measures)

    @cached_property
    def totals(self) -> Selection:
        """The totals by hour: the checked measures without any key, and how far their count can be trusted."""
        asked, checked = dict(self.measures), tuple(map(self.dataset.measure, self.dataset.checked))
        is_hourly = self.dataset.bucket == HOUR
        dimension = self.dataset.bucket_dimension if is_hourly else HOUR_DIMENSION
        hourly = replace(
            self.dataset, bucket=HOUR, bucket_dimension=dimension, keys=(), measures=checked, mend=None, instead=None
        )
        return replace(self, dataset=hourly, keys=(), measures=tuple((measure, asked[measure]) for measure in checked))

    def grouped(self, by: tuple[str, ...]) -> Selection:
        """The same measures grouped by `hour` or `day`, where named, and by keys; raises SchemaError for a lost key."""
        bucket, dimension = next((TIMES[name] for name in by if name in TIMES), (self.dataset.bucket, ""))
        keys = tuple(key for name in by for key in self.keys if key.name == name)
        if lost := {*by} - {*TIMES} - {key.name for key in keys}:
            raise SchemaError(f"{self.dataset.node} has no {', '.join(sorted(lost))}", dataset=self.dataset.node)
        dataset = replace(self.dataset, bucket=bucket, bucket_dimension=dimension, keys=keys)
        found = replace(self, dataset=dataset, keys=keys)
        if not found.parts:
            raise SchemaError(f"{dataset.node} allows only {self.most} fields", dataset=dataset.node)
        return found


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
        if self._is_denied(field):
            return False
        return self.fields is None or _spelled(field) in self.fields or field == COUNT

    def without(self, field: str) -> Node:
        """This node after a refusal of `field` (`sum.cost`, `sum_cost` or `cost`, in any case)."""
        return replace(self, denied=self.denied | {field.replace(".", "_").lower()})

    @property
    def has_confidence(self) -> bool:
        """Whether it is said to give intervals; where nothing is known of a node, nothing is risked for them."""
        found = any(field.startswith(CONFIDENCE) for field in self.fields or ())
        return found and CONFIDENCE not in self.denied

    def select(self, dataset: Dataset) -> Selection:
        """The most that may be asked. Raises SchemaError when it is not enough to fill the dataset's table.

        Keys go before measures: over the maximum of fields the measures stand in several parts of the answer, and
        only where not even one fits beside bucket and keys the optional keys are dropped, the last declared first.
        """
        if not self.enabled:
            raise SchemaError(f"{dataset.node} is not enabled for this account", dataset=dataset.node)
        needed = (*(key.dimension for key in dataset.keys if not key.optional), dataset.bucket_dimension)
        for dimension in needed if dataset.checked else ():
            if not self.has(f"dimensions.{dimension}"):
                raise SchemaError(f"{dataset.node} has no {dimension}", field=dimension, dataset=dataset.node)
        keys = tuple(key for key in dataset.keys if self.has(f"dimensions.{key.dimension}"))
        measures = tuple(self._measures(dataset))
        if lost := {*dataset.checked} - {measure.name for measure, _ in measures}:
            raise SchemaError(f"{dataset.node} has no {', '.join(sorted(lost))}", dataset=dataset.node)
        if not measures:
            raise SchemaError(f"{dataset.node} has nothing to measure", dataset=dataset.node)
        whole = Selection(dataset, keys, measures, self.page, self.max_fields, self.has_confidence)
        while dataset.checked and not {*dataset.checked} <= set(asked_names(whole)):
            spare = [key for key in whole.keys if key.optional]
            if not spare:
                raise SchemaError(f"{dataset.node} allows only {self.max_fields} fields", dataset=dataset.node)
            whole = replace(whole, keys=tuple(key for key in whole.keys if key is not spare[-1]))
        return whole

    def bounds(self, dataset: Dataset) -> Bounds:
        """Also says why what may not be asked may not."""
        try:
            known = set(asked_names(self.select(dataset)))
        except SchemaError as error:
            why = (("", error.why),)
            return Bounds(False, self.max_window, self.oldest, self.page, self.max_fields, why)
        missing = tuple((one.name, self._why(dataset, one)) for one in dataset.measures if one.name not in known)
        return Bounds(True, self.max_window, self.oldest, self.page, self.max_fields, missing)

    def _measures(self, dataset: Dataset) -> Iterator[Asked]:
        for measure in dataset.measures:
            chosen = next((fields for fields in measure.asks if all(map(self.has, fields))), None)
            if chosen is not None:
                yield measure, chosen

    def _why(self, dataset: Dataset, measure: Measure) -> str:
        fields = [field for alternative in measure.asks for field in alternative if not self.has(field)]
        refused = [field for field in fields if self._is_denied(field)]
        if refused:
            return f"Cloudflare refuses {refused[0]} of {dataset.node} to this token"
        if fields:
            return f"{dataset.node} has no {fields[0]} for this account"
        return f"{dataset.node} allows only {self.max_fields} fields in a question"

    def _is_denied(self, field: str) -> bool:
        return bool({_spelled(field).lower(), field.rpartition(".")[2].lower()} & self.denied)


def asked_names(selection: Selection) -> tuple[str, ...]:
    """The measures that the parts of a selection really ask for."""
    return tuple(measure.name for part in selection.parts for measure, _ in part.measures)


def _spelled(field: str) -> str:
    group, _, leaf = field.rpartition(".")
    return f"{group}_{leaf}" if group else leaf
