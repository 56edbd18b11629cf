"""How a dataset says what it is: keys, measures, what to ask, how to read a row, how long to keep it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Group = dict[str, "int | float | str | None"]
"""One decoded row on its way to the store: key and measure names with their values."""


class Adds(enum.Enum):
    """How a measure of several rows becomes one."""

    BY_SUM = "sum"
    NOT = "not"
    """Quantiles: known only where a row of the view is one stored row."""


@dataclass(frozen=True, slots=True)
class Key:
    """A text dimension that rows are grouped by."""

    name: str
    dimension: str
    """The wire's name, inside `dimensions { … }`."""
    optional: bool = False
    """Left out, and stored as the empty name, where the account does not have the dimension."""
    argument: str = ""
    """The name of the dimension's argument, whose value a person chooses; empty: it has none."""

    @property
    def alias(self) -> str:
        """What the answer calls it."""
        return self.name if self.argument else self.dimension


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a row. Unit is one of: requests, tokens, neurons, USD, ms, rows."""

    name: str
    unit: str
    asks: tuple[tuple[str, ...], ...]
    """Alternatives, best first: wire fields such as `sum.tokensIn`; the fields of one alternative are added up."""
    is_integer: bool = True
    adds: Adds = Adds.BY_SUM


@dataclass(frozen=True, slots=True)
class Dataset:
    """A question that is asked again and again, and the table its answers are kept in."""

    name: str
    node: str
    """The GraphQL field below `accounts`."""
    bucket: timedelta
    """One hour or one minute."""
    bucket_dimension: str
    """The wire's name, inside `dimensions { … }`."""
    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]
    checked: tuple[str, ...]
    """Measures whose hourly sum must equal the hourly total before an hour settles; never empty, all adding up."""
    settle: timedelta
    """How long after its end an hour may still change."""
    keep: timedelta | None = None
    """How long rows are kept; None: for ever, longer than Cloudflare does."""
    reach: timedelta = timedelta(days=62)
    """How far back the backfill goes at the most."""
    mend: Callable[[Group], Group | None] | None = None
    """Last word on a decoded row: what its numbers mean; None leaves the row out."""
    time_filter: str = "datetime"
    """What windows are filtered by; nodes without that dimension have only coarser ones."""
    instead: Dataset | None = None
    """Asked where this one may not be: another node for the same table."""
    asks: tuple[tuple[str, ...], ...] = ()
    """Of a dataset that is not kept: what it is grouped by, one entry a question (`hour` or `day`, and keys); such a
    dataset is asked for the scope that is looked at, and only while a visible panel needs it. Empty: it is kept."""
    span: timedelta | None = None
    """Of a dataset that is not kept: how far back it is asked; None: as far as the scope's window."""

    def measure(self, name: str) -> Measure:
        """Raises KeyError."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(f"{self.name} has no measure {name!r}")

    @property
    def key_names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.keys)

    @property
    def measure_names(self) -> tuple[str, ...]:
        return tuple(measure.name for measure in self.measures)
