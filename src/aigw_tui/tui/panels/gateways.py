"""Gateways: what goes through each, and what it is set to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aigw_tui.format import NO_NAME
from aigw_tui.insight.breakdown import Part, breakdown
from aigw_tui.insight.gatewaywords import settings
from aigw_tui.insight.joined import Usage
from aigw_tui.insight.sampling import interval_of
from aigw_tui.insight.scoped import is_covered
from aigw_tui.model import Gateway, Sheet, Snapshot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.gatewaylines import Id, is_chosen, named
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.partlines import drawing, share_out
from aigw_tui.tui.partrows import SORTINGS, Row, Seen, part_sheet
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import Sorting, ordered
from aigw_tui.tui.tiles import reason
from aigw_tui.tui.trends import trends
from aigw_tui.tui.words import nothing

KEYS = ("account", "gateway")
NO_STATUS = "unknown here; requests are not known by status and gateway; {scope.back} goes back"
NAMELESS = "requests of which Cloudflare names no gateway"
GONE = "the gateway no longer exists"
NOT_TOLD = "settings not known"
QUIET = Usage(requests=0, errors=0, cache_hits=0, tokens_in=0, tokens_out=0, owed_usd=0.0)


class Gateways(Panel):
    """What goes through which."""

    TITLE = "Gateways"
    NEEDS = ("requests", "gateways")
    SORTINGS = (Sorting("g", "gateway", lambda row: row.name.casefold()), *SORTINGS)
    HELP = (
        "Requests of the window by gateway, the most first, with the figures that Providers has, and below each gateway"
        " what it is set to: logs, cache, rate limit, spend limits. A gateway without requests has a row too. (none) "
        "are requests of which Cloudflare names no gateway. With several accounts the account stands before the "
        "gateway. {row.narrow} narrows to the gateway."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """A gateway's settings are the words below it."""
        found = look_at(scene.snapshot, everything(area)).rows
        rows = (((*row.part.key, *_told(row)), row.part) for row in found)
        return part_sheet(self.TITLE, ("account", "gateway", "settings"), rows)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        return drawing(seen, area)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(row.id, row.narrow) for row in seen.rows)


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's gateways; those that this area has room for."""
    scope, views = snapshot.scope, snapshot.views
    if not is_covered(scope, "requests"):
        return Seen(empty=NO_STATUS)
    found = breakdown(views, scope, snapshot.window, KEYS, interval_of(snapshot))
    told = {(account, one.id): one for account, gateways in snapshot.gateways for one in gateways}
    parts = {(part.key[0], part.key[1]): part for part in found.parts}
    parts |= {
        one: replace(_quiet(snapshot, one[:1]), key=one)
        for one in sorted(told)
        if one not in parts and is_chosen(snapshot, *one)
    }
    if not parts:
        is_known = bool(views.known("requests", snapshot.window, scope.values("account")))
        return Seen(empty=nothing(snapshot, is_known))
    room = share_out(area, len(parts), bool(told)).rows
    top = max(0, min(area.top, len(parts) - room))
    by_time = trends(snapshot, KEYS)
    found_rows = ordered((_row(snapshot, one, part, told) for one, part in parts.items()), area.sort, Gateways.SORTINGS)
    rows = found_rows[top : top + room]
    return Seen(
        tuple(replace(row, trend=by_time(row.part.key)) for row in rows),
        found.all if found.parts else _quiet(snapshot, scope.values("account")),
        "gateway",
        scope.current_period.name,
        len(parts),
        top,
        "settings" if told else "",
        "" if told else NOT_TOLD,
    )


def _quiet(snapshot: Snapshot, account: tuple[str, ...]) -> Part:
    """Without requests, as far as anything was read."""
    return Part(use=QUIET, share=0.0) if snapshot.views.known("requests", snapshot.window, account) else Part()


def _told(row: Row) -> tuple[str | None]:
    return (None if row.remarks[0] == NOT_TOLD else row.remarks[0],)


def _row(snapshot: Snapshot, one: Id, part: Part, told: Mapping[Id, Gateway]) -> Row:
    name = named(snapshot, *one)
    called = name if name.gateway else replace(name, gateway=NO_NAME)
    is_told = any(account == name.account for account, _ in told)
    remarks = settings(told[one]) if one in told else (GONE,) if is_told and name.gateway else ()
    return Row(one, called.text, part, name.narrow, remarks=remarks or (NOT_TOLD if name.gateway else NAMELESS,))
