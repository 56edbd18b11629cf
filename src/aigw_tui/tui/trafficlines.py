"""How traffic is drawn: as stacked bars, or as a line a tint; with dates below and a legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from aigw_tui.format import short, usd
from aigw_tui.insight.families import ROLES
from aigw_tui.insight.traffic import LENGTHS, Bucket, Step
from aigw_tui.tui.bars import GHOST
from aigw_tui.tui.chart import Series, chart
from aigw_tui.tui.dates import dates
from aigw_tui.tui.lines import Line, Span, foreign, gap, right, width_of
from aigw_tui.tui.stack import MARGIN, Bar, axis, stack

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against

LOUD = 0.1
"""From this share of failed requests on a bar says how many failed."""
UNITS = {"cost": "dollars", "cache": "% from cache", "errors": "failed requests"}
"""Measure → its unit, where it is not its name."""
LEAST = {"cost": 0.0001}
"""Measure → the smallest step of its axis, where it is not 1."""
TICKS = 5
"""On the y axis of a line chart."""
SEPARATION = 3
"""Columns between two entries of the legend, where there is room."""
SIZES = ((1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"), (1e15, "P"))
Entry = tuple[list[str], str]
"""(roles, what they stand for) in the legend."""


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
    is_sampled: bool = False
    unpriced: int = 0
    """Models whose cost is not known, and missing in the bars."""
    wider: str = ""
    """Said where the bars hold more than the scope does."""
    note: str = ""
    """Why there is no chart."""
    against: Against | None = None


def bars(seen: Seen, width: int, height: int) -> tuple[Line, ...]:
    """`height` lines: the bars, and their dates below."""
    drawn = []
    for bucket in seen.buckets:
        still = ":filling" if bucket.is_filling else ""
        parts = tuple((value, role + still) for value, role in bucket.parts)
        coming = ((bucket.expected, "expected"),) if bucket.expected else ()
        drawn.append(Bar((*parts, *coming), _mark(seen, bucket), bucket.is_known, _ghost(seen, bucket)))
    least = LEAST.get(seen.measure, 1.0)
    return stack(drawn, width, height, partial(figures, seen.measure), partial(labels, seen), least)


def _ghost(seen: Seen, bucket: Bucket) -> float:
    """What was there then, in the unit of the chart; 0 where that is not known."""
    found = seen.against.base(bucket.since, bucket.since + LENGTHS[seen.step]) if seen.against else None
    return (found or 0.0) * (100 if seen.measure == "cache" else 1)


def lines(seen: Seen, width: int, height: int) -> tuple[Line, ...] | None:
    """`height` lines: a line for every tint, without what still runs; None where no line chart can be drawn."""
    roles = _roles(whole_ones(seen))
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
    if not top:
        return None
    step = axis([Bar(((top, ""),))], TICKS * 2, LEAST.get(seen.measure, 1.0)).step
    count = max(math.ceil(top / step), 1)
    figure = figures(seen.measure, step, count * step)
    found = [(n * step, figure(n * step)) for n in range(count + 1)]
    margin = max(MARGIN - 1, *(len(text) for _, text in found))
    ticks = [(at, right(text, margin)) for at, text in found]
    last = len(seen.buckets) - 1
    each = (width - margin - 1) / max(last, 1)
    below = [(float(n), text) for n, (text, _) in enumerate(labels(seen, last + 1, each)) if text]
    return chart(series, width, height, (0.0, float(last)), ticks[-1][0], below, ticks)


def whole_ones(seen: Seen) -> tuple[Bucket, ...]:
    """The buckets that are over: one that still runs would look like a fall."""
    return tuple(bucket for bucket in seen.buckets if _is_over(seen, bucket))


def _is_over(seen: Seen, bucket: Bucket) -> bool:
    return seen.now is None or bucket.since + LENGTHS[seen.step] <= seen.now


def _where_any(points: tuple[tuple[float, float | None], ...]) -> tuple[tuple[float, float | None], ...]:
    """A line that leaves the ground only where it must, so that it does not cover the others there."""
    values = [0.0, *(value or 0.0 for _, value in points), 0.0]
    return tuple((at, value if any(values[n : n + 3]) else None) for n, (at, value) in enumerate(points))


def legend(seen: Seen, width: int, names: bool, states: Sequence[str] = ()) -> Line:
    """What the colours stand for, closer together before any entry is left out; failures and what fills stay longest.

    `names`: those of lines. `states`: `filling`, `expected`, where no word in the chart says so.
    """
    present = _roles(whole_ones(seen) if names else seen.buckets)
    own = [role for role in present if role != "bad"]
    entries: list[Entry]
    if seen.measure == "cache":
        entries = [(present, "requests answered from the cache, %")]
    elif seen.is_one and seen.measure == "requests":
        entries = [([role], "answered" if role.endswith("1") else "from cache") for role in own]
    elif names:
        entries = [([role], name) for role, name in seen.names if role in present]
    else:
        families = ("neuron", "Workers AI"), ("dollar", "others")
        entries = [([role for role in own if role.startswith(family)], name) for family, name in families]
    vital: list[Entry] = [(["bad"], "failed")] if "bad" in present else []
    vital += [([f"{present[0]}:filling"], "filling")] if present and "filling" in states else []
    entries += [*vital, (["expected"] if "expected" in states else [], "expected")]
    entries = [entry for entry in entries if entry[0]]
    if seen.against:
        words, brief = (([GHOST], text) for text in (seen.against.basis.words, seen.against.basis.brief))
        ghost = words if width_of(_row([*entries, words], names, 1, width)) <= width else brief
        entries, vital = [*entries, ghost], [*vital, ghost]
    for apart in range(SEPARATION, 0, -1):
        if width_of(found := _row(entries, names, apart, width)) <= width:
            return found
    kept: list[Entry] = []
    for entry in (*vital, *entries):
        more = [one for one in entries if one in (*kept, entry)]
        kept = more if width_of(_row(more, names, 1, width)) <= width else kept
    return _row(kept, names, 1, width)


def states(seen: Seen, names: bool) -> list[str]:
    """What is drawn paler than what is settled: in lines what still fills, in bars also what is to come."""
    buckets = whole_ones(seen) if names else seen.buckets
    is_filling = any(bucket.is_filling and bucket.height for bucket in buckets)
    is_expected = not names and any(bucket.expected for bucket in buckets)
    return [*(["filling"] if is_filling else []), *(["expected"] if is_expected else [])]


def _row(entries: Sequence[Entry], names: bool, apart: int, width: int) -> Line:
    shown: Line = (gap(min(MARGIN, width)),)
    for n, (roles, text) in enumerate(entries):
        swatch = "━━" if names else "██" if len(roles) == 1 else "█"
        swatches = (Span(GHOST * 2, "strong") if role == GHOST else Span(swatch, role) for role in roles)
        shown = (*shown, gap(apart if n else 0), *swatches, foreign(f" {text}", "muted"))
    return shown


def _roles(buckets: Sequence[Bucket]) -> list[str]:
    """What the buckets are made of, in the order in which it is stacked."""
    found = {role for bucket in buckets for _, role in bucket.parts}
    return [role for role in (*ROLES, "bad") if role in found]


def figures(measure: str, step: float, top: float) -> Callable[[float], str]:
    """How the figures of a y axis up to `top` are written: all in one unit with the digits that its step needs."""
    if measure == "cost" and step < 1:
        return partial(usd, digits=max(2, _digits(step)))
    found = (partial(_figure, size, unit, _digits(step / size)) for size, unit in SIZES if size <= max(top, 1.0))
    return min(found, key=lambda figure: len(figure(top)))


def _figure(size: float, unit: str, digits: int, value: float) -> str:
    return f"{value / size:,.{digits}f}{unit}" if value else "0"


def _digits(step: float) -> int:
    """Behind the point, for a step with one digit that is not 0."""
    return max(0, math.ceil(round(-math.log10(step), 6)))


def _mark(seen: Seen, bucket: Bucket) -> str:
    is_loud = seen.measure == "requests" and bucket.failed and bucket.failed >= bucket.requests * LOUD
    return short(bucket.failed) if is_loud else ""


def _value(seen: Seen, bucket: Bucket, role: str) -> float | None:
    """None breaks the line: not read, not over, or a share of nothing."""
    if not _is_over(seen, bucket) or not bucket.is_known or (seen.measure == "cache" and not bucket.requests):
        return None
    return sum(value for value, part in bucket.parts if part == role)


def labels(seen: Seen, count: int, each: float) -> list[tuple[str, str]]:
    """(text, role) below the newest `count` buckets, `each` columns wide; the chosen hour has one whatever is near."""
    starts = [bucket.since for bucket in seen.buckets[-count:]]
    texts = dates(starts, "hour" if seen.step == "hour" else "day", each)
    if seen.chosen in starts:
        at = starts.index(seen.chosen)
        mine = texts[at] or f"{seen.chosen:%H}"
        texts = tuple(
            mine if n == at else "" if -len(text) - 1 < (n - at) * each < len(mine) + 1 else text
            for n, text in enumerate(texts)
        )
    return [(text, _label_role(seen, since)) for text, since in zip(texts, starts, strict=True)]


def _label_role(seen: Seen, since: datetime) -> str:
    return "strong" if since == seen.chosen else "faint" if seen.now and since > seen.now else "muted"
