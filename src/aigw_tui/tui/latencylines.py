"""How latency is drawn: the figures, lines of p50 and p90 over time, and a table with the slowest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from aigw_tui.format import UNKNOWN, clean, duration, short, whole
from aigw_tui.tui.bars import Bar, joined, spark
from aigw_tui.tui.columns import Column, Figure, arrange
from aigw_tui.tui.foot import foot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, gap, left, line, strong, told_apart, width_of
from aigw_tui.tui.logchart import Across, Curve, logchart, place
from aigw_tui.tui.scene import Area
from aigw_tui.tui.sorting import Sorting, headed, name_head
from aigw_tui.tui.tiles import ends, first_fit, reason, words

CHART_FROM, LEAST_CHART = 12, 5
"""Rows from which there is room for the lines, and how many they need."""
NOTED_FROM, SPACED_FROM = 5, 9
"""Rows from which there is a note, and an empty line, below the headline."""
LEAST_NAME, WIDEST_NAME = 12, 40
PROVIDER = 18
PROVIDER_FROM, RANGE_FROM = 72, 104
"""Columns from which a row has its provider, and its range as a line."""
APART = 4
"""Columns between the figures and the range."""
LEAST_RANGE = 10
"""Columns of a range that are worth looking at."""
P50, P90 = "dollar1", "neuron1"
"""The roles of the two lines."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long requests took, in ms. None is unknown."""

    requests: int | None = None
    p50: float | None = None
    p90: float | None = None
    p99: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table: a model, or an account where there are several."""

    name: str
    provider: str
    times: Times
    narrow: tuple[tuple[str, str], ...]


SORTINGS = (
    Sorting("m", "model", lambda entry: entry.name.casefold()),
    Sorting("v", "provider", lambda entry: entry.provider.casefold()),
    Sorting("r", "requests", lambda entry: entry.times.requests),
    Sorting("h", "p50", lambda entry: entry.times.p50),
    Sorting("n", "p90", lambda entry: entry.times.p90),
    Sorting("l", "p99", lambda entry: entry.times.p99),
)
"""Of an `Entry`; where accounts are the rows, they are sorted as models are."""
UNKNOWN_TIMES = Times()
NO_TIME = Across((), "hour", ())


@dataclass(frozen=True, slots=True)
class Seen:
    """The scope's times, over time, and the visible rows of the table."""

    all: Times = UNKNOWN_TIMES
    by: str = "model"
    """What a row is: `model` or `account`."""
    entries: tuple[Entry, ...] = ()
    count: int = 0
    """Rows before scrolling."""
    top: int = 0
    range: tuple[float, float] | None = None
    """The ends of the scale that the rows' ranges have in common, in ms."""
    across: Across = NO_TIME
    over_time: tuple[Times, ...] = ()
    """Of each hour or day of `across`."""
    period: str = ""
    """What the figures are of: `today`, or how far back they reach."""
    note: str = ""
    """What to know about the figures; its first part, up to `;`, is enough."""
    empty: str = ""
    """Why there is nothing to show."""


