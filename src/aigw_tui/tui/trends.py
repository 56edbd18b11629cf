"""Requests over the window as one small row of bars for each provider or gateway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aigw_tui.insight.breakdown import Key
from aigw_tui.insight.joined import whole_hours
from aigw_tui.insight.scoped import where
from aigw_tui.model import Query, Snapshot
from aigw_tui.tui.bars import spark
from aigw_tui.tui.lines import Line
from aigw_tui.tui.series import Series, filled, frame_of


def trends(snapshot: Snapshot, keys: Key) -> Callable[[Key], Series]:
    """Key → (requests,) of each hour or day of the scope's window; today has its hours up to 24:00."""
    frame = frame_of(snapshot, "requests")
    pairs = where(snapshot.views, snapshot.scope, "requests")
    query = Query("requests", whole_hours(snapshot.window), (*keys, frame.unit), ("requests",), pairs)
    found: dict[Key, dict[datetime, tuple[int | None, ...]]] = {}
    for row in snapshot.views.view(query).rows:
        found.setdefault(row.key[:-1], {})[row.key[-1]] = row.values
    return lambda key: filled(frame, found.get(key, {}), 1)


def trend(series: Series, role: str, width: int, on: str = "") -> Line:
    """Exactly `width` cells: as many hours or days in a column as needed, lighter where one of them still fills."""
    bars = series.bars(width, lambda moment: moment.values[0], lambda _: role)
    return tuple(span._replace(on=on) for span in spark(bars, width)[0]) if width else ()
