"""A usual week: the median of a measure for each hour of each weekday (UTC), from the hours that history holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from aigw_tui.datasets import dataset
from aigw_tui.insight.families import of_family
from aigw_tui.insight.joined import plus
from aigw_tui.insight.prices import neurons
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import Query, Scope, Snapshot, Views, Window, hour_of

WEEK = timedelta(days=7)
LEAST_WEEKS, MOST_WEEKS = 4, 13
"""However short or long the window is."""
TOKENS = ("tokens_in", "tokens_out", "uncached_tokens_in", "uncached_tokens_out")
Values = dict[datetime, float | None]
Days = tuple[int, ...]
"""Weekdays that are one row; Monday is 0."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A measure by the hour. None is unknown; an hour that was never read is absent."""

    values: Mapping[datetime, float | None]
    window: Window
    """From the oldest hour that is known."""
    is_estimate: bool = False
    is_listed: bool = False
    """All costs are list prices."""
    is_partial: bool = False
    """Without models that have no price."""
    is_sampled: bool = False


def hours(snapshot: Snapshot, measure: str) -> Hours:
    """The scope's hours, in whole weeks back from the newest that grows no more; measures as `m` names them."""
    views, scope = snapshot.views, snapshot.scope
    is_measured = measure == "neurons" and is_covered(scope, "neurons")
    name = "neurons" if is_measured else "requests"
    end = hour_of(min(snapshot.window.until, snapshot.now - dataset(name).settle))
    weeks = min(max(snapshot.window.length // WEEK, LEAST_WEEKS), MOST_WEEKS)
    window = Window(end - WEEK * weeks, end)
    known = views.known(name, window, scope.values("account"))
    read = Window(min(known, default=end), end)
    is_sampled = bool(views.sampled(name, window, scope.values("account")))
    if measure == "cost":
        costs, is_listed, is_partial = _costs(views, scope, window)
        values = {hour: costs.get(hour, 0.0) for hour in known}
        return Hours(values, read, is_listed=is_listed, is_partial=is_partial, is_sampled=is_sampled)
    if measure == "neurons" and not is_measured:
        values, is_partial = _estimated(views, scope, window, known)
        return Hours(values, read, is_estimate=True, is_partial=is_partial, is_sampled=is_sampled)
    measures, value = MEASURES[measure]
    rows = views.view(Query(name, window, ("hour",), measures, where(views, scope, name))).rows
    counted = {row.key[0]: value(row.values) for row in rows}
    nothing = value((0,) * len(measures))
    return Hours({hour: counted.get(hour, nothing) for hour in known}, read, is_sampled=is_sampled)


def table(found: Hours, rows: Sequence[Days], each: int = 1) -> tuple[tuple[float | None, ...], ...]:
    """The medians of these weekdays, `each` hours a column; None where nothing is known."""
    cells: dict[tuple[int, int], list[float]] = {}
    for hour, value in found.values.items():
        if value is not None:
            cells.setdefault((hour.weekday(), hour.hour // each), []).append(value)
    return tuple(
        tuple(_median(value for day in days for value in cells.get((day, n), ())) for n in range(24 // each))
        for days in rows
    )


def _median(values: Iterable[float]) -> float | None:
    known = tuple(values)
    return median(known) if known else None


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _share(values: Sequence[float | None]) -> float | None:
    """Of no requests there is none."""
    part, whole = values
    return part / whole if whole and part is not None else None


MEASURES = {
    "requests": (("requests",), _sum),
    "tokens": (("tokens_in", "tokens_out"), _sum),
    "neurons": (("neurons",), _sum),
    "errors": (("errors",), _sum),
    "cache": (("cache_hits", "requests"), _share),
}
"""Measure → what is asked for, and how that becomes one figure."""


def _costs(views: Views, scope: Scope, window: Window) -> tuple[Values, bool, bool]:
    """What is owed by the hour, list prices only where there is nothing else; and whether a part has no price."""
    pairs = where(views, scope, "requests")
    for burns in (False, True):
        found: Values = {}
        is_partial = False
        for one in of_family(views, pairs, burns):
            for row in views.view(Query("requests", window, ("hour",), ("cost_usd",), one)).rows:
                found[row.key[0]] = plus(found.get(row.key[0]), row.values[0])
                is_partial = is_partial or bool(row.unknown)
        if found:
            return found, burns, is_partial
    return {}, False, False


def _estimated(views: Views, scope: Scope, window: Window, known: Iterable[datetime]) -> tuple[Values, bool]:
    """Tokens times price, and whether a part has no price; all tokens stand in for uncached ones that nobody tells."""
    found: Values = dict.fromkeys(known, 0.0)
    unpriced: set[datetime] = set()
    for one in of_family(views, where(views, scope, "requests"), burns=True):
        for row in views.view(Query("requests", window, ("hour", "model"), TOKENS, one)).rows:
            hour, model = row.key
            all_in, all_out, new_in, new_out = row.values
            value = neurons(model, all_in if new_in is None else new_in, all_out if new_out is None else new_out)
            if value is None:
                unpriced.add(hour)
            else:
                found[hour] = plus(found.get(hour), value)
    known_ones = {hour: None if hour in unpriced and not value else value for hour, value in found.items()}
    return known_ones, bool(unpriced)
