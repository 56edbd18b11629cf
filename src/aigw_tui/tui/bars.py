"""Gauges and bars made of text: eighths and half rows, every part in its role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from aigw_tui.tui.lines import Line, Span, gap

GROUND = "ground"
"""As a background: whoever has no tints may fill the cell, or leave it empty, whichever is nearer."""
EIGHTHS = " ▁▂▃▄▅▆▇█"
LEFT_EIGHTHS = " ▏▎▍▌▋▊▉"
MARK = "┃"
MARK_AT = 0.8
"""Where the limit stands in every gauge, so that two gauges compare."""
BEYOND = {"neuron1": "bad", "dollar2": "bad", "neuron3": "over1", "perhaps": "over2"}
"""What a part of a gauge becomes past the limit."""
AHEAD = "expected"
"""The role of a bar that lies in the future: a thin base line."""


class Bar(NamedTuple):
    """One column of a spark or a chart."""

    value: float | None
    """None: unknown, a gap. 0: a thin base line."""
    role: str = "neuron1"


def mark_at(width: int) -> int:
    """The column of the limit mark in a gauge of `width` cells."""
    return min(round(width * MARK_AT), max(width - 1, 0))


def gauge(
    width: int,
    limit: float,
    used: float,
    sure: float | None = None,
    perhaps: float | None = None,
    *,
    mine: float | None = None,
    rows: int = 2,
) -> tuple[Line, ...]:
    """One or two half rows: used, surely expected up to `sure`, perhaps up to `perhaps`, and the mark at the limit.

    All are totals, `limit` above 0. The mark takes no room on the scale. `mine` is a part of `used`, shown apart.
    """
    parts = [(used, "neuron1")] if mine is None else [(mine, "neuron1"), (used, "dollar2")]
    parts += [(upto, role) for upto, role in ((sure, "neuron3"), (perhaps, "perhaps")) if upto is not None]
    mark = mark_at(width)
    unit = limit / max(mark, 1)
    below = [_part(parts, n, unit) or "free" for n in range(mark)]
    above = [BEYOND.get(_part(parts, n, unit), "") for n in range(mark, width - 1)]
    roles = [*below, MARK, *above][:width]
    return tuple(_gauge_row(roles, "bad" if used >= limit else "strong", half) for half in ("▄", "▀")[:rows])


def spark(bars: Sequence[Bar], width: int, height: int = 1, top: float | None = None) -> tuple[Line, ...]:
    """Bars side by side in exactly `width` × `height` cells, each as wide as all of them allow.

    Heights are proportional to `top` (default: the largest value); one row is filled to seven eighths at the most.
    When there are more bars than cells the newest stay; whoever has more should group them first.
    """
    shown = list(bars)[-width:] if width else []
    columns = max(width // len(shown), 1) if shown else 1
    highest = max((bar.value or 0.0 for bar in shown), default=0.0) if top is None else top
    full = 7 if height == 1 else 8 * height
    levels = [_level(bar.value, highest, full) for bar in shown]
    rows = []
    for floor in range(8 * (height - 1), -1, -8):
        cells = [_cell(bar, level, floor) for bar, level in zip(shown, levels, strict=True) for _ in range(columns)]
        rows.append((*joined(cells), gap(width - len(cells))) if len(cells) < width else joined(cells))
    return tuple(rows)


def spark2(bars: Sequence[Bar], width: int, top: float | None = None) -> tuple[Line, ...]:
    """Two rows high, as in the tiles."""
    return spark(bars, width, 2, top)


def part_bar(part: float | None, width: int, role: str = "neuron1") -> Line:
    """A share of the width in eighths of a cell; whatever is above 0 shows."""
    eighths = 0 if part is None else max(round(part * width * 8), 1 if part > 0 else 0)
    full, rest = divmod(min(eighths, width * 8), 8)
    cells = [("█", role)] * full + ([(LEFT_EIGHTHS[rest], role)] if rest else [])
    return joined([*cells, *[(" ", "text")] * (width - len(cells))])


def major(span: Span) -> str:
    """The role that fills more of a cell of two layers; failures count twice, and the lower layer wins a tie."""
    below = EIGHTHS.index(span.text[0]) if span.text[:1] in EIGHTHS[1:] else 4  # `▀` is half a cell too
    return span.role if below * _weight(span.role) >= (8 - below) * _weight(span.on) else span.on


def joined(cells: Iterable[tuple[str, str]]) -> Line:
    """(character, role) pairs as a line with as few spans as roles change."""
    return tuple(Span("".join(text for text, _ in run), role) for role, run in groupby(cells, lambda cell: cell[1]))


def _part(parts: Iterable[tuple[float, str]], cell: int, unit: float) -> str:
    """The role of the first part that reaches this cell's middle; the first cell shows whatever is there at all."""
    for upto, role in parts:
        if upto > (cell + 0.5) * unit or (cell == 0 and upto > 0):
            return role
    return ""


def _gauge_row(roles: Iterable[str], mark: str, half: str) -> Line:
    cells = joined((MARK, mark) if role == MARK else (half, role) if role else (" ", "text") for role in roles)
    return tuple(span._replace(on=GROUND) if span.text[0] == half else span for span in cells)


def _weight(role: str) -> int:
    return 2 if role.startswith("bad") else 1


def _level(value: float | None, highest: float, full: int) -> int | None:
    """Eighths of a cell; whatever is above 0 shows."""
    if value is None:
        return None
    if value <= 0 or highest <= 0:
        return 0
    return min(max(round(value / highest * full), 1), full)


def _cell(bar: Bar, level: int | None, floor: int) -> tuple[str, str]:
    if level is None or (level == 0 and floor):
        return " ", "text"
    if level == 0:
        return EIGHTHS[1], "grid" if bar.role == AHEAD else "edge"
    return EIGHTHS[max(0, min(level - floor, 8))], bar.role
