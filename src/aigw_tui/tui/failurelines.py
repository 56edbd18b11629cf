"""How failures are drawn: a lane for each status, a table by model, and the total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aigw_tui.format import model_name, percent, short, whole
from aigw_tui.insight.codes import WORDS
from aigw_tui.tui.failurelanes import LABEL, LEAST_COLUMN, SPACED_FROM, Lane, called, chosen, lane_lines, status_of
from aigw_tui.tui.figures import mark, total
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, gap, left, line, right, strong, width_of
from aigw_tui.tui.panels import health
from aigw_tui.tui.scene import Area
from aigw_tui.tui.series import peak
from aigw_tui.tui.sorting import Sorting, figure_head, name_head
from aigw_tui.tui.tiles import first_fit, words

LANES_FROM = 8
"""Rows from which there is room for lanes above the table."""
RULE_FROM = 10
ACCOUNT_ONLY = "Workers AI's own codes: whole account only"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table."""

    since: datetime
    """Start of the hour or day."""
    status: str
    mark: str
    """What the account says about rate limits; empty: nothing."""
    provider: str
    model: str
    requests: int
    is_limited: bool
    is_code: bool = False
    """The status is Workers AI's own code, and what is counted are inferences."""
    is_filling: bool = False
    is_sampled: bool = False

    @property
    def id(self) -> tuple[object, ...]:
        return self.since, self.status, self.mark, self.provider, self.model, self.is_code

    @property
    def failure_class(self) -> tuple[tuple[str, str], ...]:
        """What it narrows to within its hour; Workers AI's own codes are no HTTP status."""
        if self.is_code:
            return (("model", self.model),)
        return (("provider", self.provider), ("model", self.model), ("status", self.status))


SORTINGS = (
    Sorting("n", "n", lambda entry: entry.requests),
    Sorting("s", "status", lambda entry: entry.status),
    Sorting("m", "model", lambda entry: _whose(entry).casefold()),
    Sorting("t", "time", lambda entry: entry.since.timestamp()),
)
"""Of an `Entry`."""
ALL_WELL = health.Seen()


@dataclass(frozen=True, slots=True)
class Seen:
    """Failed requests of the scope's window, with the visible rows of their table."""

    together: health.Seen = ALL_WELL
    """Errors, requests and rate limits as Health has them."""
    lanes: tuple[Lane, ...] = ()
    entries: tuple[Entry, ...] = ()
    count: int = 0
    """Rows before scrolling."""
    top: int = 0
    unit: Literal["hour", "day"] = "hour"
    counted: int | None = None
    """How many of the rate-limited are errors to Cloudflare; None: not known."""
    is_one: bool = False
    """The scope is one hour: Enter narrows to the failure class."""
    is_class: bool = False
    """The scope is one failure class of one hour: Enter shows its requests."""
    has_codes: bool = True
    """The scope is not too narrow for what Workers AI says itself."""
    empty: str = ""
    """Why there is nothing to show."""


