"""How the last hour is drawn: a bar a minute, what its colours mean, and what the hour came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from aigw_tui.format import age, clock, percent, whole
from aigw_tui.format import fit as fit_figure
from aigw_tui.insight.pulse import MINUTES, Minute, Pulse
from aigw_tui.insight.standing import rate
from aigw_tui.tui.bars import Bar as Spark
from aigw_tui.tui.bars import spark
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, fit, gap, left, line, plain, right, strong, width_of
from aigw_tui.tui.panels.health import ALARMING, LEAST_REQUESTS
from aigw_tui.tui.scene import Area
from aigw_tui.tui.stack import MARGIN, ROWS_A_TICK, Bar, columns, stack
from aigw_tui.tui.tiles import ends, first_fit, words
from aigw_tui.tui.trafficlines import figures

BESIDE_TITLE = 10
"""Columns of the border that are neither aside nor walls."""
FAILED = "×"
"""Above a minute in which something failed."""
FACTS, APART = 30, 3
"""Columns of the hour's figures beside the chart, and before them."""
NUMBER = 9
AXIS = MARGIN + 1
"""Columns of the chart that are no bars."""
LEAST_BARS = 12
"""With fewer beside it the axis gives way."""
LEAST_ROWS, MOST_ROWS = 9, 20
"""Of the chart, where there is room: as many as the figures beside it have; higher bars would say nothing more."""
SPACED_FROM = 12
"""Rows from which empty lines stand around the chart, and its colours are explained."""
LABELLED, LABEL = (5, 10, 15, 20, 30), 6
"""Minutes between two labels, and the columns of one with its space."""
WIDER = (
    "▲ minutes are known by gateway alone: these are of every provider, model and status",
    "▲ by gateway alone: every provider, model and status",
    "▲ every model and status",
    "▲ wider",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The hour, and what holds for it."""

    pulse: Pulse
    is_wider: bool = False
    """The scope is narrower than minutes are known."""
    empty: str = ""
    """Why there is nothing to show."""


class Shape(NamedTuple):
    """How the width is shared out."""

    chart: int
    """Columns, with its axis."""
    shown: int
    """Minutes, the newest."""
    has_facts: bool
    """There is room for figures beside the chart."""


def shape(width: int) -> Shape:
    axis = AXIS if width >= AXIS + LEAST_BARS else 0
    each = columns(MINUTES, width - axis)
    shown = max(min(MINUTES, width - axis), 0)
    chart = axis + shown * each
    return Shape(chart, shown, width - chart - APART >= FACTS)


def drawing(seen: Seen, area: Area) -> Drawing:
    """Headline, chart and legend; the hour's figures beside the chart, or in one line below it."""
    width, height, pulse = area.width, area.height, seen.pulse
    chart, shown, has_facts = shape(width)
    is_spaced = height >= SPACED_FROM
    above = [headline(pulse, width)]
    facts = _facts(pulse) if has_facts and height >= LEAST_ROWS + 5 else []
    if seen.is_wider and height > 2:
        above.append(first_fit(width, *((Span(text, "warn"),) for text in WIDER)))
    below = [first_fit(width, *_in_a_line(pulse))] if height >= 4 and not facts else []
    busiest = pulse.peak.requests or 0 if pulse.peak else 0
    needed = ROWS_A_TICK * (busiest + 1) + 1
    rows = min(height - len(above) - len(below) - (3 if is_spaced else 0), max(needed, LEAST_ROWS), MOST_ROWS)
    drawn = bars(pulse.minutes[MINUTES - shown :], chart, rows)
    legend_ = legend(pulse, width, has_word="filling" in plain(drawn))
    if facts:
        facts += [()] * rows
        drawn = tuple((*fit(row, chart), gap(APART), *fact) for row, fact in zip(drawn, facts, strict=False))
    space: list[Line] = [()] if is_spaced else []
    lines = [*above, *space, *drawn, *([legend_] if is_spaced else []), *(space if below else []), *below]
    return Drawing(tuple(lines[: max(height, 0)]), _aside(shown, width))


def _aside(shown: int, width: int) -> Line:
    unit, cut = "requests by minute, UTC", f"newest {shown} of {MINUTES}"
    texts = (unit,) if shown == MINUTES else (f"{unit}, {cut}", f"{cut} minutes", cut)
    return first_fit(width - BESIDE_TITLE, *(line(text) for text in texts))


def headline(pulse: Pulse, width: int) -> Line:
    """`2.4 requests a minute until 13:58   4.6 % failed`, and how late the newest minute is."""
    found, share = pulse.rate, rate((pulse.errors, pulse.requests))
    is_loud = (pulse.requests or 0) >= LEAST_REQUESTS and (share or 0.0) > ALARMING
    failed = (gap(3), strong(percent(share), "bad" if is_loud else "strong"), Span(" failed", "muted"))
    value = strong(_about(pulse, _a_minute(found[0])) if found else "–")
    until = f" a minute until {clock(found[1])}" if found else " a minute"
    units = (f" requests{until}", until, " a minute", "")
    lefts = [
        *((value, Span(unit, "muted"), *failed) for unit in units[:2]),
        *((value, Span(unit, "muted")) for unit in units),
    ]
    at, late = clock(pulse.newest), f"{age(pulse.minutes[-1].start - pulse.newest)} ago" if pulse.newest else ""
    rights = [line(text) for text in (f"counted up to {at}, {late}", f"{at}, {late}", late)] if late else []
    both = ((one, other) for one in lefts for other in rights if width_of((*one, *other)) + 2 <= width)
    return next((ends(width, [one], [other]) for one, other in both), ends(width, lefts))


def bars(minutes: Sequence[Minute], width: int, height: int) -> tuple[Line, ...]:
    """`height` lines, the last of them the clock's; where it is low only bars."""
    if height < 3:
        return spark(
            [Spark(one.requests, _role(one, "bad" if one.errors else "neuron1")) for one in minutes],
            width,
            max(height, 0),
        )
    return stack([_bar(one) for one in minutes], width, height, partial(figures, "requests"), partial(_labels, minutes))


def legend(pulse: Pulse, width: int, *, has_word: bool) -> Line:
    """What the colours stand for, as much of it as fits; what fills is left out where the chart says so."""
    known = pulse.known
    entries: list[Line] = [(Span("██", "neuron1"), Span(" answered", "muted"))]
    entries += [(Span("██", "bad"), Span(f" failed {FAILED}", "muted"))] if pulse.errors else []
    is_filling = any(one.is_filling and one.requests for one in known) and not has_word
    entries += [(Span("██", "neuron1:filling"), Span(" filling", "muted"))] if is_filling else []
    entries += [(Span("–", "faint"), Span(" not counted yet, or never read", "muted"))] if len(known) < MINUTES else []
    rows = (sum(((*entry, gap(3)) for entry in entries[n:]), (gap(MARGIN),)) for n in range(len(entries)))
    return first_fit(width, *rows)


def _bar(minute: Minute) -> Bar:
    failed = min(minute.errors or 0, minute.requests or 0)
    parts = (((minute.requests or 0) - failed, "neuron1"), (failed, "bad"))
    shown = tuple((float(value), _role(minute, role)) for value, role in parts if value)
    return Bar(shown, FAILED if failed else "", is_known=minute.requests is not None)


def _role(minute: Minute, role: str) -> str:
    return f"{role}:filling" if minute.is_filling else role


def _labels(minutes: Sequence[Minute], count: int, each: int) -> list[tuple[str, str]]:
    step = next((one for one in LABELLED if one * each >= LABEL), MINUTES)
    return [
        (clock(one.start) if one.start.minute % step == 0 else "", "muted") for one in minutes[len(minutes) - count :]
    ]


def _facts(pulse: Pulse) -> list[Line]:
    """What the hour came to, a line each."""
    known, busiest = len(pulse.known), pulse.peak
    of = pulse.requests
    found = [
        ("requests", pulse.requests, "", "text"),
        ("failed", pulse.errors, percent(rate((pulse.errors, of))), "bad" if pulse.errors else "text"),
        ("from cache", pulse.hits, percent(rate((pulse.hits, of))), "text"),
        ("tokens in", pulse.tokens_in, "", "text"),
        ("tokens out", pulse.tokens_out, "", "text"),
        ("busiest minute", busiest.requests if busiest else None, clock(busiest.start) if busiest else "", "text"),
    ]
    head = f"{known} of {MINUTES} minutes known" if known < MINUTES else f"the last {MINUTES} minutes"
    return [
        (Span(left(head, FACTS), "muted"),),
        (),
        *(
            (
                Span(left(name, FACTS - NUMBER - 7), "muted"),
                Span(right(_figure(pulse, value), NUMBER), role if value else "faint"),
                Span(right(beside, 7), "muted"),
            )
            for name, value, beside, role in found
        ),
    ]


def _in_a_line(pulse: Pulse) -> list[Line]:
    """The same in one line, fullest first."""
    busiest = pulse.peak
    failed = f"{_about(pulse, whole(pulse.errors))} of {_about(pulse, whole(pulse.requests))} failed"
    texts = [failed]
    texts += [f"busiest {_about(pulse, whole(busiest.requests))} at {clock(busiest.start)}"] if busiest else []
    texts += [f"{percent(rate((pulse.hits, pulse.requests)))} from cache"]
    return [words(" · ".join(texts[:n])) for n in range(len(texts), 0, -1)]


def _figure(pulse: Pulse, value: int | None) -> str:
    about = mark(False, pulse.is_sampled) if value is not None else ""
    return about + fit_figure(value, NUMBER - len(about))


def _about(pulse: Pulse, text: str) -> str:
    return text if text == "–" else mark(False, pulse.is_sampled) + text


def _a_minute(value: float) -> str:
    return f"{value:.1f}" if 0 < value < 100 else whole(value)
