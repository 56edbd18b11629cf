"""A replay: the moment that is looked at, how one steps from it, and what the lines around the panels say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.model import DAY, HOUR, hour_of
from aigw_tui.tui.lines import Line, Span, fit, gap, right, strong, width_of

FIRST = "nothing older is held"
WIDE, LONGEST_BACK = 60, 14
"""Columns from which the track stands still while the words behind it grow, and how long they become."""
LEAST_TRACK = 8
"""Cells below which a track shows nothing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where one stands in the past."""

    at: datetime
    """A full hour (UTC): of what came later nothing is shown."""
    first: datetime
    """The oldest hour that history holds."""
    note: str = ""
    """What the last key came to, where that is not plain to see."""


def step(moment: Moment | None, by: timedelta, first: datetime | None, now: datetime) -> Moment | None:
    """The moment so much earlier or later, by whole hours; None is now.

    An hour back from now is the last full one, more than an hour is counted from there. No further back than to the end
    of the `first` hour that is held; past now is now.
    """
    full = hour_of(now - datetime.resolution)
    start = moment.at if moment else full + HOUR if by == -HOUR else full
    if first is None or start + by >= now:
        return None
    oldest = first + HOUR
    if oldest >= now:
        return None
    return Moment(max(start + by, oldest), first, FIRST if start + by < oldest else "")


def date_words(at: datetime, now: datetime) -> str:
    """`Mon 23 Nov 13:00`, with the year where it is another one."""
    return f"{at:%a} {at.day} {at:%b} {at:%Y }{at:%H:%M}" if at.year != now.year else f"{at:%a} {at.day} {at:%b %H:%M}"


def back_words(at: datetime, now: datetime) -> str:
    """`5 min back`, `25 h back`, `3 d 2 h back`."""
    minutes = int((now - at) / timedelta(minutes=1))
    hours, days = minutes // 60, minutes // (60 * 24)
    if hours < 48:
        return f"{hours} h back" if hours else f"{minutes} min back"
    return f"{days} d {hours % 24} h back" if hours % 24 else f"{days} d back"


def heads(at: datetime, now: datetime) -> tuple[Line, ...]:
    """What the top line says instead of the state of the instrument, fullest first."""
    sign, word = Span("◂", "warn", bold=True), Span(" REPLAY", "warn", bold=True)
    full, brief = date_words(at, now), f"{at.day} {at:%b %H:%M}"
    return (
        (sign, word, gap(3), strong(full), Span(" UTC", "muted")),
        (sign, word, gap(2), strong(full)),
        (sign, word, gap(2), strong(brief)),
        (sign, gap(1), strong(brief)),
    )


def scrubber(moment: Moment, now: datetime, width: int, news: str = "", has_date: bool = False) -> Line:
    """`16 Nov ━━━━━●─── now   25 h back`: where the moment lies between the first hour that is held and now.

    `news`: what is wrong now, shown behind `now`. `has_date`: also the moment, where no line above says it.
    """
    oldest = f"{moment.first.day} {moment.first:%b}" if now - moment.first > DAY else f"{moment.first:%H:%M}"
    said = moment.note or right(back_words(moment.at, now), LONGEST_BACK if width >= WIDE else 0)
    trouble: Line = (gap(1), Span(news, "bad", bold=True)) if news else ()
    replayed: Line = heads(moment.at, now)[-2] if has_date else ()
    for start, end in (
        ((*replayed, gap(2 if replayed else 0), Span(f"{oldest} ", "muted")), (gap(3), Span(said, "text"))),
        ((*replayed, gap(2 if replayed else 0)), (gap(2), Span(said, "text"))),
        ((*replayed, gap(1 if replayed else 0)), ()),
    ):
        line = (gap(1), *start, Span(" now", "muted"), *trouble, *end)
        if (room := width - width_of(line) - 1) >= LEAST_TRACK:
            place = round((moment.at - moment.first) / (now - moment.first) * (room - 1))
            track = Span("━" * place, "neuron2"), Span("●", "warn"), Span("─" * (room - 1 - place), "faint")
            return fit((gap(1), *start, *track, Span(" now", "muted"), *trouble, *end), width)
    return fit(replayed or (gap(1), Span(said, "text")), width)
