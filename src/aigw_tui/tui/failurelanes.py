"""Failures over time: a lane for each status, and for each of Workers AI's own codes."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.format import short, whole
from aigw_tui.insight.codes import in_words
from aigw_tui.tui.lines import Line, Span, foreign, gap, left, right
from aigw_tui.tui.scene import Area
from aigw_tui.tui.series import Moment, Series
from aigw_tui.tui.tiles import axis

LABEL = 12
"""Cells of a lane's name: `429 limited`."""
LONGEST_LABEL = 36
"""The same where there is a code with words."""
LEAST_COLUMN, WIDEST_COLUMN = 2, 4
"""Cells of an hour."""
SPACED_FROM = 18
"""Rows from which lanes have an empty line between them."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One status over time, or one of Workers AI's codes."""

    status: str
    is_limited: bool
    hours: Series
    """(requests,) of each hour or day."""
    count: int
    is_code: bool = False

    @property
    def name(self) -> str:
        return called(in_words(self.status) if self.is_code else self.status, self.is_limited)


def chosen(lanes: tuple[Lane, ...], most: int) -> tuple[Lane, ...]:
    """The first so many; where that would leave no code at all, the last of them is the first code."""
    shown = lanes[:most]
    codes = [lane for lane in lanes if lane.is_code]
    if most < 2 or not codes or shown[-1].is_code:
        return shown
    return (*shown[:-1], codes[0])


def lane_lines(lanes: tuple[Lane, ...], area: Area) -> list[Line]:
    """An axis, and below it each status with a count in every hour that has some."""
    least = LEAST_COLUMN * len(lanes[0].hours.moments)
    longest = LABEL if not any(lane.is_code for lane in lanes) else min(max(LABEL, area.width - least), LONGEST_LABEL)
    label = min(max(len(lane.name) for lane in lanes) + 2, longest)
    room = area.width - label
    moments = [lane.hours.grouped(room // LEAST_COLUMN) for lane in lanes]
    column = min(room // max(len(moments[0]), 1), WIDEST_COLUMN)
    scale = Series(lanes[0].hours.unit, moments[0])
    lines: list[Line] = [(gap(label), *axis(scale, column * len(moments[0])))]
    for lane, own in zip(lanes, moments, strict=True):
        name = status_of(lane.name, lane.is_limited, label - 1)
        lines.append((*name, gap(1), *(span for moment in own for span in _cell(moment, column, lane.is_limited))))
        if area.height >= SPACED_FROM:
            lines.append(())
    return lines if area.height >= SPACED_FROM else [*lines, ()]


def called(status: str, is_limited: bool) -> str:
    return foreign(status or "no status").text + (" limited" if is_limited else "")


def status_of(name: str, is_limited: bool, width: int) -> Line:
    """`429 limited`: the code stands out, the word does not."""
    code, space, rest = left(name, width).partition(" ")
    return (Span(code, "warn" if is_limited else "text"), Span(space + rest, "muted"))


def _cell(moment: Moment, column: int, is_limited: bool) -> Line:
    """The count under its hour's label; a bare mark where it has no room, nothing for what is unknown or ahead."""
    if moment.state in ("ahead", "unknown"):
        return (gap(column),)
    count = moment.values[0]
    if not count:
        return (Span(right("·", LEAST_COLUMN) + " " * (column - LEAST_COLUMN), "faint"),)
    longest = column - 1 if column > LEAST_COLUMN else column
    text = next((form for form in (whole(count), short(count)) if len(form) <= longest), "▲")
    role, band = ("warn", "warnband") if is_limited else ("bad", "badband")
    text, is_final = right(text, LEAST_COLUMN), moment.state == "settled"
    return (Span(text, role, band if is_final else "", bold=is_final), gap(column - len(text)))
