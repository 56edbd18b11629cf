"""Log coverage: requests that were counted beside logs that are kept, by gateway, with a reason for the difference."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.format import UNKNOWN, clean, percent, short, whole
from aigw_tui.insight.logcoverage import Coverage, Evidence, judge
from aigw_tui.model import Gateway, Logged, Query, Sheet, Snapshot, Window
from aigw_tui.tui.columns import Column, Figure
from aigw_tui.tui.foot import foot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.gatewaylines import Id, Named, first_of, is_chosen, named, room, table
from aigw_tui.tui.gatewaysheet import coverage_sheet
from aigw_tui.tui.lines import Line, Span, line, shorten, strong
from aigw_tui.tui.livewords import NOT_YET
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import Sorting, headed, ordered
from aigw_tui.tui.tiles import ends, reason

ORDER = {"bad": 0, "warn": 1, "muted": 2, "good": 3}


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible gateways, and all together."""

    names: tuple[Named, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    count: int = 0
    """Gateways before scrolling."""
    top: int = 0
    requests: int = 0
    """Of the gateways that can be compared."""
    covered: int = 0
    """Those of them that have a log; what one gateway has too many does not make up for another."""
    is_sampled: bool = False
    span: str = ""
    """The closed window."""
    empty: str = ""
    """Why there is nothing to show."""


class LogCoverage(Panel):
    """What is missing from the logs."""

    TITLE = "Log coverage"
    NEEDS = ("gateways", "logged", "requests", "storage")
    NOT_KEPT = "which logs there were is not kept"
    SORTINGS = (
        Sorting("g", "gateway", lambda one: one[0].text.casefold()),
        Sorting("r", "requests", lambda one: one[1].requests),
        Sorting("l", "logs", lambda one: one[1].logs),
        Sorting("i", "missing", lambda one: one[1].missing),
        Sorting("c", "covered", lambda one: one[1].share),
    )
    HELP = (
        "Requests that analytics counted in a window that is over, beside the logs that the gateway itself holds of "
        "it. Analytics counts every request, also when logging is off. Each gateway has one reason for its difference, "
        "the first that the evidence allows: logs that cannot be read, logging off, a full store, old logs deleted for "
        "room, retries (two attempts are two logs and one request), sampled counts (±), or none. Whole gateways are "
        "compared, whatever model the scope is narrowed to. {row.narrow} narrows to the gateway."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        seen = look_at(scene.snapshot, everything(area))
        return coverage_sheet(self.TITLE, seen.names, seen.coverages)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        columns = (
            Column("requests", "requests", tuple(_requests(one) for one in seen.coverages), 3, 8),
            Column("logs", "logs", tuple(_count(one.logs) for one in seen.coverages), 2, 8),
            Column("missing", "missing", tuple(_missing(one) for one in seen.coverages), 1, 7),
            Column("covered", "covered", tuple(_share(one) for one in seen.coverages), 4, 7),
        )
        heads = headed(columns, area.sort, self.SORTINGS)
        lines, hidden = table(headline(seen, area.width), seen.names, heads, lambda n, w: _remark(seen, n, w), area)
        said = foot(area.width, seen.top, len(seen.names), seen.count, hidden)
        return Drawing(lines, aside=line(f"{seen.span} UTC"), foot=said, first=first_of(area))

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(one.id, one.narrow) for one in seen.names)


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's gateways; those that this area has room for."""
    accounts = snapshot.scope.values("account")
    chosen = [one for one in snapshot.logged if not accounts or one[0] in accounts]
    found = [
        (named(snapshot, *id_), judge(evidence))
        for account, window, logged in chosen
        for id_, evidence in _evidence(snapshot, account, window, logged).items()
        if is_chosen(snapshot, *id_)
    ]
    if not found:
        return Seen(empty="no gateways here; nothing is logged" if chosen else NOT_YET)
    found.sort(key=lambda one: (ORDER[one[1].role], -(one[1].missing or 0), one[0].text))
    top = max(0, min(area.top, len(found) - room(area)))
    visible = ordered(found, area.sort, LogCoverage.SORTINGS)[top : top + room(area)]
    compared = [one for _, one in found if one.missing is not None]
    return Seen(
        tuple(name for name, _ in visible),
        tuple(one for _, one in visible),
        len(found),
        top,
        sum(one.requests or 0 for one in compared),
        sum(min(one.requests or 0, one.logs or 0) for one in compared),
        any(one.is_sampled for one in compared),
        _span([window for _, window, _ in chosen]),
    )


def headline(seen: Seen, width: int) -> Line:
    """`97 % of 12,345 requests have a log`"""
    share = f"{'±' if seen.is_sampled else ''}{percent(seen.covered / seen.requests if seen.requests else None)}"
    texts = [f" of {whole(seen.requests)} requests have a log", f" of {short(seen.requests)} have a log", " logged"]
    texts = texts if seen.requests else [" no requests to compare"]
    figure = strong(share)
    return ends(width, [*((figure, Span(text, "muted")) for text in texts), (figure,)])


def _evidence(snapshot: Snapshot, account: str, window: Window, logged: tuple[Logged, ...]) -> dict[Id, Evidence]:
    """Each gateway of the account: those with logs, with settings, and with requests in the window."""
    views, pairs = snapshot.views, (("account", (account,)),)
    known = views.known("requests", window, (account,))
    is_read = all(hour in known for hour in window.hours)
    rows = views.view(Query("requests", window, ("gateway",), ("requests",), pairs)).rows
    requests: dict[str, int] = {row.key[0]: int(row.values[0] or 0) for row in rows}
    settings: dict[str, Gateway] = {
        one.id: one for owner, gateways in snapshot.gateways if owner == account for one in gateways
    }
    has_settings = any(owner == account for owner, _ in snapshot.gateways)
    stored = {
        row[0]: row[1] for one in snapshot.answers("storage", "gateway") if one.account == account for row in one.rows
    }
    logs = {one.gateway: one for one in logged}
    is_sampled = bool(views.sampled("requests", window, (account,)))
    nothing = Logged("", None)
    return {
        (account, gateway): Evidence(
            requests.get(gateway, 0) if is_read else None,
            logs.get(gateway, nothing).rows,
            logs.get(gateway, nothing).why,
            settings.get(gateway),
            stored.get(gateway),
            snapshot.now - window.since,
            is_sampled,
            has_settings and gateway not in settings and gateway not in logs,
        )
        for gateway in dict.fromkeys((*logs, *settings, *requests))
    }


def _span(windows: list[Window]) -> str:
    """`23 Nov 00:00–12:00`"""
    since, until = min(one.since for one in windows), max(one.until for one in windows)
    end = f"{until:%H:%M}" if until.date() == since.date() else f"{until:%-d %b %H:%M}"
    return f"{since:%-d %b %H:%M}–{end}"


def _remark(seen: Seen, number: int, width: int) -> Line:
    one = seen.coverages[number]
    return (Span(shorten(clean(one.remark), width), one.role if one.role in ("warn", "bad") else "muted"),)


def _count(value: int | None, about: str = "") -> Figure:
    return Figure(about + whole(value), about + short(value), "text" if value else "faint")


def _requests(one: Coverage) -> Figure:
    return _count(one.requests, "±" if one.is_sampled and one.requests else "")


def _missing(one: Coverage) -> Figure:
    """How many have no log; `+3` where there are more logs."""
    if one.missing is None or one.missing >= 0:
        return _count(one.missing, "±" if one.is_sampled and one.missing else "")
    return Figure(f"+{whole(-one.missing)}", f"+{short(-one.missing)}", "muted")


def _share(one: Coverage) -> Figure:
    text = f"{'±' if one.is_sampled and one.share else ''}{percent(one.share)}"
    role = one.role if one.role in ("warn", "bad") else "text"
    return Figure(text, text, "faint" if text == UNKNOWN else role)
