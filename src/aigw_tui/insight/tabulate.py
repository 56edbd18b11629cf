"""Usage by any fields: the lines of every table and export, made a stretch of time at a time, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aigw_tui.insight import prices
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.joined import plus
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import Query, Scope, Trust, Views, Window, day_of, hour_of

TIMES = ("hour", "day", "month")
KEYS = ("account", "gateway", "provider", "model")
FIELDS = (*TIMES, *KEYS)
"""What lines can be told apart by."""
MEASURES = (
    "requests", "errors", "error_rate", "cache_hits", "cache_misses", "cache_hit_rate", "tokens_in", "tokens_out",
    "cost_usd", "neurons", "neurons_estimated",
)  # fmt: skip
"""Of each line, in this order."""
COUNTED = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out", "uncached_tokens_in", "uncached_tokens_out")
Part = datetime | str
"""A time, or a name."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was used in one group. None is unknown."""

    key: tuple[Part, ...] = ()
    """In the order of the fields: the start of an hour, day or month (UTC), or a name."""
    requests: int | None = None
    """That went through a gateway."""
    errors: int | None = None
    cache_hits: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    """List price of all providers, as far as it is known."""
    neurons: float | None = None
    """Measured, of the whole account; unknown where the scope or the fields name a gateway or provider."""
    neurons_estimated: float | None = None
    """Uncached tokens × price of the Workers AI models, as far as prices are known."""
    unpriced: frozenset[tuple[str, str]] = frozenset()
    """(provider, model) pairs with tokens and without a price."""
    is_sampled: bool = False
    trust: Trust = Trust.SETTLED

    @property
    def cache_misses(self) -> int | None:
        """Requests less cache hits; failed ones are among them."""
        return None if self.requests is None or self.cache_hits is None else self.requests - self.cache_hits

    @property
    def error_rate(self) -> float | None:
        return share(self.errors, self.requests)

    @property
    def cache_hit_rate(self) -> float | None:
        return share(self.cache_hits, self.requests)

    @property
    def values(self) -> tuple[int | float | None, ...]:
        """In the order of `MEASURES`."""
        return tuple(getattr(self, name) for name in MEASURES)


def share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def lines(views: Views, scope: Scope, window: Window, by: Sequence[str], is_stale: bool = False) -> Iterator[Line]:
    """The groups of the window, newest first, then the one with most requests; few are in memory at a time."""
    for part in stretches(window, by):
        found = _stretch(views, scope, part, tuple(by), is_stale)
        yield from sorted(found.values(), key=_order)


def total(views: Views, scope: Scope, window: Window, by: Sequence[str], is_stale: bool = False) -> Line:
    """All groups together; with neurons only where its parts have them, so that the sum of them is the total."""
    found = Line()
    named = tuple(name for name in by if name in ("gateway", "provider"))
    for part in stretches(window, ("month",)):
        for line in _stretch(views, scope, part, named, is_stale).values():
            found = added(found, replace(line, key=()))
    if found.requests is None and Trust.SETTLED in views.known("requests", window, scope.values("account")).values():
        return replace(found, requests=0, errors=0, cache_hits=0, tokens_in=0, tokens_out=0, cost_usd=0.0)
    return found


def from_the_hour(window: Window) -> Window:
    """The same, from the start of its first hour on: lines are made of whole hours."""
    return Window(hour_of(window.since), window.until)


def place(by: Sequence[str], name: str) -> Callable[[Line], float | str | None]:
    """What a line is sorted by: a field, or a measure that may be unknown."""
    if name not in by:
        return lambda line: None if (figure := getattr(line, name)) is None else float(figure)
    at = [*by].index(name)
    return lambda line: part.timestamp() if isinstance(part := line.key[at], datetime) else part


def models(views: Views, scope: Scope, window: Window) -> int:
    """How many models were used through the gateways."""
    asked = Query(
        "requests", from_the_hour(window), ("provider", "model"), ("requests",), where(views, scope, "requests")
    )
    return views.view(asked).count


def added(one: Line, other: Line) -> Line:
    """Both together, with the key of the first; a sum of nothing known is unknown."""
    sums: dict[str, Any] = {name: plus(getattr(one, name), getattr(other, name)) for name in SUMS}
    return replace(
        one,
        **sums,
        unpriced=one.unpriced | other.unpriced,
        is_sampled=one.is_sampled or other.is_sampled,
        trust=max(one.trust, other.trust),
    )


SUMS = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out", "cost_usd", "neurons", "neurons_estimated")


def stretches(window: Window, by: Sequence[str]) -> tuple[Window, ...]:
    """Parts of the window that no group reaches across, newest first: days of hours, months of days."""
    if not {*by} & {*TIMES}:
        return (window,)
    start: Callable[[datetime], datetime] = day_of if "hour" in by else month_of
    found, until = [], window.until
    while until > window.since:
        since = max(start(until - timedelta(microseconds=1)), window.since)
        found.append(Window(since, until))
        until = since
    return tuple(found)


def month_of(moment: datetime) -> datetime:
    """00:00 UTC of the first day of its month."""
    return day_of(moment).replace(day=1)