def share(area: Area, rows: int, has_chart: bool, has_note: bool) -> tuple[int, int]:
    """Lines for the chart, and visible rows of the table: the chart has half, and what the table leaves."""
    body = area.height - _above(area, has_note)
    chart = 0
    if has_chart and area.height >= CHART_FROM:
        chart = max(body // 2, body - 2 - rows, LEAST_CHART)
    return chart, max(body - chart - bool(chart) - 1, 0)


def drawing(seen: Seen, area: Area) -> Drawing:
    has_note = bool(seen.note and seen.entries)
    chart, _ = share(area, seen.count, bool(seen.over_time), has_note)
    above = _above(area, has_note)
    lines: list[Line] = [headline(seen, area.width)]
    if has_note and above > 1:
        note = area.keys.said(seen.note)
        lines.append(first_fit(area.width, words(note), words(note.rpartition("; ")[2])))
    lines += [()] * (above - len(lines))
    if chart:
        lines += [*_chart(seen, area.width, chart), ()]
    hidden: tuple[str, ...] = ()
    first = len(lines) + 1
    if seen.entries:
        table, hidden = _table(seen, area)
        lines += table
    else:
        lines += reason(seen.note, replace(area, height=area.height - len(lines)))
    aside = f"by {seen.across.unit}, UTC, log scale{'; paler: filling' if True in seen.across.filling else ''}"
    return Drawing(
        tuple(lines[: area.height]),
        line(aside if chart else ""),
        foot(area.width, seen.top, len(seen.entries), seen.count, hidden),
        first=first if seen.entries else None,
    )


def headline(seen: Seen, width: int) -> Line:
    """`p50 840 ms   p90 2.1 s   p99 6.4 s`, and what they are of."""
    named = (("p50", seen.all.p50), ("p90", seen.all.p90), ("p99", seen.all.p99))
    figures = [_figures(named[:count], apart) for count in (3, 2, 1) for apart in (3, 2)]
    counts = [f"{form(seen.all.requests)} requests" for form in (whole, short) if seen.all.requests is not None]
    told = [f"{count}, {seen.period}" for count in counts] + [seen.period]
    return ends(width, figures, [line(gap(2), text) for text in (*told, *counts[1:]) if text])


def _above(area: Area, has_note: bool) -> int:
    """Rows above chart and table: the headline, the note, and an empty one."""
    return 1 + (has_note and area.height >= NOTED_FROM) + (area.height >= SPACED_FROM)


def _figures(named: Sequence[tuple[str, float | None]], apart: int) -> Line:
    parts: list[Span] = []
    for name, value in named:
        parts += [gap(apart if parts else 0), Span(f"{name} ", "muted"), strong(duration(value))]
    return line(*parts)


def _chart(seen: Seen, width: int, height: int) -> tuple[Line, ...]:
    """Both lines; bars of p90 where no lines can be drawn."""
    curves = (
        Curve("p90", P90, tuple(times.p90 for times in seen.over_time)),
        Curve("p50", P50, tuple(times.p50 for times in seen.over_time)),
    )
    drawn = logchart(curves, seen.across, width, height, duration, lambda ms: duration(ms).replace(".0 ", " "))
    if drawn is None:
        bars = [Bar(value, P90) for value in curves[0].values]
        drawn = ((Span(left("p90", width), "muted"),), *spark(bars, width, height - 1))
    return drawn


def _table(seen: Seen, area: Area) -> tuple[list[Line], tuple[str, ...]]:
    """Requests and times of each row, and where there is room a line from p50 over p90 to p99; and what is hidden."""
    times = [entry.times for entry in seen.entries]
    columns = (
        Column("requests", "requests", tuple(_count(one.requests) for one in times), 2, 8),
        Column("p50", "p50", tuple(_time(one.p50) for one in times), 3, 7),
        Column("p90", "p90", tuple(_time(one.p90, "strong") for one in times), 4, 7),
        Column("p99", "p99", tuple(_time(one.p99) for one in times), 1, 7),
    )
    beside = PROVIDER if area.width >= PROVIDER_FROM and seen.by == "model" else 0
    figures = arrange(headed(columns, area.sort, SORTINGS), area.width - LEAST_NAME - beside, gap=2)
    room = max(area.width - figures.width - beside, 0)
    longest = max(cell_len(clean(entry.name)) for entry in seen.entries)
    strip = room - min(longest, WIDEST_NAME) - APART
    strip = strip if area.width >= RANGE_FROM and strip >= LEAST_RANGE else 0
    name = room - strip - APART if strip else room
    called_by = name_head("provider", "provider", area.sort)
    provider = (gap(2), Span(left(called_by, beside - 2), "muted", act="sort provider")) if beside else ()
    key = (gap(APART), *_key(strip)) if strip else ()
    title = Span(left(name_head(seen.by, "model", area.sort), name), "muted", act="sort model")
    lines: list[Line] = [(title, *provider, *figures.heads(), *key)]
    names = told_apart([clean(entry.name) for entry in seen.entries], name)
    for number, entry in enumerate(seen.entries):
        on = "cursor" if area.is_focused and area.cursor == entry.narrow else ""
        if beside:
            provider = (gap(2, on), Span(left(clean(entry.provider), beside - 2), "muted", on))
        ranged = (gap(APART, on), *_range(entry.times, seen.range, strip, on)) if strip else ()
        called = Span(left(names[number], name), "text", on)
        lines.append((called, *provider, *figures.row(number, on), *ranged))
    return lines, figures.hidden


def _key(width: int) -> Line:
    """What the parts of a range stand for."""
    parts = (Span("━━", P90), Span(" p50 to p90 ", "muted"), Span("──", "neuron3"), Span(" to p99", "muted"))
    return parts if width_of(parts) <= width else ()


def _range(times: Times, among: tuple[float, float] | None, width: int, on: str) -> Line:
    """From p50 to p90 thick, on to p99 thin, on a log scale."""
    if among is None or times.p50 is None or times.p90 is None or width < 2:
        return (gap(width, on),)
    known = [time for time in (times.p50, times.p90, times.p99) if time is not None]
    at = [round(place(time, among) * (width - 1)) for time in known]
    cells = [
        ("━", P90) if at[0] <= cell <= at[1] else ("─", "neuron3") if at[1] < cell <= at[-1] else (" ", "text")
        for cell in range(width)
    ]
    return tuple(span._replace(on=on) for span in joined(cells))


def _count(value: int | None) -> Figure:
    return Figure(whole(value), short(value), "text" if value else "faint")


def _time(ms: float | None, role: str = "text") -> Figure:
    text = duration(ms)
    return Figure(text, text, "faint" if text == UNKNOWN else role)
