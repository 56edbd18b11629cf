"""⁶ Models: which model does it, with its last 24 hours, requests, neurons and dollars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from aigw_tui.format import clean, dollars, model_name, whole
from aigw_tui.insight.families import Model, account_tints, short_names, tint
from aigw_tui.insight.joined import Usage, total, usage
from aigw_tui.insight.sampling import interval_of
from aigw_tui.insight.scoped import where
from aigw_tui.model import HOUR, Query, Sheet, Trust, Window, hour_of
from aigw_tui.tui.againstlines import column as change
from aigw_tui.tui.againstlines import told
from aigw_tui.tui.bars import Bar, spark
from aigw_tui.tui.columns import Columns, arrange
from aigw_tui.tui.figures import SORTINGS, Look, columns, mark
from aigw_tui.tui.figures import total as with_interval
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, gap, left, line, told_apart, width_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import Sorting, headed, name_head, ordered
from aigw_tui.tui.tiles import hint
from aigw_tui.tui.usagesheet import usage_sheet
from aigw_tui.tui.words import nothing, paragraph, wider

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against

SPARK_HOURS = 24
LONGEST_NAME, LEAST_NAME = 24, 14
WIDE = 96
"""Columns from which all figures, and names in full, are shown."""
LIST_PRICE = "( ) list price, inside the free allowance, not added"
NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class Entry:
    """One model as it is shown."""

    use: Usage
    name: str
    tint: str
    hours: tuple[int | None, ...] = ()
    """Requests of the last 24 hours, the running one last; None is unknown."""

    @property
    def model(self) -> Model:
        return self.use.provider, self.use.model


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible rows, and the sum of all."""

    entries: tuple[Entry, ...] = ()
    all: Usage = NO_USAGE
    count: int = 0
    """Rows before scrolling."""
    top: int = 0
    """How many of them lie above the first entry."""
    filling: tuple[bool, ...] = ()
    """Which of the last 24 hours will still grow."""
    wider: str = ""
    """Said where the rows hold more than the scope does."""
    note: str = ""
    """Why there are no rows."""
    against: Against | None = None


