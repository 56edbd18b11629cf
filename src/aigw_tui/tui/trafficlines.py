"""How traffic is drawn: as stacked bars, or as a line a tint; with dates below and a legend."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.format import short, usd
from aigw_tui.insight.families import ROLES
from aigw_tui.insight.traffic import Bucket, Step
from aigw_tui.tui.chart import Series, Tick, chart
from aigw_tui.tui.lines import Line, Span, foreign, gap, right, width_of
from aigw_tui.tui.stack import MARGIN, Bar, axis, columns, stack

LOUD = 0.1
"""From this share of failed requests on a bar says how many failed."""
UNITS = {"cost": "dollars", "cache": "% from cache", "errors": "failed requests"}
"""Measure → its unit, where it is not its name."""
LEAST = {"cost": 0.0001}
"""Measure → the smallest step of its axis, where it is not 1."""
TICKS = 5
"""On the y axis of a line chart."""
SEPARATION = 3
"""Columns between two entries of the legend."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The figures of a chart."""

    buckets: tuple[Bucket, ...] = ()
    measure: str = "requests"
    step: Step = "hour"
    now: datetime | None = None
    """The running hour; None in a window that is over."""
    chosen: datetime | None = None
    """The hour that the scope is narrowed to, shown within its day."""
    names: tuple[tuple[str, str], ...] = ()
    """(role, name) for the legend of lines."""
    is_one: bool = False
    """The scope is one model: its requests are answered, from the cache or failed."""
    is_estimate: bool = False
    note: str = ""
    """Why there is no chart."""


def bars(seen: Seen, width: int, height: int) -> tuple[Line, ...]:
    """`height` lines: the bars, and their dates below."""
    each = columns(len(seen.buckets), width)
    drawn = []
    for bucket in seen.buckets:
        still = ":filling" if bucket.is_filling else ""
        parts = tuple((value, role + still) for value, role in bucket.parts)
        coming = ((bucket.expected, "expected"),) if bucket.expected else ()
        drawn.append(Bar((*parts, *coming), _mark(seen, bucket), *_label(seen, bucket, each), is_known=bucket.is_known))
    return stack(drawn, width, height, figure_of(seen.measure), LEAST.get(seen.measure, 1.0))


def lines(seen: Seen, width: int, height: int) -> tuple[Line, ...] | None:
    """`height` lines: a line for every tint; None where no line chart can be drawn."""
    roles = [role for role in (*ROLES, "bad") if any(role == part for one in seen.buckets for _, part in one.parts)]
    values = {role: [_value(seen, bucket, role) for bucket in seen.buckets] for role in roles}
    series = []
    for role in roles:
        points = tuple((float(n), value) for n, value in enumerate(values[role]))
        if role == "bad" and len(roles) > 1:
            points = _where_any(points)
        first = next((n for n, bucket in enumerate(seen.buckets) if bucket.is_filling), len(points))
        series.append(Series(f"{role}:filling", points[max(first - 1, 0) :]))
        series.append(Series(role, points[:first]))
    top = max((value for points in values.values() for value in points if value is not None), default=0.0)
    step = axis([Bar(((top, ""),))], TICKS * 2, LEAST.get(seen.measure, 1.0)).step
    ticks = [
        (n * step, right(figure_of(seen.measure)(n * step), MARGIN - 1))
        for n in range(max(math.ceil(top / step), 1) + 1)
    ]
    return chart(series, width, height, (0.0, len(seen.buckets) - 1.0), ticks[-1][0], _dates(seen, width), ticks)


def _where_any(points: tuple[tuple[float, float | None], ...]) -> tuple[tuple[float, float | None], ...]:
    """A line that leaves the ground only where it must, so that it does not cover the others there."""
    values = [0.0, *(value or 0.0 for _, value in points), 0.0]
    return tuple((at, value if any(values[n : n + 3]) else None) for n, (at, value) in enumerate(points))


def legend(seen: Seen, width: int, names: bool) -> Line:
    """What the colours stand for; entries that do not fit are left out."""
    present = [role for role in (*ROLES, "bad") if any(role == part for one in seen.buckets for _, part in one.parts)]
    blues, greys = ([role for role in present if role.startswith(family)] for family in ("neuron", "dollar"))
    entries: list[tuple[list[str], str]]
    if seen.measure == "cache":
        entries = [(present, "requests answered from the cache, %")]
    elif seen.is_one and seen.measure == "requests":
        own = [role for role in present if role != "bad"]
        entries = [([role], "answered" if role.endswith("1") else "from cache") for role in own]
    elif names:
        entries = [([role], name) for role, name in seen.names if role in present]
    else:
        entries = [(blues, "Workers AI"), (greys, "others")]
    entries.append((["bad"] if "bad" in present else [], "failed"))
    shown: Line = (gap(min(MARGIN, width)),)
    for roles, text in entries:
        swatch = "━━" if names else "██" if len(roles) == 1 else "█"
        apart = gap(SEPARATION if len(shown) > 1 else 0)
        longer = (*shown, apart, *(Span(swatch, role) for role in roles), foreign(f" {text}", "muted"))
        if roles and width_of(longer) <= width:
            shown = longer
    return shown


def figure_of(measure: str) -> Callable[[float], str]:
    """How figures on the y axis are written."""
    return _dollars if measure == "cost" else short


def _dollars(value: float) -> str:
    return usd(value, 0 if value == int(value) else 2 if value >= 0.01 else 4)


def _mark(seen: Seen, bucket: Bucket) -> str:
    is_loud = seen.measure == "requests" and bucket.failed and bucket.failed >= bucket.requests * LOUD
    return short(bucket.failed) if is_loud else ""


def _value(seen: Seen, bucket: Bucket, role: str) -> float | None:
    """None breaks the line: not read, still to come, or a share of nothing."""
    is_ahead = seen.now is not None and bucket.since > seen.now
    if is_ahead or not bucket.is_known or (seen.measure == "cache" and not bucket.requests):
        return None
    return sum(value for value, part in bucket.parts if part == role)


def _label(seen: Seen, bucket: Bucket, each: int) -> tuple[str, str]:
    """What stands below a bar, and its role."""
    since = bucket.since
    role = "strong" if since == seen.chosen else "faint" if seen.now and since > seen.now else "muted"
    if seen.step == "hour":
        days = seen.buckets[-1].since - seen.buckets[0].since
        if since.hour == 0 and days >= timedelta(days=1):
            return f"{since:%-d %b}", role
        return (f"{since:%H}" if since.hour % 3 == 0 or since == seen.chosen else ""), role
    if seen.step == "day":
        is_anchor = since.weekday() == 0 or (since == seen.buckets[0].since and each < 3)
        return (f"{since:%-d %b}" if is_anchor else f"{since:%-d}" if each >= 3 else ""), role
    return (f"{since:%-d %b}" if since.day <= 7 or since == seen.buckets[0].since else ""), role


def _dates(seen: Seen, width: int) -> list[Tick]:
    """The labels as ticks, no more than there is room for."""
    ticks = [(float(n), _label(seen, bucket, 1)[0]) for n, bucket in enumerate(seen.buckets)]
    named = [tick for tick in ticks if tick[1]]
    room = max(width // 9, 1)
    return named[:: -(-len(named) // room)] if named else []
