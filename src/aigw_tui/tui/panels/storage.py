"""Log storage: how many logs each gateway stores, of how many, and what happens when it is full."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.format import percent, short, whole
from aigw_tui.insight.logstorage import Storage, judge, worst_first
from aigw_tui.model import Gateway, Sheet, Snapshot
from aigw_tui.tui.bars import gauge
from aigw_tui.tui.columns import Column, Figure
from aigw_tui.tui.foot import foot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.gatewaylines import Named, first_of, is_chosen, named, room, table
from aigw_tui.tui.gatewaysheet import storage_sheet
from aigw_tui.tui.lines import Line, Span, gap, line, shorten, strong
from aigw_tui.tui.livewords import NOT_YET, refusal, silent
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import Sorting, headed, ordered
from aigw_tui.tui.tiles import ends, reason

GAUGE = 30
"""Cells of a gauge, where there is room."""
LEAST_GAUGE = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible gateways, and what holds for all."""

    names: tuple[Named, ...] = ()
    storages: tuple[Storage, ...] = ()
    count: int = 0
    """Gateways before scrolling."""
    top: int = 0
    full: int = 0
    lossy: int = 0
    """Of the full ones those that keep nothing new."""
    rows: int | None = None
    """Of all whose count is known."""
    note: str = ""
    empty: str = ""
    """Why there is nothing to show."""


class LogStorage(Panel):
    """How full the logs are."""

    TITLE = "Log storage"
    NEEDS = ("storage", "gateways")
    NOT_KEPT = "how full logs were is not kept"
    SORTINGS = (
        Sorting("g", "gateway", lambda one: one[0].text.casefold()),
        Sorting("l", "logs", lambda one: one[1].rows),
        Sorting("i", "limit", lambda one: one[1].limit),
        Sorting("f", "full", lambda one: one[1].share),
    )
    HELP = (
        "Stored request logs of each gateway beside the limit in its settings, the worst first; the mark in the "
        "gauge is the limit. When it is full a gateway deletes its oldest logs, or keeps no new ones: the requests "
        "go on either way, and so do all counts of this monitor. Cloudflare stores 100,000 logs an account on the "
        "free plan and 10 million a gateway on a paid one (documented). – is a gateway without a count in the last "
        "hour. {row.narrow} narrows to the gateway."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        seen = look_at(scene.snapshot, everything(area))
        return storage_sheet(self.TITLE, seen.names, seen.storages)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        columns = (
            Column("rows", "logs", tuple(_count(one.rows) for one in seen.storages), 2, 7),
            Column("limit", "limit", tuple(_count(one.limit, "muted") for one in seen.storages), 1, 7),
            Column("share", "full", tuple(_share(one) for one in seen.storages), 3, 6),
        )
        heads = headed(columns, area.sort, self.SORTINGS)
        lines, hidden = table(headline(seen, area.width), seen.names, heads, lambda n, w: _remark(seen, n, w), area)
        said = foot(area.width, seen.top, len(seen.names), seen.count, hidden, area.keys.said(seen.note))
        return Drawing(lines, foot=said, first=first_of(area))

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(one.id, one.narrow) for one in seen.names)


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's gateways; those that this area has room for."""
    answers = snapshot.answers("storage", "gateway")
    counts = {(one.account, str(gateway)): rows for one in answers for gateway, rows in one.rows}
    settings: dict[tuple[str, str], Gateway] = {
        (account, gateway.id): gateway for account, gateways in snapshot.gateways for gateway in gateways
    }
    ids = [one for one in dict.fromkeys((*settings, *counts)) if is_chosen(snapshot, *one)]
    if not ids:
        is_known = bool(snapshot.gateways) and any(not one.why for one in answers)
        return Seen(empty=refusal(answers) or ("no gateways here; none stores logs" if is_known else NOT_YET))
    found = [(named(snapshot, *one), judge(settings.get(one), counts.get(one))) for one in ids]
    found.sort(key=lambda one: (*worst_first(one[1]), one[0].text))
    top = max(0, min(area.top, len(found) - room(area)))
    visible = ordered(found, area.sort, LogStorage.SORTINGS)[top : top + room(area)]
    known = [storage.rows for _, storage in found if storage.rows is not None]
    full = [storage for _, storage in found if storage.is_full and storage.role != "muted"]
    return Seen(
        tuple(name for name, _ in visible),
        tuple(storage for _, storage in visible),
        len(found),
        top,
        len(full),
        sum(storage.role == "bad" for storage in full),
        sum(known) if known else None,
        refusal(answers) or silent(answers) or ("" if answers else "logs not counted yet"),
    )


def headline(seen: Seen, width: int) -> Line:
    """`▲ 2 of 5 gateways are full`, and how many logs there are in all."""
    if seen.full:
        role = "bad" if seen.lossy else "warn"
        of = f"{seen.full} of {seen.count}"
        texts = [f"▲ {of} gateways {'is' if seen.full == 1 else 'are'} full", f"▲ {of} full", f"▲ {seen.full}"]
        texts = ["▲ the gateway is full", *texts[1:]] if seen.count == 1 else texts
    elif seen.rows is None:
        role, texts = "muted", ["how full is not known", "– full"]
    else:
        role, texts = "good", ["✓ no gateway is full", "✓ none full", "✓"]
    counts = [f"{form(seen.rows)} logs in all" for form in (whole, short)] if seen.rows is not None else []
    return ends(width, [(strong(text, role),) for text in texts], [line(gap(2), text) for text in counts])


def _remark(seen: Seen, number: int, width: int) -> Line:
    """The gauge, and words beside it; words alone where there is no room for both."""
    storage = seen.storages[number]
    role = storage.role if storage.role in ("warn", "bad") else "muted"
    cells = min(GAUGE, width - max(len(one.remark) for one in seen.storages) - 2)
    if cells < LEAST_GAUGE:
        return (Span(shorten(storage.remark, width), role),)
    drawn: Line = (gap(cells),)
    if storage.rows is not None and storage.limit:
        drawn = gauge(cells, storage.limit, storage.rows, rows=1)[0]
    return (*drawn, gap(2), Span(shorten(storage.remark, width - cells - 2), role))


def _count(value: int | None, role: str = "text") -> Figure:
    return Figure(whole(value), short(value), role if value else "faint")


def _share(storage: Storage) -> Figure:
    text = percent(storage.share)
    role = storage.role if storage.role in ("warn", "bad") else "text" if storage.share else "faint"
    return Figure(text, text, role, storage.is_full)
