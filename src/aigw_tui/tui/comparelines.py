"""How two counts are drawn beside each other: the verdict, the ratio over the day, and what makes up the gap."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

from aigw_tui.format import UNKNOWN, clean, short, whole
from aigw_tui.insight.comparing import Point, Verdict
from aigw_tui.insight.gap import Reason
from aigw_tui.model import HOUR, day_of
from aigw_tui.tui.chart import LEAST_HEIGHT, LEAST_WIDTH, Series, chart
from aigw_tui.tui.lines import Line, Span, gap, right, strong, width_of
from aigw_tui.tui.tiles import ends, explained, first_fit, words

ROLES = {"agrees": "good", "drifts": "warn", "cannot tell": "muted"}
MARKS = {"agrees": "✓ agrees", "drifts": "▲ drifts", "cannot tell": "cannot tell"}
CHART_FROM, SMALLEST, TALLEST = 12, 6, 14
"""Rows from which there is room for the curve, and how many it has."""
LABEL = 4
"""Columns of the curve's figures."""
SIGNED = 8
"""Columns of a reason's neurons."""
LEAST_WORDS = 20
MOST = 1e9
"""A ratio beyond is drawn at the top."""
WIDE = 3.0
EVERY = 3
"""Hours between two labels below the curve."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One account's comparison."""

    verdict: Verdict = "cannot tell"
    why: str = ""
    remedy: str = ""
    point: Point | None = None
    curve: tuple[Point, ...] = ()
    reasons: tuple[Reason, ...] = ()
    tolerance: float = 0.1
    account: str = ""
    """Whose it is, where several have a counter."""
    empty: str = ""
    """Why there is nothing to show."""


def lines(seen: Seen, width: int, height: int) -> list[Line]:
    """At most `height` lines of at most `width` cells."""
    found = [headline(seen, width)]
    said = f"{clean(seen.why)} → {clean(seen.remedy)}" if seen.remedy else clean(seen.why)
    found += explained(width, min(2, height - 1), said)
    if seen.point is None:
        return found[:height]
    room = height - len(found)
    if height >= CHART_FROM and seen.curve:
        rows = min(max(room - len(seen.reasons) - 4, SMALLEST), TALLEST)
        if drawn := curve(seen, width, rows):
            found += [(), first_fit(width, words("the Worker's count over Cloudflare's, by hour (UTC)"), ()), *drawn]
    if height - len(found) >= 3:
        found.append(())
    return (found + reasons(seen, width, height - len(found)))[:height]


def headline(seen: Seen, width: int) -> Line:
    """`▲ drifts  0.82 times` and both counts."""
    verdict = strong(MARKS[seen.verdict], ROLES[seen.verdict])
    point = seen.point
    if point is None:
        return ends(width, [(verdict,), ()])
    about = "~" if point.is_estimate else ""
    ratio = UNKNOWN if point.ratio is None else f"{about}{point.ratio:.2f}"
    lefts: list[Line] = [(verdict, Span(f"  {ratio} times", "text")), (strong(ratio, ROLES[seen.verdict]),), ()]
    counts = [f"{about}{form(point.worker)} against {form(point.measured)}" for form in (whole, short)]
    rights = [words(f"{counts[0]} neurons"), *map(words, counts)]
    return ends(width, lefts, rights)


def curve(seen: Seen, width: int, height: int) -> tuple[Line, ...] | None:
    """The ratio at the end of every hour between the ends of what still agrees; None where it cannot be drawn."""
    known = [(point.at, point.ratio) for point in seen.curve if point.ratio is not None]
    if not known or width < LEAST_WIDTH + LABEL or height < LEAST_HEIGHT:
        return None
    low, high = max(1 - seen.tolerance, 0.0), 1 + seen.tolerance
    ratios = [ratio for _, ratio in known]
    ground, top = (min(edge, MOST) for edge in _ends(min(*ratios, low), max(*ratios, high)))
    midnight = day_of(known[0][0] - HOUR)
    points = tuple(((at - midnight) / HOUR, min(ratio, MOST) - ground) for at, ratio in known)
    if len(points) == 1:  # a line needs two ends
        points = ((points[0][0] - 0.5, points[0][1]), points[0])
    series = [Series("faint", ((0.0, end - ground), (24.0, end - ground))) for end in (low, high)]
    series.append(Series(ROLES[seen.verdict] if seen.verdict != "cannot tell" else "neuron1", points))
    dates = [(float(hour), f"{hour:02d}") for hour in range(0, 24, EVERY)]
    figures = [(value - ground, right(_figure(value), LABEL)) for value in dict.fromkeys((ground, 1.0, top))]
    return chart(series, width, height, (0.0, 24.0), top - ground, dates, figures)


def _ends(least: float, most: float) -> tuple[float, float]:
    """Of the scale: tenths, or whole ones where the range is wide; not from 0 on, as a ratio of 1 is its middle."""
    step = 0.1 if most < WIDE else 1.0
    return max(math.floor(least / step - 0.5), 0) * step, math.ceil(most / step + 0.5) * step


def reasons(seen: Seen, width: int, height: int) -> list[Line]:
    """What makes up the gap, those with neurons first; words are wrapped, and left out from the end."""
    found: list[Line] = []
    for reason in seen.reasons:
        signed = "" if reason.neurons is None else _signed(reason.neurons)
        place = SIGNED if width >= SIGNED + 1 + LEAST_WORDS else 0
        parts = textwrap.wrap(clean(reason.words), width - place - (1 if place else 0)) if width > 0 else []
        if len(found) + len(parts) > height:
            break
        for n, part in enumerate(parts):
            figure = Span(right(signed if n == 0 else "", place), "text") if place else gap(0)
            found.append((figure, gap(1 if place else 0), Span(part, "muted")))
    return [line for line in found if width_of(line) <= width]


def _figure(value: float) -> str:
    return f"{value:.1f}" if value < 100 else short(value)


def _signed(value: float) -> str:
    rounded = round(value)
    if len(text := f"{rounded:+,}") <= SIGNED:
        return text if rounded else "0"
    return f"{'+' if rounded > 0 else '-'}{short(abs(value))}"
