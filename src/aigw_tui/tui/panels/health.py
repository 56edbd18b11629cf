"""³ Health: how much fails, when it was worst, and whether it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from rich.cells import cell_len

from aigw_tui.format import duration, percent, whole
from aigw_tui.insight.sampling import interval_of, is_sampled
from aigw_tui.insight.scoped import Pairs, is_covered, where
from aigw_tui.model import Interval, Query, Sheet, Snapshot
from aigw_tui.tui.failurelanes import called, status_of
from aigw_tui.tui.figures import mark, part_of
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, line, right, strong
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, at_cursor
from aigw_tui.tui.series import NOTHING, Moment, Series, filled, peak, series
from aigw_tui.tui.seriessheet import series_sheet
from aigw_tui.tui.tiles import chart, ends, first_fit, reason, words
from aigw_tui.tui.words import nothing

ALARMING = 0.05
"""Error rate above which an hour's bar is red, as in the default alert."""
LEAST_REQUESTS = 20
"""With fewer requests one failure would look like an outage."""
ZOOMED_FROM = 9
"""Rows from which there is room for the status codes."""


class Status(NamedTuple):
    """Requests that failed with it."""

    name: str
    is_limited: bool
    """Turned away by a rate limit, where the account marks that."""
    requests: int
    errors: int | None
    """How many of them Cloudflare counts as errors; None: not known. It may be none of those that were turned away."""

    @property
    def id(self) -> str:
        return f"{self.name} limited" if self.is_limited else self.name


@dataclass(frozen=True, slots=True)
class Seen:
    """Failed requests of the scope's window."""

    errors: int = 0
    requests: int = 0
    hours: Series = NOTHING
    """(errors, requests) of each hour or day."""
    named: str = "errors"
    """What is counted: `errors`, or `with 429` in a scope narrowed to a status."""
    is_sampled: bool = False
    interval: Interval | None = None
    """Of the requests."""
    durations: tuple[float | None, ...] = ()
    """p50 and p90 of all requests together, in ms; empty: not told, or of several accounts, which cannot be merged."""
    rate_limited: int | None = None
    statuses: tuple[Status, ...] = ()
    empty: str = ""
    """Why there is nothing to show."""

    @property
    def column(self) -> str:
        """What the errors are called in a table of values."""
        return "errors" if self.named == "errors" else "requests_with_status"


class Health(Panel):
    """What fails."""

    TITLE = "Health"
    KEY = "3"
    NEEDS = ("requests", "failures", "whole")
    HELP = (
        "Failed requests of the window, of all requests through the gateways. Red bars are hours in which more than "
        "5 % failed. Below: the worst hour, what failed since, how many requests were turned away by a rate limit, and "
        "how long half of them (p50) and nine in ten (p90) took at the most. "
        "± marks everywhere what Cloudflare counted from a sample; behind a total it says how far off that may be "
        "(95 % of the time). Zoomed it lists the statuses; {row.narrow} narrows to one."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        seen = look_at(scene.snapshot, has_room=area.height >= ZOOMED_FROM)
        room = (area.height - 4 - (3 if seen.durations else 2)) // 2
        return replace(seen, statuses=seen.statuses[: max(room, 0)])

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(one.id, (("status", one.name),)) for one in seen.statuses)

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        seen = look_at(scene.snapshot)
        return series_sheet(self.TITLE, (seen.column, "requests"), seen.hours)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        width, height = area.width, area.height
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        has_limits = bool(seen.rate_limited) or not seen.durations
        rest = [_worst(seen, width), _limits(seen, width) if has_limits else _durations(seen, width)]
        if height >= ZOOMED_FROM and seen.durations:
            rest = [_worst(seen, width), _limited(seen, width), _durations(seen, width)]
        if seen.statuses and height >= ZOOMED_FROM:
            rest += [(), *_statuses(seen, area)]
            middle = height - 1 - len(rest)
        else:
            middle = 2 if height >= 5 else 1 if height > 1 else 0
            middle = max(middle, height - 1 - len(rest)) if height >= ZOOMED_FROM else middle
        bars = chart(seen.hours, lambda moment: moment.values[0], _role, width, middle)
        drawn = (_headline(seen, width), *bars, *rest)[:height]
        return Drawing(drawn, first=len(drawn) - len(seen.statuses) if seen.statuses else None)


def look_at(snapshot: Snapshot, has_room: bool = False) -> Seen:
    """The scope's failures; `has_room` adds what only a zoomed panel shows."""
    scope, views = snapshot.scope, snapshot.views
    pairs = where(views, scope, "requests")
    hours = series(snapshot, "requests", ("errors", "requests"), pairs)
    requests = _sum(hours, 1)
    if not requests:
        return Seen(empty=nothing(snapshot, hours.is_known))
    failures = where(views, scope, "failures")
    named = "errors"
    if not is_covered(scope, "requests"):  # requests know no status: what failed with it comes from failures
        named = f"with {', '.join(scope.values('status'))}"
        failed = series(snapshot, "failures", ("requests",), failures)
        own = {moment.start: moment.values[:1] for moment in failed.moments}
        values = {m.start: (own[m.start][0], m.values[1]) for m in hours.moments if m.start in own}
        hours = filled(hours, values, 2)
    return Seen(
        errors=_sum(hours, 0),
        requests=requests,
        hours=hours,
        named=named,
        is_sampled=is_sampled(views, scope, snapshot.window),
        interval=interval_of(snapshot),
        durations=_durations_of(snapshot),
        rate_limited=_rate_limited(snapshot, failures),
        statuses=_by_status(snapshot, failures) if has_room else (),
    )


