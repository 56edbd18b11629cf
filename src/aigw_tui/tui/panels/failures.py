"""⁹ Failures: which statuses came when, and from which models."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aigw_tui.insight.codes import where_refused
from aigw_tui.insight.sampling import sampled_times
from aigw_tui.insight.scoped import Pairs, where
from aigw_tui.model import DAY, HOUR, Query, Row, Scope, Sheet, Snapshot, Trust, Window, period_of
from aigw_tui.tui.failurelanes import Lane
from aigw_tui.tui.failurelines import SORTINGS, Entry, Seen, drawing, share
from aigw_tui.tui.failuresheet import failure_sheet
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import health
from aigw_tui.tui.panels.health import is_limited
from aigw_tui.tui.scene import MANY, Area, Scene, Target, everything
from aigw_tui.tui.series import Series, filled, frame_of
from aigw_tui.tui.sorting import ordered
from aigw_tui.tui.tiles import reason
from aigw_tui.tui.words import nothing

MEASURES = ("requests", "errors")
CLASS = ("provider", "model", "status")
"""What a failure class is made of."""


class Failures(Panel):
    """What failed, by hour and status."""

    TITLE = "Failures"
    KEY = "9"
    NEEDS = ("failures", "requests", "refusals")
    SORTINGS = SORTINGS
    HELP = (
        "Failed requests by hour (UTC; by day where the window is longer than 48 hours) and HTTP status: a count "
        "where some failed, on no band while the hour still fills, and · where none did. Below, the same by model, "
        "the most first. What a rate limit turned away never reached a provider: it stands apart, and Cloudflare "
        "need not count it as an error. Last come Workers AI's own error codes with their meaning: inferences of the "
        "whole account, also past the gateways. Many are the same failures once more, so no total holds them; a "
        "scope narrowed to a gateway, a provider or a status cannot show them. {row.narrow} narrows to the hour; "
        "there, to the failure class (a status of this model); and then shows its requests."
    )
    STAYS = True

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        return failure_sheet(self.TITLE, look_at(scene.snapshot, everything(area)).entries)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        return drawing(seen, area)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        length = HOUR if seen.unit == "hour" else DAY
        return tuple(
            Target(
                entry.id,
                entry.failure_class if seen.is_one else (),
                period_of(Window(entry.since, entry.since + length)),
            )
            for entry in seen.entries
        )


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's failures, and of their table the rows that this area has room for."""
    together = health.look_at(snapshot)
    frame = frame_of(snapshot, "failures")
    if not frame.is_known:
        return Seen(empty=nothing(snapshot, is_known=False))
    pairs = where(snapshot.views, snapshot.scope, "failures")
    codes = where_refused(snapshot.views, snapshot.scope)
    statuses, has_mark, counted = _lanes(snapshot, frame, pairs)
    lanes = (*statuses, *(_code_lanes(snapshot, codes) if codes else ()))
    if together.empty and not lanes:
        return Seen(empty=together.empty)
    _, rows = share(area, len(lanes))
    unit, window = frame.unit, snapshot.window
    table = Query("failures", window, (unit, "status", "rate_limited", "provider", "model"), MEASURES, pairs)
    below = Query("refusals", window, (unit, "code", "model"), ("inferences",), codes) if codes else None
    counts = [_count(snapshot, query) for query in (table, below) if query]
    top = max(0, min(area.top, sum(counts) - rows))
    skipped, limit = (0, MANY) if area.sort else (top, rows)  # what is sorted otherwise is needed whole
    found = _rows(snapshot, table, ("-errors", "-requests"), skipped, limit)
    entries = [*ordered((_of_gateways(row, has_mark) for row in found), area.sort, SORTINGS)]
    if below and len(entries) < limit:
        found = _rows(snapshot, below, ("-inferences",), max(skipped - counts[0], 0), limit - len(entries))
        entries += ordered(map(_of_workers_ai, found), area.sort, SORTINGS)
    entries = entries[top : top + rows] if area.sort else entries
    sampled = {
        is_code: sampled_times(snapshot.views, snapshot.scope, window, unit, "refusals" if is_code else "failures")
        for is_code in (False, True)
    }
    entries = [replace(entry, is_sampled=entry.since in sampled[entry.is_code]) for entry in entries]
    return Seen(
        together,
        lanes,
        tuple(entries),
        sum(counts),
        top,
        unit,
        counted,
        _is_one_hour(snapshot.scope),
        _is_one_hour(snapshot.scope) and all(len(snapshot.scope.values(name)) == 1 for name in CLASS),
        codes is not None,
    )


def _is_one_hour(scope: Scope) -> bool:
    fixed = scope.current_period.fixed
    return fixed is not None and fixed.length <= HOUR


def _count(snapshot: Snapshot, query: Query) -> int:
    return snapshot.views.view(replace(query, limit=1)).count


def _rows(snapshot: Snapshot, query: Query, most: tuple[str, ...], top: int, limit: int) -> tuple[Row, ...]:
    """So many rows from `top` on: the most first, then the newest."""
    order = (*most, f"-{query.by[0]}", *query.by[1:])
    return snapshot.views.view(replace(query, order=order, limit=limit, offset=top)).rows


def _of_gateways(row: Row, has_mark: bool) -> Entry:
    since, status, mark, provider, model = row.key
    limited = is_limited(mark, status, has_mark=has_mark)
    count, is_filling = int(row.values[0] or 0), row.trust is Trust.FILLING
    return Entry(since, status, mark, provider, model, count, limited, is_filling=is_filling)


def _of_workers_ai(row: Row) -> Entry:
    since, code, model = row.key
    count, is_filling = int(row.values[0] or 0), row.trust is Trust.FILLING
    return Entry(since, code, "", "", model, count, is_limited=False, is_code=True, is_filling=is_filling)


def _code_lanes(snapshot: Snapshot, pairs: Pairs) -> tuple[Lane, ...]:
    """Workers AI's own codes, the most first."""
    frame = frame_of(snapshot, "refusals")
    query = Query("refusals", snapshot.window, ("code", frame.unit), ("inferences",), pairs)
    values: dict[str, dict[datetime, tuple[float | None, ...]]] = {}
    for row in snapshot.views.view(query).rows:
        values.setdefault(row.key[0], {})[row.key[1]] = row.values
    lanes = [
        Lane(code, False, filled(frame, own, 1), int(sum(one[0] or 0 for one in own.values())), is_code=True)
        for code, own in values.items()
    ]
    return tuple(sorted(lanes, key=lambda lane: (-lane.count, lane.status)))


def _lanes(snapshot: Snapshot, frame: Series, pairs: Pairs) -> tuple[tuple[Lane, ...], bool, int | None]:
    """The statuses, the most errors first and rate limits last; whether the account marks rate limits; and how many of
    those it counts as errors, None where that is not known."""
    query = Query("failures", snapshot.window, (frame.unit, "status", "rate_limited"), MEASURES, pairs)
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