def _order(line: Line) -> tuple[object, ...]:
    times = [-part.timestamp() for part in line.key if isinstance(part, datetime)]
    return (*times, -(line.requests or 0), -(line.neurons or 0), *(str(part) for part in line.key))


def _stretch(
    views: Views, scope: Scope, window: Window, by: tuple[str, ...], is_stale: bool
) -> Mapping[tuple[Part, ...], Line]:
    """Every group of one stretch."""
    span = Window(hour_of(window.since), window.until)
    time = next((name for name in ("hour", "day") if name in by), "")
    sampled = frozenset(hour if time == "hour" else day_of(hour) if time else None
                        for hour in views.sampled("requests", span, scope.values("account")))  # fmt: skip
    found: dict[tuple[Part, ...], Line] = {}
    burning: set[tuple[Part, ...]] = set()
    for at, names, line in _of_gateways(views, scope, span, time, by):
        key = _key(by, at, names, span)
        line = replace(line, key=key, is_sampled=at in sampled)
        found[key] = added(found[key], line) if key in found else line
        if burns_neurons(names["provider"], names["model"]):
            burning.add(key)
    if is_covered(scope, "neurons") and not {*by} & {"gateway", "provider"}:
        _measure(views, scope, span, time, by, found, burning)
    if not is_stale:
        return found
    return {
        key: replace(line, trust=Trust.STALE) if line.trust is Trust.FILLING else line for key, line in found.items()
    }


def _of_gateways(
    views: Views, scope: Scope, window: Window, time: str, by: tuple[str, ...]
) -> Iterator[tuple[datetime | None, dict[str, str], Line]]:
    """A line for each model of each group: prices are those of models."""
    names = tuple(dict.fromkeys((*(name for name in by if name in KEYS), "provider", "model")))
    keys = (*([time] if time else []), *names)
    allowed = where(views, scope, "requests")
    costs = {row.key: row for row in views.view(Query("requests", window, keys, ("cost_usd",), allowed)).rows}
    for row in views.view(Query("requests", window, keys, COUNTED, allowed)).rows:
        at = row.key[0] if time else None
        own = dict(zip(names, row.key[1:] if time else row.key, strict=True))
        requests, errors, hits, tokens_in, tokens_out, uncached_in, uncached_out = row.values
        cost = costs.get(row.key)
        price = (cost.values[0] or (None if cost.unknown else 0.0)) if cost else None
        estimate = None
        if burns_neurons(own["provider"], own["model"]):
            estimate = prices.neurons(
                own["model"],
                tokens_in if uncached_in is None else uncached_in,
                tokens_out if uncached_out is None else uncached_out,
            )
        lacking = frozenset([(own["provider"], own["model"])] if cost and cost.unknown else [])
        yield at, own, Line((), requests, errors, hits, tokens_in, tokens_out, price, None, estimate, lacking,
                            trust=row.trust)  # fmt: skip


def _measure(
    views: Views,
    scope: Scope,
    window: Window,
    time: str,
    by: tuple[str, ...],
    found: dict[tuple[Part, ...], Line],
    burning: Iterable[tuple[Part, ...]],
) -> None:
    """Put measured neurons into the lines; models that no gateway knows have lines of their own, with 0 requests."""
    names = tuple(name for name in by if name in ("account", "model"))
    keys = (*([time] if time else []), *names)
    open_times = _open(views, scope, window, time)
    asked = Query("neurons", window, keys, ("neurons",), where(views, scope, "neurons"))
    measured = set()
    for row in views.view(asked).rows if keys else (views.view(asked).total,):
        at = row.key[0] if time else None
        own = dict(zip(names, row.key[1:] if time else row.key, strict=True))
        key = _key(by, at, own, window)
        if row.values[0] is None and key not in found:
            continue
        before = found.get(key, Line(key, 0, 0, 0, 0, 0))
        found[key] = replace(before, neurons=plus(before.neurons, row.values[0]), trust=max(before.trust, row.trust))
        if row.values[0] is not None:
            measured.add(key)
    for key in {*burning} - measured:
        at = next((part for part in key if isinstance(part, datetime)), None) if time else None
        is_open = at in open_times
        line = found[key]
        nothing = None if is_open else 0.0
        found[key] = replace(line, neurons=nothing, trust=max(line.trust, Trust.FILLING) if is_open else line.trust)


def _open(views: Views, scope: Scope, window: Window, time: str) -> frozenset[datetime | None]:
    """The hours or days (None: the window) in which neurons that are missing may still arrive."""
    known = views.known("neurons", window, scope.values("account"))
    left = (hour for hour in window.hours if known.get(hour) is not Trust.SETTLED)
    return frozenset(hour if time == "hour" else day_of(hour) if time else None for hour in left)


def _key(by: tuple[str, ...], at: datetime | None, names: Mapping[str, str], window: Window) -> tuple[Part, ...]:
    """In the order of the fields."""
    moments = {"hour": at, "day": at and day_of(at), "month": month_of(at or window.since)}
    return tuple(moments[name] or window.since if name in TIMES else names.get(name, "") for name in by)