def rate(seen: Seen) -> str:
    """`1.2 %`, `–`."""
    return percent(seen.errors / seen.requests if seen.requests else None)


class Worst(NamedTuple):
    """The hour or day in which most failed."""

    errors: int
    when: str
    """`at 09:00`"""
    since: int | None
    """Errors after it; None while it still runs."""
    is_alarming: bool


def worst(seen: Seen) -> Worst | None:
    """None when nothing failed."""
    place = peak(seen.hours.moments)
    if place is None:
        return None
    moment = seen.hours.moments[place]
    later = [one for one in seen.hours.moments[place + 1 :] if one.state != "ahead"]
    since = sum(int(one.values[0] or 0) for one in later) if later else None
    return Worst(int(moment.values[0] or 0), seen.hours.when(moment.start), since, _role(moment) == "bad")


def _sum(hours: Series, place: int) -> int:
    return sum(int(moment.values[place] or 0) for moment in hours.moments)


def _rate_limited(snapshot: Snapshot, pairs: Pairs) -> int | None:
    """Requests turned away by a rate limit; by their status where the account has no better mark; None: unknown."""
    if not snapshot.views.known("failures", snapshot.window, snapshot.scope.values("account")):
        return None
    query = Query("failures", snapshot.window, ("rate_limited", "status"), ("requests",), pairs)
    rows = snapshot.views.view(query).rows
    has_mark = any(row.key[0] for row in rows)
    if rows and not has_mark and not any(row.key[1] for row in rows):
        return None
    return sum(int(row.values[0] or 0) for row in rows if is_limited(*row.key, has_mark=has_mark))


def is_limited(mark: str, status: str, *, has_mark: bool) -> bool:
    """Whether a rate limit turned it away; by its status where the account has no mark for that."""
    return mark.lower() in ("1", "true") if has_mark else status == "429"


def _by_status(snapshot: Snapshot, pairs: Pairs) -> tuple[Status, ...]:
    """The most first, and last those that are no errors to Cloudflare."""
    query = Query("failures", snapshot.window, ("status", "rate_limited"), ("requests", "errors"), pairs)
    rows = snapshot.views.view(query).rows
    has_mark = any(row.key[1] for row in rows)
    found: dict[tuple[str, bool], Status] = {}
    for (status, marked), (requests, errors), *_ in rows:
        key = status, has_mark and is_limited(marked, status, has_mark=True)
        before = found.get(key, Status(*key, 0, 0))
        added = None if before.errors is None or errors is None else before.errors + int(errors)
        found[key] = Status(*key, before.requests + int(requests or 0), added)
    return tuple(sorted(found.values(), key=lambda one: (one.errors == 0, -one.requests, one.id)))


def _role(moment: Moment) -> str:
    errors, requests = moment.values
    is_alarming = errors and requests and requests >= LEAST_REQUESTS and errors / requests > ALARMING
    return "bad" if is_alarming else "neuron1"


def _headline(seen: Seen, width: int) -> Line:
    share = strong(rate(seen))
    counts = part_of(seen.errors, seen.requests, seen.is_sampled, seen.interval)
    rights: list[Line] = [(Span(text, "muted"),) for text in counts]
    return ends(width, [(share, Span(f" {seen.named}", "muted")), (share,)], rights)


def _worst(seen: Seen, width: int) -> Line:
    found = worst(seen)
    if found is None:
        return first_fit(width, words("nothing failed"))
    about = mark(False, seen.is_sampled)
    count = strong(about + whole(found.errors), "bad" if found.is_alarming else "strong")
    since = about + whole(found.since)
    ends_of = [", so far"] if found.since is None else [f", since then {since}", f", then {since}"]
    return first_fit(width, *((count, *words(f" {found.when}{end}")) for end in (*ends_of, "")))


def _durations_of(snapshot: Snapshot) -> tuple[float | None, ...]:
    found = snapshot.answers("whole")
    return tuple(found[0].rows[0][1:]) if len(found) == 1 and found[0].rows else ()


def _durations(seen: Seen, width: int) -> Line:
    """`p50 840 ms … p90 2.1 s` at both ends of the line."""
    p50, p90 = (words(f"{name} {duration(value)}") for name, value in zip(("p50", "p90"), seen.durations, strict=True))
    return ends(width, [p50], [p90])


def _limits(seen: Seen, width: int) -> Line:
    """What was turned away, and how long the slow ones took where that has room."""
    p90 = [words(f"p90 {duration(seen.durations[1])}")] if seen.durations else []
    return ends(width, [_limited(seen, width)], p90)


def _limited(seen: Seen, width: int) -> Line:
    text = "none" if seen.rate_limited == 0 else _about(seen, seen.rate_limited)
    return first_fit(width, words(f"{text} rate-limited"), words(f"{text} limited"))


def _about(seen: Seen, count: int | None) -> str:
    return whole(count) if count is None else mark(False, seen.is_sampled) + whole(count)


def _statuses(seen: Seen, area: Area) -> list[Line]:
    lines = []
    widest = max(8, *(cell_len(_about(seen, one.requests)) + 1 for one in seen.statuses))
    for one in seen.statuses:
        name = status_of(called(one.name, one.is_limited), one.is_limited, 12)
        errors = one.requests if one.errors is None and not one.is_limited else one.errors
        share = percent(errors / seen.errors) if errors and seen.errors else ""
        count = Span(right(_about(seen, one.requests), widest), "text")
        drawn = first_fit(area.width, line(*name, count, Span(right(share, 8), "muted")))
        lines.append(at_cursor(drawn, area, one.id))
    return lines