class ModelsPanel(Panel):
    TITLE = "Models"
    KEY = "6"
    NEEDS = ("requests", "neurons")
    SORTINGS = (Sorting("m", "model", lambda use: model_name(use.model).casefold()), *SORTINGS)
    HELP = (
        "Every model of the window, the busiest first. Blue ones run on Workers AI and burn neurons, grey ones cost "
        "dollars; the swatch is their colour everywhere. A price in parentheses is a list price inside the free "
        "allowance: it is not added. ~ marks neurons that are estimated from tokens. A model with neurons but 0 "
        "requests is called past the gateways. With {time.compare} a column tells the difference of what "
        "{view.measure} chooses. {row.narrow} narrows to the model."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot = scene.snapshot
        views, scope = snapshot.views, snapshot.scope
        uses = ordered(usage(views, scope, snapshot.window), area.sort, self.SORTINGS)
        if not uses:
            is_known = bool(views.known("requests", snapshot.window, scope.values("account")))
            return Seen(note=nothing(snapshot, is_known))
        visible, _ = share(area, len(uses))
        top = max(0, min(area.top, len(uses) - visible))
        chosen = uses[top : top + visible]
        names = short_names({use.model for use in uses})
        tints = account_tints(views, scope, snapshot.now)
        end = hour_of(snapshot.now - datetime.resolution) + HOUR
        day = Window(end - HOUR * SPARK_HOURS, end)
        known = views.known("requests", day, scope.values("account"))
        hours = _requests_by_hour(scene, day, chosen)
        entries = (
            Entry(
                use,
                names[use.model],
                tint(tints, use.provider, use.model),
                tuple(hours.get((use.provider, use.model, at), 0) if at in known else None for at in day.hours),
            )
            for use in chosen
        )
        filling = tuple(known.get(at) is Trust.FILLING for at in day.hours)
        together = total(uses, interval=interval_of(snapshot))
        return Seen(tuple(entries), together, len(uses), top, filling, wider(scope), against=scene.against)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        seen = self.look(scene, everything(area))
        rows = (((entry.use.provider, entry.use.model), entry.use) for entry in seen.entries)
        return usage_sheet(self.TITLE, ("provider", "model"), rows)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(
            Target(entry.model, (("provider", entry.use.provider), ("model", entry.use.model)))
            for entry in seen.entries
        )

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.note:
            return Drawing(paragraph(hint(seen.note, area), area.width, area.height))
        _, has_total = share(area, seen.count)
        longest = max((cell_len(clean(entry.name)) for entry in seen.entries), default=0)
        tried = [(day, min(longest, LONGEST_NAME)) for day in spark_widths(area)]
        for day, least in (*tried, (0, min(longest, LEAST_NAME))):  # sparks go before names, and those before figures
            beside = 2 + (day + 1 if day else 0)
            figures = _figures(seen, area, area.width - beside - least)
            room = max(area.width - beside - figures.width, 0)
            if room >= least and not figures.hidden:
                break
        names = [clean(model_name(entry.use.model)) for entry in seen.entries]
        if area.width < WIDE or max(map(cell_len, names), default=0) > room:
            names = [clean(entry.name) for entry in seen.entries]
        name = min(room, max(map(cell_len, names), default=0))
        names = told_apart(names, name)
        middle = area.width - beside - name - figures.width
        lines: list[Line] = []
        if area.form == "box":
            head = Span(left(name_head("model", "model", area.sort), name), "muted", act="sort model")
            since = Span(" " + left("last 24 h", day) if day else "", "muted")
            lines.append((gap(2), head, since, gap(middle), *figures.heads()))
        first = len(lines)
        for number, entry in enumerate(seen.entries):
            is_here = _is_here(entry, area)
            on = "cursor" if is_here else ""
            drawn = (gap(1, on), *sparkline(entry.hours, seen.filling, entry.tint, day, on)) if day else ()
            called = foreign(left(names[number], name), "strong" if is_here else "text", is_here)._replace(on=on)
            lines.append(
                (Span("■ ", entry.tint, on), called, *drawn, gap(middle, on), *figures.row(number, on)),
            )
        if has_total:
            lines.append((Span("─" * area.width, "edge"),))
            every = Span(left("all", max(area.width - figures.width - 2, 0)), "muted")
            lines.append((gap(2), every, *figures.row(len(seen.entries))))
            has_room = len(lines) < area.height and len(LIST_PRICE) <= area.width
            if seen.all.listed_usd is not None and has_room:
                lines += [()] * (area.height - len(lines) - 1)
                lines.append((Span(LIST_PRICE, "muted"),))
        heads = figures.heads() if area.form == "rule" else ()
        return Drawing(tuple(lines), aside=heads, foot=_foot(seen, area, figures, has_total), first=first)


def share(area: Area, models: int) -> tuple[int, bool]:
    """How many models are visible, and whether the total has rows of its own.

    In a box the heads take a row; the total and its rule take two where they are free, or where there is plenty.
    """
    if area.form != "box":
        return min(models, area.height), False
    body = max(area.height - 1, 0)
    has_total = body - models >= 2 or body >= 8
    return min(models, body - 2 if has_total else body), has_total


def spark_widths(area: Area) -> tuple[int, ...]:
    """A column an hour where there is room, else one for two hours, else none: what to try, widest first."""
    if area.form == "bare" or area.width < 44:
        return (0,)
    return (SPARK_HOURS, SPARK_HOURS // 2, 0) if area.width >= 68 else (SPARK_HOURS // 2, 0)


def sparkline(hours: Sequence[int | None], filling: Sequence[bool], role: str, width: int, on: str = "") -> Line:
    """Requests by hour, or by as many hours as a column must hold; lighter where one of them is filling or unknown."""
    each = max(len(hours) // width, 1)
    columns = []
    for n in range(0, len(hours), each):
        mine = hours[n : n + each]
        known = [one for one in mine if one is not None]
        is_final = len(known) == len(mine) and not any(filling[n : n + each])
        columns.append(Bar(sum(known) if known else None, role if is_final else f"{role}:filling"))
    return tuple(span._replace(on=on) for span in spark(columns, width)[0])


def _requests_by_hour(
    scene: Scene, day: Window, chosen: Sequence[Usage]
) -> Mapping[tuple[str, str, datetime], int | None]:
    views, scope = scene.snapshot.views, scene.snapshot.scope
    allowed = dict(where(views, scope, "requests")) | {"model": tuple(sorted({use.model for use in chosen}))}
    query = Query("requests", day, ("provider", "model", "hour"), ("requests",), tuple(allowed.items()))
    return {row.key: row.values[0] for row in views.view(query).rows}


def _is_here(entry: Entry, area: Area) -> bool:
    return area.is_focused and area.cursor == entry.model


def _figures(seen: Seen, area: Area, room: int) -> Columns:
    names = ["requests", "neurons", "$"]
    if area.width >= 64:
        names.insert(1, "errors")
    if area.width >= WIDE:
        names[2:2] = ["hits", "tokens in", "out"]
    here = [Look("strong", True) if _is_here(entry, area) else Look() for entry in seen.entries]
    uses = [*(entry.use for entry in seen.entries), seen.all]
    built = columns(names, uses, [*here, Look("strong", True)], {"requests": "req"})
    built = headed(built, area.sort, ModelsPanel.SORTINGS)
    if seen.against:
        differences = [*(seen.against.model(*entry.model) for entry in seen.entries), seen.against.total]
        built = (built[0], change(seen.against, differences), *built[1:])
    return arrange(built, room)


def _foot(seen: Seen, area: Area, figures: Columns, has_total: bool) -> Line:
    """In the lower border: the total where it has no row, and what is hidden or not in it; each as full as fits."""
    said: list[tuple[str, ...]] = [(seen.wider,)] if seen.wider else []
    if not has_total:
        use, about = seen.all, mark(False, seen.all.is_sampled)
        requests = with_interval(use.requests, use.is_sampled, use.interval)
        everything = f"all  {requests} requests   {about}{whole(use.errors)} errors   "
        burned = f"{mark(use.is_estimate, use.neurons_sampled)}{whole(use.neurons)} neurons   "
        said.append((everything + burned + (about if use.owed_usd else "") + dollars(use.owed_usd),))
    if seen.against:
        said.append(told(seen.against))
    if figures.hidden:
        said.append(("hidden: " + ", ".join(figures.hidden),))
    if len(seen.entries) < seen.count:
        said.append((f"{seen.top + 1}–{seen.top + len(seen.entries)} of {seen.count}",))
    if seen.all.unpriced:
        said.append((f"+ {seen.all.unpriced} unpriced",))
    foot: Line = ()
    for texts in said:
        choices = ((*foot, Span(" · ", "faint"), *line(text)) if foot else line(text) for text in texts)
        foot = next((one for one in choices if width_of(one) + 4 <= area.width), foot)
    return foot
