"""Providers: who is asked, how much of it fails or comes from the cache, and what it costs."""

from __future__ import annotations

from dataclasses import replace

from aigw_tui.format import NO_NAME, clean
from aigw_tui.insight.breakdown import Part, breakdown
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.sampling import interval_of
from aigw_tui.insight.scoped import is_covered
from aigw_tui.model import Sheet, Snapshot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.partlines import drawing, share_out
from aigw_tui.tui.partrows import SORTINGS, Row, Seen, part_sheet
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import Sorting, ordered
from aigw_tui.tui.tiles import reason
from aigw_tui.tui.trends import trends
from aigw_tui.tui.words import nothing

KEYS = ("provider",)
NO_STATUS = "unknown here; requests are not known by status and provider; {scope.back} goes back"


class Providers(Panel):
    """Who is asked."""

    TITLE = "Providers"
    NEEDS = ("requests",)
    SORTINGS = (Sorting("p", "provider", lambda row: row.name.casefold()), *SORTINGS)
    HELP = (
        "Requests of the window by provider, the most first: their trend, how many of them failed (red: more than 5 "
        "%) or came from the cache, their tokens, what they cost, and their share of all requests. A price in "
        "parentheses is a list price inside the free allowance: it is not added. (none) are requests of which "
        "Cloudflare names no provider. What Workers AI ran past the gateways is not in here, see Not routed. "
        "{row.narrow} narrows to the provider."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        rows = self.look(scene, everything(area)).rows
        return part_sheet(self.TITLE, ("provider",), ((row.part.key, row.part) for row in rows))

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        return drawing(seen, area)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(row.id, row.narrow) for row in seen.rows)


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's providers; those that this area has room for."""
    scope, views = snapshot.scope, snapshot.views
    if not is_covered(scope, "requests"):
        return Seen(empty=NO_STATUS)
    found = breakdown(views, scope, snapshot.window, KEYS, interval_of(snapshot))
    if not found.parts:
        is_known = bool(views.known("requests", snapshot.window, scope.values("account")))
        return Seen(empty=nothing(snapshot, is_known))
    room = share_out(area, len(found.parts), has_remarks=False).rows
    top = max(0, min(area.top, len(found.parts) - room))
    by_time = trends(snapshot, KEYS)
    rows = ordered(map(_row, found.parts), area.sort, Providers.SORTINGS)[top : top + room]
    shown = tuple(replace(row, trend=by_time(row.part.key)) for row in rows)
    return Seen(shown, found.all, "provider", scope.current_period.name, len(found.parts), top)


def _row(part: Part) -> Row:
    (name,) = part.key
    tint = "neuron1" if burns_neurons(name, "") else "dollar1"
    return Row(part.key, clean(name) or NO_NAME, part, (("provider", name),), tint=tint)
