"""What the tiles share: the fullest line that fits, both ends of a line, a chart over its axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aigw_tui.tui.bars import spark
from aigw_tui.tui.dates import dates
from aigw_tui.tui.lines import Line, Span, gap, line, width_of
from aigw_tui.tui.series import Moment, Series
from aigw_tui.tui.words import PAUSED, PROMISES, paragraph

if TYPE_CHECKING:
    from aigw_tui.tui.scene import Area


def first_fit(width: int, *choices: Line) -> Line:
    """The first of the choices, fullest first, that fits whole; nothing when none does."""
    return next((choice for choice in choices if width_of(choice) <= width), ())


def ends(width: int, lefts: Sequence[Line], rights: Sequence[Line] = (), on: str = "") -> Line:
    """The fullest left and right end that fit together with a space between; the right end gives way first."""
    for at_left in lefts:
        for at_right in (*rights, ()):
            space = width - width_of(at_left) - width_of(at_right)
            if space >= (1 if at_right else 0):
                return (*at_left, gap(space, on), *at_right) if space else (*at_left, *at_right)
    return (gap(width, on),) if width else ()


def words(text: str) -> Line:
    """A line in which figures stand out: what holds a digit is text, the rest muted."""
    parts = text.split(" ")
    spans = [Span(part, "text" if any(char.isdigit() for char in part) else "muted") for part in parts]
    return line(*(item for n, span in enumerate(spans) for item in ((" ", span) if n else (span,))))


def explained(width: int, height: int, *texts: str) -> tuple[Line, ...]:
    """The first of the texts that fits whole; when none does, what has room of the last."""
    lines: tuple[Line, ...] = ()
    for text in texts:
        lines = paragraph(text, width, height + 1)
        if len(lines) <= height:
            return lines
    return lines[: max(height, 0)]


def hint(text: str, area: Area) -> str:
    """With a person's own keys; while the screen is paused, nothing that is promised will be seen here."""
    return area.keys.said(PAUSED if area.is_paused and text.endswith(PROMISES) else text)


def reason(text: str, area: Area) -> tuple[Line, ...]:
    """Why there is nothing to show, with a person's own keys; where it is small, what stands before the semicolon."""
    said = hint(text, area)
    return explained(area.width, area.height, said, said.partition(";")[0])


def chart(
    series: Series, figure: Callable[[Moment], float | None], role: Callable[[Moment], str], width: int, height: int
) -> tuple[Line, ...]:
    """Bars over an axis in exactly `height` rows; without the axis where there is no room for both."""
    if height < 3:
        return spark(series.bars(width, figure, role), width, max(height, 0))
    return (*spark(series.bars(width, figure, role), width, height - 1), axis(series, width))


def axis(series: Series, width: int) -> Line:
    """Labels under the bars of a spark of the same width, at a constant step; one that passes the edge is left out."""
    moments = series.grouped(width)
    columns = max(width // len(moments), 1) if moments else 1
    text = ""
    for n, label in enumerate(dates([moment.start for moment in moments], series.unit, columns)):
        if label and n * columns + len(label) <= width:
            text = text.ljust(n * columns) + label
    return (Span(text.ljust(width), "muted"),) if width else ()