def share(area: Area, lanes: int) -> tuple[int, int]:
    """How many lanes and how many rows of the table are visible; the total always has its line."""
    height = area.height
    has_lanes = height >= LANES_FROM and area.width >= LABEL + LEAST_COLUMN * 6
    shown = min(lanes, (height - 4) // 3) if has_lanes else 0
    above = shown + shown * (height >= SPACED_FROM) + (2 if shown and height < SPACED_FROM else 1 if shown else 0)
    head = 1 if height >= 4 else 0
    return shown, max(height - above - head - 1 - (height >= RULE_FROM), 0)


def drawing(seen: Seen, area: Area) -> Drawing:
    lanes, rows = share(area, len(seen.lanes))
    lines: list[Line] = []
    first = None
    if lanes:
        lines += lane_lines(chosen(seen.lanes, lanes), area)
    first = len(lines) + (area.height >= 4) if seen.entries else None
    if seen.entries:
        first = len(lines) + (area.height >= 4)
        lines += _table(seen, area, rows)
    elif area.height > 1:
        lines.append(first_fit(area.width, words("nothing failed")))
    if area.height >= RULE_FROM:
        lines.append((Span("─" * area.width, "edge"),))
    lines.append(_total(seen, area.width))
    aside = line(f"by {seen.unit} and status, UTC")
    return Drawing(tuple(lines[: area.height]), aside, _foot(seen, lanes, area), first=first)


def _table(seen: Seen, area: Area, rows: int) -> list[Line]:
    """The most first; names shorten, then go, before any figure does."""
    counts = [mark(False, entry.is_sampled) + whole(entry.requests) for entry in seen.entries]
    count_width = max(5, *map(len, counts))
    when_width = max(len(seen.lanes[0].hours.label(seen.entries[0].since)), 6)
    name_width = max(area.width - count_width - LABEL - when_width - 5, 0)
    lines: list[Line] = []
    if area.height >= 4:
        heads = (
            (right(figure_head("n", "n", area.sort), count_width), "n"),
            (f"  {left(name_head('status', 'status', area.sort), LABEL)} ", "status"),
            (left(name_head("provider / model", "model", area.sort), name_width), "model"),
            (right(figure_head(seen.unit, "time", area.sort), when_width + 2), "time"),
        )
        lines.append(first_fit(area.width, tuple(Span(text, "muted", act=f"sort {name}") for text, name in heads)))
    for entry, count in zip(seen.entries[:rows], counts, strict=False):
        on = "cursor" if area.is_focused and area.cursor == entry.id else ""
        number = (strong(right(count, count_width)), gap(2))
        if entry.is_filling:
            number = (Span(right(count, count_width), "muted"), gap(2))
        status = status_of(called(entry.status, entry.is_limited), entry.is_limited, LABEL)
        name = foreign(_whose(entry)).text
        when = (Span(right(seen.lanes[0].hours.label(entry.since), when_width), "muted"),)
        full = (*number, *status, gap(1), Span(left(name, name_width), "text"), gap(2), *when)
        drawn = first_fit(area.width, full, (*number, *status, gap(2), *when), (*number, *status), number[:1])
        lines.append(tuple(span._replace(on=on) for span in (*drawn, gap(area.width - width_of(drawn)))))
    return lines


def _whose(entry: Entry) -> str:
    """`openai / gpt-5-mini`; of a code what it means, and then the model."""
    model = model_name(entry.model)
    if entry.is_code:
        return f"{WORDS[entry.status]} · {model}" if entry.status in WORDS else f"Workers AI / {model}"
    return f"{entry.provider or '(none)'} / {model}"


def _total(seen: Seen, width: int) -> Line:
    """`12 of 612 requests, 2.0 %`, the rest of the day without its worst hour, and what rate limits turned away."""
    together = seen.together
    named = "" if together.named == "errors" else f" {together.named}"
    about = mark(False, together.is_sampled)
    role = "bad" if together.errors else "strong"
    count = strong(about + whole(together.errors), role)
    all_ = total(together.requests, together.is_sampled, together.interval)
    head = (count, *words(f" of {all_} requests{named}, {health.rate(together)}"))
    limited = _limited(seen)
    apart = (*words(_apart(seen)),) if _apart(seen) else ()
    return first_fit(
        width,
        (*head, *apart, *limited),
        (*head, *limited),
        head,
        (count, *words(f" of {about}{short(together.requests)}")),
        (strong(about + short(together.errors)),),
    )


def _apart(seen: Seen) -> str:
    """`; outside 09:00 0.2 %`, where one hour was an outage."""
    together, found = seen.together, health.worst(seen.together)
    place = peak(together.hours.moments)
    if found is None or place is None or not found.is_alarming:
        return ""
    moment = together.hours.moments[place]
    rest = together.requests - int(moment.values[1] or 0)
    return (
        f"; outside {together.hours.label(moment.start)} {percent((together.errors - found.errors) / rest)}"
        if rest
        else ""
    )


def _limited(seen: Seen) -> Line:
    """What rate limits turned away: among the errors, or beside them."""
    count = seen.together.rate_limited
    if not count:
        return ()
    how = " more" if seen.counted == 0 else " of them" if seen.counted == count else ""
    return (
        Span("; ", "muted"),
        Span(mark(False, seen.together.is_sampled) + whole(count), "warn", bold=True),
        Span(f"{how} rate-limited", "muted"),
    )


def _foot(seen: Seen, lanes: int, area: Area) -> Line:
    said = []
    if lanes and lanes < len(seen.lanes):
        said.append(f"{lanes} of {len(seen.lanes)} statuses")
    if len(seen.entries) < seen.count:
        said.append(f"{seen.top + 1}–{seen.top + len(seen.entries)} of {seen.count}")
    if seen.entries and not said:
        deeper = "requests" if seen.is_class else "failure class" if seen.is_one else seen.unit
        said.append(f"{area.keys.name('row.narrow')}: the {deeper}")
    choices = [" · ".join([ACCOUNT_ONLY, *said])] if not seen.has_codes else []
    return first_fit(area.width - 4, *(line(text) for text in (*choices, " · ".join(said))))
