"""A rule that is judged for each gateway, provider or model: which of them there are, and what is read of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reader, Reading
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import HOUR, Query, Window

MOST_NAMES = 500
"""Judged of one rule and account; the busiest."""
NAMELESS = "(none)"
"""What the wire has no name for."""
NOT_READ = "not all hours of the last day were read"

Rows = Mapping[str, Mapping[datetime, tuple[Any, ...]]]
"""Name (empty where a rule is judged as one sum) → start of a bucket → values."""


@dataclass(frozen=True, slots=True)
class Named:
    """How an expression is read for any name."""

    of: Callable[[str], Reader]
    """Name → its reader; the empty name is all of it."""
    wheres: tuple[Pairs, ...]
    """Filters of `requests` that let through what it reads; none: nothing matches."""
    edge: Callable[[datetime], datetime]
    """Moment → the newest hour whose rows count then."""
    key: Callable[[datetime], datetime] = lambda moment: moment
    """Moments of one key have the same readings."""
    stirs: Callable[[str, datetime], bool] = lambda _name, _moment: False
    """Whether that name had requests after the newest hour that counts."""
    names: Collection[str] = ()
    """Names that may stir."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a rule reads over a stretch of time, name by name; without `each` there is one, and its name is empty."""

    names: tuple[str, ...]
    """Those to be judged, the busiest first."""
    read: Callable[[str, datetime], Reading | None]
    """A name's reading at a moment, also of one that is not in `names`; None: there is no such name then."""
    key: Callable[[datetime], datetime] = lambda moment: moment
    """Moments of one key have the same readings."""
    rest: int = 0
    """How many names more there are."""


def whole(read: Reader) -> Parts:
    """One sum."""
    return Parts(("",), lambda _, moment: read(moment))


def parts(rule: Rule, ground: Ground, named: Named) -> Parts:
    """Every name that had requests within the rule's reach. One that had none for that long is not there any more;
    while hours are missing in which it may have had some, it is unknown."""
    seen = dict(_seen(rule, ground, named))
    seen |= {name: () for name in named.names if name not in seen}
    first = named.edge(ground.since) - rule.reach
    known = ground.views.known("requests", Window(first, named.edge(ground.now) + HOUR), (ground.account,))
    gaps = [hour for hour in Window(first, named.edge(ground.now) + HOUR).hours if hour not in known]
    readers: dict[str, Reader] = {}

    def read(name: str, moment: datetime) -> Reading | None:
        edge = named.edge(moment)
        if not _is_within(seen.get(name, ()), edge, rule) and not named.stirs(name, moment):
            return Reading(None, NOT_READ) if _is_within(gaps, edge, rule) else None
        if name not in readers:
            readers[name] = named.of(name)
        return readers[name](moment)

    return Parts(tuple(seen)[:MOST_NAMES], read, named.key, max(len(seen) - MOST_NAMES, 0))


def rows_by_name(
    rule: Rule, ground: Ground, dataset: str, window: Window, unit: str, measures: tuple[str, ...], pairs: Pairs
) -> Rows:
    """One question, whatever the number of names."""
    by = (unit, rule.each) if rule.each else (unit,)
    found: dict[str, dict[datetime, tuple[Any, ...]]] = {}
    for (bucket, *names), values, *_ in ground.views.view(Query(dataset, window, by, measures, pairs, (unit,))).rows:
        found.setdefault(name_of(names[0]) if names else "", {})[bucket] = values
    return found


def name_of(text: str) -> str:
    return text or NAMELESS


def text_of(name: str) -> str:
    """As the wire has it."""
    return "" if name == NAMELESS else name


def narrowed(pairs: Pairs, rule: Rule, name: str) -> Pairs:
    """The same, of that name alone."""
    if not name:
        return pairs
    return tuple({**dict(pairs), rule.each: (text_of(name),)}.items())


def _seen(rule: Rule, ground: Ground, named: Named) -> Mapping[str, Sequence[datetime]]:
    """Name → hours in which it had requests, oldest first; the busiest name first.

    Of a single moment only whether it had any counts: a row a name instead of one for each of its hours.
    """
    window = Window(named.edge(ground.since) - rule.reach + HOUR, named.edge(ground.now) + HOUR)
    unit = ("hour",) if ground.since < ground.now else ()
    hours: dict[str, list[datetime]] = {}
    requests: dict[str, int] = {}
    for pairs in named.wheres:
        query = Query("requests", window, (*unit, rule.each), ("requests",), pairs, unit or ("-requests",))
        for (*hour, text), (count,), *_ in ground.views.view(query).rows:
            name = name_of(text)
            hours.setdefault(name, []).append(hour[0] if hour else named.edge(ground.now))
            requests[name] = requests.get(name, 0) + (count or 0)
    return {name: sorted(hours[name]) for name in sorted(hours, key=lambda name: (-requests[name], name))}


def _is_within(hours: Sequence[datetime], edge: datetime, rule: Rule) -> bool:
    """Whether one of these hours lies within the rule's reach up to `edge`."""
    place = bisect_right(hours, edge)
    return place > 0 and hours[place - 1] > edge - rule.reach
