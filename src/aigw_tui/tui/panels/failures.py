"""⁹ Failures: which statuses came when, and from which models."""

from __future__ import annotations

from datetime import datetime

from aigw_tui.insight.scoped import Pairs, where
from aigw_tui.model import DAY, HOUR, Query, Snapshot, Window, period_of
from aigw_tui.tui.failurelines import Entry, Lane, Seen, drawing, share
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.panel import Area, Panel, Scene, Target
from aigw_tui.tui.panels import health
from aigw_tui.tui.panels.health import is_limited
from aigw_tui.tui.series import Series, filled, frame_of
from aigw_tui.tui.tiles import explained


class Failures(Panel):
    """What failed, by hour and status."""

    TITLE = "Failures"
    KEY = "9"
    NEEDS = ("failures", "requests")
    HELP = (
        "Failed requests by hour (UTC; by day where the window is longer than 48 hours) and HTTP status: a count where "
        "some failed, on no band while the hour still fills, and · where none did. Below, the same by model, the most "
        "first. What a rate limit turned away never reached a provider: it stands apart, and Cloudflare need not count "
        "it as an error. Enter narrows to the hour."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(explained(area.width, area.height, seen.empty, seen.empty.partition(";")[0]))
        return drawing(seen, area)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        length = HOUR if seen.unit == "hour" else DAY
        return tuple(
            Target(entry.id, period=period_of(Window(entry.since, entry.since + length))) for entry in seen.entries
        )


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's failures, and of their table the rows that this area has room for."""
    together = health.look_at(snapshot)
    frame = frame_of(snapshot, "failures")
    if not frame.is_known:
        return Seen(empty="not read yet; the first figures come with the next answer")
    pairs = where(snapshot.views, snapshot.scope, "failures")
    lanes, has_mark, counted = _lanes(snapshot, frame, pairs)
    if together.empty and not lanes:
        return Seen(empty=together.empty)
    _, rows = share(area, len(lanes))
    keys = (frame.unit, "status", "rate_limited", "provider", "model")
    order = ("-errors", "-requests", f"-{frame.unit}", *keys[1:])
    window, measures = snapshot.window, ("requests", "errors")
    count = snapshot.views.view(Query("failures", window, keys, measures, pairs, order, limit=1)).count
    top = max(0, min(area.top, count - rows))
    found = snapshot.views.view(Query("failures", window, keys, measures, pairs, order, limit=rows, offset=top)).rows
    entries = tuple(
        Entry(
            since, status, mark, provider, model, int(row.values[0] or 0), is_limited(mark, status, has_mark=has_mark)
        )
        for row in found
        for since, status, mark, provider, model in (row.key,)
    )
    return Seen(together, lanes, entries, count, top, frame.unit, counted)


def _lanes(snapshot: Snapshot, frame: Series, pairs: Pairs) -> tuple[tuple[Lane, ...], bool, int | None]:
    """The statuses, the most errors first and rate limits last; whether the account marks rate limits; and how many of
    those it counts as errors, None where that is not known."""
    query = Query("failures", snapshot.window, (frame.unit, "status", "rate_limited"), ("requests", "errors"), pairs)
    rows = snapshot.views.view(query).rows
    has_mark = any(row.key[2] for row in rows)
    values: dict[tuple[bool, str], dict[datetime, tuple[float | None, ...]]] = {}
    counted: int | None = 0
    for (since, status, mark), (requests, errors), *_ in rows:
        limited = is_limited(mark, status, has_mark=has_mark)
        own = values.setdefault((limited, status), {})
        own[since] = ((own[since][0] or 0 if since in own else 0) + (requests or 0),)
        if limited:
            counted = None if counted is None or errors is None else counted + errors
    lanes = [
        Lane(status, limited, filled(frame, own, 1), int(sum(one[0] or 0 for one in own.values())))
        for (limited, status), own in values.items()
    ]
    return tuple(sorted(lanes, key=lambda lane: (lane.is_limited, -lane.count, lane.status))), has_mark, counted
