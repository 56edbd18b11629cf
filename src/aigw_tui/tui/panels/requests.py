"""Requests: the newest request logs of the scope, the bottom of the ladder; Enter opens one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from textual.message import Message

from aigw_tui.format import clean
from aigw_tui.insight.nologs import names, no_logs, said, unlogged
from aigw_tui.insight.requestfields import FIELDS, fields_of
from aigw_tui.model import Cell, LogRow, NewestLogs, Sheet, Snapshot
from aigw_tui.tui.foot import foot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, line, shorten
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.requestlines import SORTINGS, Seen, above, id_of, lines
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import ordered
from aigw_tui.tui.tiles import first_fit, reason

WHENCE = "UTC, from the gateways' logs"
BESIDE = 2
"""Cells of the border between its words."""
MOST = 200
"""Requests that are shown."""


class Requests(Panel):
    """Single requests, as their gateways logged them."""

    TITLE = "Requests"
    NEEDS = ("logs",)
    NOT_KEPT = "request logs are read from the gateways and not kept"
    ENTER = "open"
    SORTINGS = SORTINGS
    HELP = (
        "The newest request logs of the scope and window, at most 200, the newest first (UTC): what the gateways "
        "themselves keep, where logging is on. They are read over REST while this panel can be seen and never "
        "stored; they count against no GraphQL budget. × marks what failed; hit is an answer from the cache; a price "
        "in parentheses is a list price of Workers AI, not owed. {row.narrow} opens the request with all its fields; "
        "there {request.copy} copies it as JSON, and {request.bodies} shows what was asked and answered, after a "
        "warning and kept nowhere. Reach it with {panel.requests}, or with {row.narrow} on a row that narrows no "
        "further; {scope.back} goes back to where you were."
    )

    class Open(Message):
        """The person wants to see all of one request."""

        def __init__(self, row: LogRow) -> None:
            super().__init__()
            self.row = row

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """All that were read, in the order of the screen; of a request's bodies nothing."""
        seen = self.look(scene, everything(area))
        return Sheet(self.TITLE, FIELDS, tuple(map(_cells, seen.rows)))

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(id_of(row)) for row in seen.rows)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area), aside=_aside(seen, area))
        drawn, hidden = lines(seen, area)
        below = foot(area.width, seen.top, len(seen.rows), seen.count, hidden, *seen.said)
        return Drawing(drawn, aside=_aside(seen, area), foot=below, first=above(area, bool(seen.trouble)))

    @property
    def can_narrow(self) -> bool:
        return bool(self._seen and self._seen.rows)

    def action_narrow(self) -> None:
        for row in self._seen.rows if self._seen is not None else ():
            if id_of(row) == self._cursor:
                self.post_message(self.Open(row))


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """Of the scope's requests those that this area has room for."""
    answers, window = snapshot.newest, snapshot.window
    found = sorted((row for one in answers for row in one.rows if row.at >= window.since), key=_newest_first)[:MOST]
    if not found:
        return Seen(empty=no_logs(snapshot), about=said(snapshot.logs_with))
    trouble = _trouble(snapshot)
    rows = max(area.height - above(area, bool(trouble)), 0)
    top = max(0, min(area.top, len(found) - rows))
    labels = snapshot.labels if len(snapshot.labels) > 1 and len(snapshot.scope.values("account")) != 1 else ()
    is_one = len(snapshot.scope.values("gateway")) == 1
    return Seen(
        ordered(found, area.sort, SORTINGS)[top : top + rows],
        len(found),
        top,
        sum(row.is_error for row in found),
        len(found) == MOST or any(one.is_cut for one in answers),
        labels,
        not is_one and len({row.gateway for row in found}) > 1,
        len(snapshot.scope.values("provider")) != 1,
        any(row.at.date() != snapshot.now.date() for row in found),
        trouble,
        _said(snapshot, answers),
        about=said(snapshot.logs_with),
    )


def _aside(seen: Seen, area: Area) -> Line:
    """Whose requests these are, as much as there is room for: without it they would seem to be all."""
    room = max(area.width - len(Requests.TITLE) - BESIDE, 0)
    if not seen.about:
        return line(WHENCE) if not seen.empty else ()
    return first_fit(room, line(f"{seen.about} · {WHENCE}"), line(shorten(seen.about, room)))


def _newest_first(row: LogRow) -> float:
    return -row.at.timestamp()


def _trouble(snapshot: Snapshot) -> str:
    """`as of 14:01: no answer from …`; of an account that was never read: `without acme: not permitted`."""
    failed = next((one for one in snapshot.newest if one.why), None)
    if failed is None:
        return ""
    label = clean(dict(snapshot.labels).get(failed.account, failed.account))
    start = f"as of {failed.read_at:%H:%M}" if failed.read_at else f"without {label}"
    return f"{start}: {clean(failed.why)} → {clean(failed.remedy)}"


def _said(snapshot: Snapshot, answers: Sequence[NewestLogs]) -> tuple[str, ...]:
    """What the rows lack."""
    found = [f"without {clean(one.gateway)}: {clean(one.why)}" for answer in answers for one in answer.unread[:1]]
    found += [f"logging is off for {names(off)}"] if (off := unlogged(snapshot)) else []
    left_out = sum(one.left_out for one in answers)
    return (*found, f"{left_out} more gateways not asked") if left_out else tuple(found)


def _cells(row: LogRow) -> tuple[Cell, ...]:
    """As one cell each: yes and no are words, metadata is JSON."""
    found = fields_of(row) | {"metadata": json.dumps(dict(row.metadata), ensure_ascii=False) if row.metadata else None}
    words = {True: "true", False: "false"}
    return tuple(words[one] if isinstance(one, bool) else cast("Cell", one) for one in found.values())
