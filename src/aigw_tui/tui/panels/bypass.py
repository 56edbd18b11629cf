"""Not routed: how much of Workers AI's work passed no gateway, and which models did it."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.format import clock, model_name, percent, short, whole
from aigw_tui.insight.bypass import Bypass, Routed, bypass
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.model import Sheet, Snapshot
from aigw_tui.tui.columns import Column, Figure, arrange
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, left, line, strong, width_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import Sorting, headed, name_head, ordered
from aigw_tui.tui.tiles import first_fit, reason, words

ABOVE = 3
"""Rows above the table's heads, where there is room for them."""
WIDEST_NAME = 48
NOTHING = Routed("", 0, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """Inferences of the scope's window, and the visible models."""

    all: Routed = NOTHING
    models: tuple[Routed, ...] = ()
    count: int = 0
    """Models before scrolling."""
    top: int = 0
    period: str = ""
    is_sampled: bool = False
    upto: str = ""
    """`13:00`, or a date with it: the end of what is counted."""
    empty: str = ""
    """Why there is nothing to show."""


class NotRouted(Panel):
    """What bypasses the gateways."""

    TITLE = "Not routed"
    NEEDS = ("neurons", "requests", "failures")
    SORTINGS = (
        Sorting("m", "model", lambda one: model_name(one.model).casefold()),
        Sorting("i", "inferences", lambda one: one.inferences),
        Sorting("n", "not routed", lambda one: one.past),
        Sorting("s", "share", lambda one: one.share),
    )
    HELP = (
        "Inferences of Workers AI that no gateway knows of: all that ran, less the gateways' requests to its models "
        "that were neither answered from the cache nor turned away by a rate limit, by model and hour. They burn "
        "neurons without cache, logs and limits. An estimate (~): a request that a gateway tried again is one request "
        "and several inferences. The last 40 minutes are left out, because neurons come late; longer windows than 14 "
        "days count whole days. In a scope narrowed to a gateway it is unknown."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot = scene.snapshot
        found = bypass(snapshot.views, snapshot.scope, snapshot.window, snapshot.now)
        if found is None or not found.all.inferences:
            return Seen(empty=_why(found))
        rows = max(area.height - _head(area) - 1, 0)
        top = max(0, min(area.top, len(found.models) - rows))
        return Seen(
            found.all,
            ordered(found.models, area.sort, self.SORTINGS)[top : top + rows],
            len(found.models),
            top,
            snapshot.scope.current_period.name,
            is_sampled(snapshot.views, snapshot.scope, snapshot.window, "neurons"),
            _upto(snapshot, found),
        )

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        columns = ("model", "inferences", "not_routed_estimated", "share_estimated")
        models = self.look(scene, everything(area)).models
        return Sheet(self.TITLE, columns, tuple((one.model, one.inferences, one.past, one.share) for one in models))

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        lines = [headline(seen.all, seen.period, area.width)]
        if _head(area) > 1:
            about = ("~", "±") if seen.is_sampled else ("", "")  # of a sample the difference is an estimate twice over
            figures = f"{about[0]}{whole(seen.all.past)} of {about[1]}{whole(seen.all.inferences)} inferences"
            rest = [
                f"{figures} up to {seen.upto} UTC; neurons come 40 minutes late",
                f"{figures} up to {seen.upto} UTC",
            ]
            lines += [first_fit(area.width, *map(words, rest), words(figures)), ()]
        first = len(lines) + 1
        lines += _table(seen, area)
        foot = line(f"{seen.top + 1}–{seen.top + len(seen.models)} of {seen.count}")
        is_cut = len(seen.models) < seen.count and width_of(foot) + 4 <= area.width
        return Drawing(tuple(lines[: area.height]), foot=foot if is_cut else (), first=first)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(one.model, (("model", one.model),)) for one in seen.models)


def headline(all_: Routed, period: str, width: int) -> Line:
    """`~31 % of today's inferences bypass your gateways`."""
    share = f"{'~' if all_.past else ''}{percent(all_.share)}"
    whose = "today's inferences" if period == "today" else f"the inferences ({period})"
    texts = (f" of {whose} bypass your gateways", " bypass your gateways", " not routed", "")
    return first_fit(width, *((strong(share), Span(text, "muted")) for text in texts))


def _why(found: Bypass | None) -> str:
    if found is None:
        return "unknown here; Workers AI counts for the account and knows no gateway, provider or status"
    if found.until is None:
        return "nothing to compare yet; neurons come 40 minutes late"
    return "no inferences in this window; Workers AI ran nothing that has been counted yet"


def _upto(snapshot: Snapshot, found: Bypass) -> str:
    if found.until is None:
        return ""
    is_today = found.until.date() == snapshot.now.date()
    return clock(found.until) if is_today else f"{found.until:%-d %b} {clock(found.until)}"


def _head(area: Area) -> int:
    """Rows above the table's heads."""
    return ABOVE if area.height >= ABOVE + 3 else 1


def _table(seen: Seen, area: Area) -> list[Line]:
    """Models with what they ran, what passed the gateways by, and its share."""
    about = mark(False, seen.is_sampled)
    figures = arrange(
        headed(
            (
                Column("inferences", "inferences", tuple(_count(one.inferences, about) for one in seen.models), 1),
                Column("not routed", "not routed", tuple(_count(one.past, "~") for one in seen.models), 3),
                Column("share", "share", tuple(_share(one) for one in seen.models), 2, 7),
            ),
            area.sort,
            NotRouted.SORTINGS,
        ),
        area.width,
        gap=2,
    )
    name_width = min(max(area.width - figures.width, 0), WIDEST_NAME)
    title = Span(left(name_head("model", "model", area.sort), name_width), "muted", act="sort model")
    lines: list[Line] = [(title, *figures.heads())] if seen.models else []
    for number, one in enumerate(seen.models):
        on = "cursor" if area.is_focused and area.cursor == one.model else ""
        name = Span(left(foreign(model_name(one.model)).text, name_width), "text", on)
        lines.append((name, *figures.row(number, on)))
    return lines


def _count(value: int, about: str = "") -> Figure:
    about = about if value else ""
    return Figure(about + whole(value), about + short(value), "text" if value else "faint")


def _share(one: Routed) -> Figure:
    text = f"{'~' if one.past else ''}{percent(one.share)}"
    return Figure(text, text, "text" if one.past else "faint")
