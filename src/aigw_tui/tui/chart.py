"""Line charts by plotext, its only importer, turned into our lines: axes, date labels and dots with roles."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from aigw_tui.tui.lines import Line, Span, fit, gap

LEAST_WIDTH, LEAST_HEIGHT = 16, 4
"""Below this plotext has no room between its axes."""
SGR = re.compile(r"\x1b\[([\d;]*)m")
FOREGROUND = re.compile(r"38;5;(\d+)")
FIRST_CODE = 100
"""Terminal colours that stand for roles on the way through plotext; which ones does not matter."""

Tick = tuple[float, str]
"""(position, label)"""


@dataclass(frozen=True, slots=True)
class Series:
    """One line. A point without a value (or with one that is not finite) breaks it."""

    role: str
    points: tuple[tuple[float, float | None], ...]


@cache
def plotext() -> Any:
    """The library, imported late (it takes 120 ms); None where it cannot be: it has no wheel for every platform."""
    try:
        import plotext as library
    except (ImportError, OSError):
        return None
    library.terminal.limit(False, False)
    return library


def chart(
    series: Sequence[Series],
    width: int,
    height: int,
    across: tuple[float, float],
    top: float,
    dates: Sequence[Tick],
    figures: Sequence[Tick],
    marker: str = "braille",
) -> tuple[Line, ...] | None:
    """`height` lines of `width` cells from 0 to `top`; None where plotext is missing or has no room.

    `marker` is `braille`, or `hd` for fonts without it. `dates` and `figures` are the ticks of the x and y axes.
    """
    library = plotext()
    if (
        library is None
        or width < LEAST_WIDTH
        or height < LEAST_HEIGHT
        or not 0 < top < math.inf
        or across[0] >= across[1]
    ):
        return None
    codes = _Codes(library)
    figure = _figure(library, width, height)
    figure.axes(True, pixel=codes.pixel("edge"), axis="x", side="lower")
    x, y = figure.ruler("x", "lower"), figure.ruler("y", "left")
    x.pixel(codes.pixel("muted")).lim(*across).ticks([at for at, _ in dates], [label for _, label in dates])
    y.pixel(codes.pixel("faint")).lim(0, top).ticks([at for at, _ in figures], [f"{label} " for _, label in figures])
    y.grid(True, pixel=codes.pixel("grid"))
    for one in series:
        _draw(figure, codes, one, across, (0.0, top), marker)
    return _built(figure, codes, width, height)


def dots(
    series: Sequence[Series],
    width: int,
    height: int,
    across: tuple[float, float],
    up: tuple[float, float],
    marker: str = "braille",
) -> tuple[Line, ...] | None:
    """The lines alone, without axes, in `height` lines of `width` cells; None where plotext is missing or has no room.

    The ends of `across` and `up` lie in the middle of the first and the last column and row.
    """
    library = plotext()
    if library is None or width < 2 or height < 1 or across[0] >= across[1] or up[0] >= up[1]:
        return None
    codes = _Codes(library)
    figure = _figure(library, width, height)
    figure.ruler("x", "lower").lim(*across).ticks([], [])
    figure.ruler("y", "left").lim(*up).ticks([], [])
    for one in series:
        _draw(figure, codes, one, across, up, marker)
    return _built(figure, codes, width, height)


def stretches(points: Sequence[tuple[float, float | None]]) -> Iterator[list[tuple[float, float]]]:
    """The unbroken parts of a line, without what plotext chokes on (None, inf, nan)."""
    part: list[tuple[float, float]] = []
    for at, value in points:
        if value is not None and math.isfinite(value) and math.isfinite(at):
            part.append((at, value))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _figure(library: Any, width: int, height: int) -> Any:
    """Empty, without axes."""
    figure = library.figure
    figure.clear.all()
    figure.plot_size(width, height)
    figure.canvas("default")
    figure.axes(False)
    return figure


def _draw(
    figure: Any, codes: _Codes, one: Series, across: tuple[float, float], up: tuple[float, float], marker: str
) -> None:
    for stretch in stretches(one.points):
        signal = figure.signal(
            # clamped: a point far outside its limits makes plotext's C++ abort the process
            [min(max(at, across[0]), across[1]) for at, _ in stretch],
            [min(max(value, up[0]), up[1]) for _, value in stretch],
            marker=codes.marker(marker, one.role),
        )
        figure.draw(signal.lines())


def _built(figure: Any, codes: _Codes, width: int, height: int) -> tuple[Line, ...]:
    rows = figure.build().string().split("\n")
    drawn = [fit(codes.line(row), width) for row in rows[:height]]
    return (*drawn, *((gap(width),) for _ in range(height - len(drawn))))


class _Codes:
    """Roles as terminal colours on the way in, terminal colours as roles on the way out."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self._roles: list[str] = []

    def pixel(self, role: str) -> Any:
        if role not in self._roles:
            self._roles.append(role)
        return self._library.pixel(FIRST_CODE + self._roles.index(role), "default")

    def marker(self, name: str, role: str) -> Any:
        return self._library.marker(name, self.pixel(role))

    def line(self, row: str) -> Line:
        """A row of plotext's output; the text between two escape sequences is one span."""
        spans = []
        role = "text"
        ends = [*SGR.finditer(row)]
        starts = [0, *(found.end() for found in ends)]
        stops = [*(found.start() for found in ends), len(row)]
        for start, stop, escape in zip(starts, stops, (None, *ends), strict=True):
            if escape is not None:
                role = self._role(escape[1], role)
            if start < stop:
                spans.append(Span(row[start:stop], role))
        return tuple(spans)

    def _role(self, codes: str, role: str) -> str:
        if found := FOREGROUND.search(codes):
            number = int(found[1]) - FIRST_CODE
            return self._roles[number] if 0 <= number < len(self._roles) else "text"
        return "text" if codes in ("", "0") else role
