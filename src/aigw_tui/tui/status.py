"""The top line: where one stands, and the state of the instrument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len

from aigw_tui.format import clean
from aigw_tui.insight.crumbs import ALL_GATEWAYS, FILTER, PERIOD, Crumb, crumbs
from aigw_tui.model import Freshness, Snapshot, State, heard
from aigw_tui.tui.lines import Line, Span, fit, foreign, gap, line, shorten, strong, width_of
from aigw_tui.tui.replay import heads

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against

LOOKS = {
    State.STARTING: ("○", "starting", "muted"),
    State.LIVE: ("●", "live", "good"),
    State.STALE: ("▲", "stale", "warn"),
    State.OFFLINE: ("▲", "offline", "warn"),
    State.PAUSED: ("‖", "paused", "warn"),
}
SEPARATOR = Span(" › ", "faint")
WIDE = 60
"""Columns from which a basis is named in full."""
LEAST_CRUMB = 5
"""Cells below which a name says too little."""
NEAR = 0.8
"""The share of the API budget from which on it stands out."""
NAME = (Span("aigw-tui", "faint"), gap(3))
ACTS = {FILTER: "press scope.filter", PERIOD: "press scope.window"}
"""What a click on a crumb does, where it does not lead back up the ladder."""


def age_words(since: datetime | None, now: datetime, is_short: bool = False) -> str:
    """`now`, `15 s ago`, `7 min ago`: moves at 15, 30 and 45 seconds, then by the minute: few bytes."""
    if since is None:
        return "no data yet"
    seconds = max(0, int((now - since) / timedelta(seconds=1)))
    if seconds < 15:
        return "now"
    value = f"{seconds // 15 * 15} s" if seconds < 60 else f"{seconds // 60} min"
    if seconds >= 2 * 3600:
        value = f"{seconds // 3600} h" if seconds < 48 * 3600 else f"{seconds // 86400} d"
    return value if is_short else f"{value} ago"


def clock_words(now: datetime, zone: tzinfo) -> tuple[str, str]:
    """`14:05` and `UTC`; a zone whose abbreviation is but a number has its difference from UTC: `19:50`, `+05:45`."""
    local = now.astimezone(zone)
    name, offset = f"{local:%Z}", f"{local:%z}"
    return f"{local:%H:%M}", name if name.isascii() and name.isalpha() else f"{offset[:3]}:{offset[3:5]}"


def status_line(
    snapshot: Snapshot,
    freshness: Freshness,
    now: datetime,
    width: int,
    zone: tzinfo = UTC,
    against: Against | None = None,
) -> Line:
    """One line of exactly `width` cells; the name goes first, then the budget, the age, and the outer crumbs.

    `zone` is that of the clock alone.
    """
    glyph, word, role = LOOKS[freshness.state]
    age = age_words(freshness.good_at, now, is_short=width < 80)
    budget = freshness.budget
    is_used_up = any(fault.kind == "BudgetError" for fault in snapshot.faults)
    is_near = is_used_up or budget.used >= budget.limit * NEAR
    api = (
        Span("API ", "faint"),
        Span(f"{budget.used}", "bad" if is_near else "muted"),
        Span(f"/{budget.limit}", "faint"),
    )
    hour, name = clock_words(now, zone)
    time = (strong(hour), Span(f" {name}", "muted"))
    state = (Span(glyph, role), Span(f" {word}", "text" if role in ("good", "muted") else role, bold=role == "warn"))
    ends: tuple[Line, ...] = (
        (*state, gap(3), Span(age, "muted"), gap(3), *api, gap(3), *time),
        (*state, gap(2), Span(age, "muted"), gap(3), *time),
        (*state, gap(2), *time),
        (*state,),
    )
    if alarm := _alarm(snapshot):
        ends = (*((*alarm, gap(3), *end) for end in ends[:2]), *((*alarm[:1], gap(2), *end) for end in ends[2:]))
    if snapshot.is_past:
        ends = heads(snapshot.now, now)
    where = [crumb._replace(text=clean(crumb.text)) for crumb in crumbs(snapshot)]
    if against:
        basis = against.basis.words if width >= WIDE else against.basis.brief
        where[-1] = where[-1]._replace(text=f"{where[-1].text} vs {basis}")
    smallest = 10 if width >= 40 else 0
    end = next(
        (one for one in ends if width_of(one) + smallest + 2 <= width and (width >= 100 or one is not ends[0])),
        ends[-1],
    )
    room = width - width_of(end) - 2
    named = gap(1), *NAME, *_trail(where, 999)
    start = named if width_of(named) <= room else (gap(1), *_trail(where, room - 1))
    return fit((*start, gap(width - width_of(start) - width_of(end) - 1), *end, gap(1)), width)


def _alarm(snapshot: Snapshot) -> Line:
    """`▲ 2 alerts`, which a click opens; the sign with the count stands alone where there is less room."""
    firing = heard(snapshot.alerts)
    if not firing:
        return ()
    role = "bad" if any(one.severity == "critical" for one in firing) else "warn"
    count = Span(f"▲ {len(firing)}", role, bold=True, act="press panel.8")
    return count, Span(" alert" if len(firing) == 1 else " alerts", role, bold=True, act="press panel.8")


def _trail(where: list[Crumb], room: int) -> Line:
    """The crumbs, the last bold; without room those between go first, wide ones before narrow ones.

    Of the account, what is narrowed to and the period, each is shortened before it goes.
    """
    kept = list(where)
    while len(kept) > 1 and (over := sum(cell_len(crumb.text) + 3 for crumb in kept) - 3 - room) > 0:
        left = cell_len(kept[0].text) - over
        if len(kept) > 3 or kept[1].text == ALL_GATEWAYS:
            kept.pop(1)
        elif left >= LEAST_CRUMB:
            kept[0] = kept[0]._replace(text=shorten(kept[0].text, left))
        else:
            kept.pop(0)
    bold = len(kept) - 1
    spans: list[Span] = []
    for n, crumb in enumerate(kept):
        spans += [SEPARATOR] if n else []
        text = shorten(crumb.text, max(room, 1)) if len(kept) == 1 else crumb.text
        span = foreign(text, "strong" if n == bold else "muted", bold=n == bold)
        spans.append(span._replace(act=ACTS.get(crumb.field, f"widen {crumb.field}")))
    return line(*spans)
