"""One measure of one scope, asked about any window: by model, and by hour or day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from statistics import median
from typing import Literal, NamedTuple, TypeVar

from aigw_tui.datasets.gateway import WORKERS_AI
from aigw_tui.insight.families import Model, of_family
from aigw_tui.insight.joined import plus
from aigw_tui.insight.measured import FEWEST
from aigw_tui.insight.scoped import where
from aigw_tui.model import Query, Row, Scope, Trust, Views, Window, day_of

Step = Literal["hour", "day"]
Key = TypeVar("Key")


class Source(NamedTuple):
    """Where a measure is found."""

    dataset: str
    measures: tuple[str, ...]
    """Added up; of a rate the part and the whole."""
    floor: float
    """Below it a base is too small for a difference in per cent; of a rate: requests."""


SOURCES: Mapping[str, Source] = {
    "requests": Source("requests", ("requests",), 20),
    "tokens": Source("requests", ("tokens_in", "tokens_out"), 5_000),
    "neurons": Source("neurons", ("neurons",), 20),
    "cost": Source("requests", ("cost_usd",), 0.05),
    "errors": Source("requests", ("errors",), 20),
    "cache": Source("requests", ("cache_hits", "requests"), 20),
}
"""Every measure of the chart. `cost` is what is owed."""
RATE = "cache"
"""The one that does not add up: hits over requests."""


class Cell(NamedTuple):
    """A sum; of a rate the part, and the whole that it is of. None is unknown."""

    value: float | None
    of: float = 0.0


NOTHING = Cell(0.0)


def together(cells: Iterable[Cell]) -> Cell:
    """The sum of what is known; of no cells 0."""
    found = list(cells)
    return Cell(reduce(plus, (one.value for one in found), None), sum(one.of for one in found)) if found else NOTHING


class Asked:
    """Keeps nothing: history remembers what it was asked."""

    def __init__(self, views: Views, scope: Scope, measure: str) -> None:
        self._views, self._scope = views, scope
        self.source, self.is_rate = SOURCES[measure], measure == RATE

    def known(self, window: Window) -> Mapping[datetime, Trust]:
        """The hours of it that were read."""
        return self._views.known(self.source.dataset, window, self._scope.values("account"))

    def by_model(self, window: Window) -> dict[Model, Cell]:
        """Models with rows; those of neurons are all of Workers AI."""
        keys = ("model",) if self.source.dataset == "neurons" else ("provider", "model")
        return self._cells(window, keys, lambda row: (row.key[0] if len(row.key) > 1 else WORKERS_AI, row.key[-1]))

    def by_time(self, window: Window, step: Step) -> dict[datetime, Cell]:
        """Hours or days of which every hour in the window was read; 0 where there was nothing."""
        known, hours = self.known(window), window.hours
        found = self._cells(window, (step,), lambda row: row.key[0])
        start = day_of if step == "day" else _itself
        holes = {start(hour) for hour in hours if hour not in known}
        return {at: found.get(at, NOTHING) for at in dict.fromkeys(map(start, hours)) if at not in holes}

    def reading(self, cell: Cell) -> float | None:
        """The figure itself."""
        if not self.is_rate:
            return cell.value
        return (cell.value or 0.0) / cell.of if cell.of else None

    def usual(self, cells: Sequence[Cell], count: int) -> tuple[float | None, bool]:
        """Their median, and whether it is large enough to divide by; of several (`count`) three must be known."""
        found = [value for one in cells if (value := self.reading(one)) is not None]
        if len(found) < min(FEWEST, count):
            return None, False
        base = median(found)
        return base, (median(one.of for one in cells) if self.is_rate else base) >= self.source.floor

    def _cells(self, window: Window, keys: tuple[str, ...], key_of: Callable[[Row], Key]) -> dict[Key, Cell]:
        found: dict[Key, Cell] = {}
        for row in self._rows(window, keys):
            key = key_of(row)
            cell = self._cell(row)
            found[key] = together((found[key], cell)) if key in found else cell
        return found

    def _rows(self, window: Window, keys: tuple[str, ...]) -> Iterator[Row]:
        pairs = where(self._views, self._scope, self.source.dataset)
        is_cost = self.source.measures == ("cost_usd",)
        for one in of_family(self._views, pairs, burns=False) if is_cost else (pairs,):
            yield from self._views.view(Query(self.source.dataset, window, keys, self.source.measures, one)).rows

    def _cell(self, row: Row) -> Cell:
        if self.is_rate:
            return Cell(row.values[0], row.values[1] or 0)
        value: float | None = reduce(plus, row.values, None)
        return Cell(value or (None if row.unknown else 0.0))  # 0 beside unpriced parts is unknown


def _itself(hour: datetime) -> datetime:
    return hour
