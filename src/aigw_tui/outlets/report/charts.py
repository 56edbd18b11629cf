"""Charts of a report as inline SVG: well-formed, without scripts, and named for who cannot see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import accumulate

from aigw_tui.format import short
from aigw_tui.insight.daily import NeuronDay
from aigw_tui.outlets.report.colors import BLUE, FAINT, INK, RED

WIDTH = 592
LEFT = 44
"""Room for the scale."""
FOOT = 18
"""Room for the hours or days."""
HEAD = 14
GAP = 0.22
"""Of a bar's place that stays free."""
Scale = Callable[[float], str]
"""Writes the highest value beside the chart."""


def curve(day: NeuronDay) -> str:
    """The neurons used since 00:00, hour by hour, and the limit as a dashed line."""
    known = _up_to_the_last(day.hours)
    totals = [0.0, *accumulate(value or 0.0 for value in known)]
    top = max(*totals, day.limit, 1.0) * 1.04
    height = 150
    points = [(_x(n, 24), _y(value, top, height)) for n, value in enumerate(totals)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    base = _y(0, top, height)
    limit = _y(day.limit, top, height)
    is_over = totals[-1] >= day.limit
    color, kind = (RED, "bad-line") if is_over else (BLUE, "line")
    outline = f"{LEFT},{base:.1f} {line} {points[-1][0]:.1f},{base:.1f}"
    area = "bad-area" if is_over else "area"
    parts = [
        _rule(base),
        f'<polygon class="{area}" fill="{color}" fill-opacity="0.15" points="{outline}"/>',
        f'<polyline class="{kind}" fill="none" stroke="{color}" stroke-width="2" points="{line}"/>',
        _rule(limit, "limit", f'stroke="{RED}" stroke-width="1.5" stroke-dasharray="5 4"'),
        _label(WIDTH, limit - 4 if limit > 16 else limit + 13, f"limit {short(day.limit)}", "end"),
        _label(LEFT - 6, base, "0", "end"),
        *_hours(height),
    ]
    return _svg(height, f"Neurons used since 00:00 UTC: {short(totals[-1])} of {short(day.limit)}", parts)


def bars(
    values: Sequence[float | None], labels: Sequence[str], name: str, scale: Scale = short, height: int = 90
) -> str:
    """A bar a value, a dot where it is unknown; `labels`: below the bars, as many as there is room for."""
    top = max((value for value in values if value is not None), default=0.0)
    base = _y(0, 1, height)
    place = (WIDTH - LEFT) / max(len(values), 1)
    parts = [_rule(base), _label(LEFT - 6, HEAD + 4, scale(top), "end"), _label(LEFT - 6, base, "0", "end")]
    for n, value in enumerate(values):
        x = LEFT + place * (n + GAP / 2)
        if value is None:
            parts.append(f'<circle class="ink" fill="{INK}" cx="{x + place * 0.39:.1f}" cy="{base - 4:.1f}" r="1.5"/>')
        elif value > 0:
            y = _y(value, top, height)
            size = f'x="{x:.1f}" y="{y:.1f}" width="{place * (1 - GAP):.1f}" height="{max(base - y, 0.5):.1f}"'
            parts.append(f'<rect class="bar" fill="{BLUE}" {size}/>')
    step = -(-len(labels) // 8) if labels else 1
    parts += [
        _label(LEFT + place * (n + 0.5), height, label, "middle") for n, label in enumerate(labels) if n % step == 0
    ]
    return _svg(height, name, parts)


def _up_to_the_last(hours: Sequence[float | None]) -> Sequence[float | None]:
    last = max((n for n, value in enumerate(hours) if value is not None), default=-1)
    return hours[: last + 1]


def _svg(height: int, name: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(name)}" width="100%"'
        f' viewBox="0 0 {WIDTH} {height + 4}" style="display:block;max-width:{WIDTH}px">'
        f"<title>{escape(name)}</title>{''.join(parts)}</svg>"
    )


def _x(place: float, count: int) -> float:
    return LEFT + (WIDTH - LEFT) * place / count


def _y(value: float, top: float, height: int) -> float:
    return HEAD + (height - HEAD - FOOT) * (1 - value / top)


def _rule(y: float, kind: str = "rule", look: str = f'stroke="{FAINT}"') -> str:
    return f'<line class="{kind}" {look} x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _label(x: float, y: float, text: str, anchor: str) -> str:
    place = f'text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}"'
    return f'<text class="ink" fill="{INK}" font-size="11" {place}>{escape(text)}</text>'


def _hours(height: int) -> Iterator[str]:
    for hour in range(0, 25, 6):
        anchor = "start" if hour == 0 else "end" if hour == 24 else "middle"
        yield _label(_x(hour, 24), height, f"{hour:02d}:00", anchor)
