"""The second line: a fault with its remedy, or how far the past has been read."""

from __future__ import annotations

from datetime import datetime

from aigw_tui.format import clock
from aigw_tui.model import Fault, Freshness, Snapshot
from aigw_tui.tui.lines import Line, Span, fit, foreign, gap, line, shorten, width_of

BAR = 20


def faults_of(snapshot: Snapshot) -> tuple[Fault, ...]:
    """What went wrong, and what the person may have got wrong: a scope that nothing ever matched."""
    views, strangers = snapshot.views, []
    for field in ("gateway", "provider", "model"):
        values = set(snapshot.scope.values(field))
        names = views.names("requests", field) if values else ()
        if names and not values.intersection(names):
            why = f"{', '.join(sorted(values))} is none of {', '.join(names)}"
            remedy = "esc goes back, ctrl-p lists them"
            strangers.append(Fault("ConfigError", f"unknown {field}", why, remedy, snapshot.now))
    return (*snapshot.faults, *strangers)


def notice_line(faults: tuple[Fault, ...], freshness: Freshness, now: datetime, width: int) -> Line | None:
    """The fault that matters most, else the progress, else None."""
    return fault_line(faults, now, width) if faults else progress_line(freshness, width)


def fault_line(faults: tuple[Fault, ...], now: datetime, width: int) -> Line:
    """▲ what   why   since or until   → remedy; the middle gives way, the remedy stays."""
    fault = next((one for one in faults if not one.dataset), faults[0])
    when = f"next try {clock(fault.until)}" if fault.until else f"since {clock(fault.since)}"
    if fault.until is None and fault.since.date() != now.date():
        when = f"since {fault.since:%-d %b}"
    more = f"+{len(faults) - 1} more" if len(faults) > 1 else ""
    head = (
        gap(1, "badband"),
        Span("▲ ", "bad", "badband"),
        foreign(fault.what, "strong", bold=True)._replace(on="badband"),
    )
    tail = Span(f"→ {fault.remedy}", "text", "badband")
    for parts in ((fault.why, when, more), (fault.why, when), (fault.why,), (when, more), (when,), ()):
        middle = tuple(span for part in parts if part for span in (gap(3, "badband"), Span(part, "text", "badband")))
        whole = (*head, *middle, gap(3, "badband"), tail)
        if width_of(whole) < width:
            break
    else:
        room = width - width_of(head) - 4
        whole = (*head, gap(2, "badband"), tail._replace(text=shorten(tail.text, max(room, 0))))
    return fit(whole, width, "badband")


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
