"""The second line: a fault with its remedy, or how far the past has been read."""

from __future__ import annotations

from datetime import datetime

from aigw_tui.format import clock
from aigw_tui.model import Fault, Freshness, Snapshot
from aigw_tui.tui.lines import Line, Span, fit, foreign, gap, line, shorten, width_of
from aigw_tui.tui.pressed import UNMOVED, Keys

BAR = 20
BAND = "badband"
LEAST_WHY = 16
"""Cells below which a shortened cause says nothing."""


def faults_of(snapshot: Snapshot) -> tuple[Fault, ...]:
    """What went wrong, and what the person may have got wrong: a scope that nothing ever matched."""
    views, strangers = snapshot.views, []
    for field in ("gateway", "provider", "model"):
        values = set(snapshot.scope.values(field))
        names = views.names("requests", field) if values else ()
        if names and not values.intersection(names):
            why = f"{', '.join(sorted(values))} is none of {', '.join(names)}"
            remedy = "{scope.back} goes back, {app.palette} lists them"
            strangers.append(Fault("ConfigError", f"unknown {field}", why, remedy, snapshot.now))
    return (*snapshot.faults, *strangers)


def notice_lines(
    faults: tuple[Fault, ...],
    freshness: Freshness,
    now: datetime,
    width: int,
    has_two_rows: bool,
    keys: Keys = UNMOVED,
) -> tuple[Line, ...]:
    """The fault that matters most, else the progress; nothing when all is well and read."""
    if not faults:
        progress = progress_line(freshness, width)
        return (progress,) if progress else ()
    fault = next((one for one in faults if not one.dataset), faults[0])
    more = f"+{len(faults) - 1} more" if len(faults) > 1 else ""
    remedy = Span(f"→ {keys.said(fault.remedy)}", "text", BAND)
    if has_two_rows:
        below = remedy._replace(text=shorten(remedy.text, max(width - 2, 0)))
        return fault_line(fault, now, more, (), width), fit((gap(1, BAND), below), width, BAND)
    return (fault_line(fault, now, more, (gap(3, BAND), remedy), width),)


def fault_line(fault: Fault, now: datetime, more: str, tail: Line, width: int) -> Line:
    """▲ what   why   since or until   + more   → remedy: what does not fit is shortened, the cause last of all."""
    when = f"next try {clock(fault.until)}" if fault.until else f"since {clock(fault.since)}"
    if fault.until is None and fault.since.date() != now.date():
        when = f"since {fault.since:%-d %b}"
    head = (gap(1, BAND), Span("▲ ", "bad", BAND), foreign(fault.what, "strong", bold=True)._replace(on=BAND))
    end = (when,) if fault.until else ()  # when it goes on matters more than the last words of the cause
    for parts in ((fault.why, when, more), (fault.why, when), (fault.why, *end)):
        whole = (*head, *_parts(parts), *tail)
        if width_of(whole) < width:
            return fit(whole, width, BAND)
    room = width - width_of((*head, *_parts(end), *tail)) - 4
    if room >= LEAST_WHY:
        return fit((*head, *_parts((shorten(fault.why, room), *end)), *tail), width, BAND)
    short = (when,) if width_of((*head, *_parts((when,)), *tail)) < width else ()
    whole = (*head, *_parts(short), *tail)
    last = whole[-1]
    left = width - width_of(whole[:-1]) - 1
    return fit((*whole[:-1], last._replace(text=shorten(last.text, max(left, 0)))), width, BAND)


def _parts(texts: tuple[str, ...]) -> Line:
    return tuple(span for text in texts if text for span in (gap(3, BAND), Span(text, "text", BAND)))


def progress_words(freshness: Freshness) -> str:
    """`past 42 %` while the past is being read, where there is no line for more."""
    progress = freshness.progress
    return f"past {int(100 * progress.done / progress.of)} %" if progress and progress.of else ""


def progress_line(freshness: Freshness, width: int) -> Line | None:
    """reading the past ▇▇▇▇ 42 % back to 16 Nov."""
    progress = freshness.progress
    if progress is None or not progress.of:
        return None
    done = progress.done / progress.of
    full = round(BAR * done)
    return fit(
        line(
            gap(1),
            Span("reading the past", "muted"),
            gap(2),
            Span("━" * full, "neuron2"),
            Span("━" * (BAR - full), "free"),
            gap(2),
            Span(f"{int(done * 100)} %", "muted"),
            Span(f"   whole back to {progress.back_to:%-d %b %H:%M}", "faint"),
        ),
        width,
    )
