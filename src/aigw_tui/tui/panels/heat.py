"""Heat: a usual week, the median of a measure for each hour of each weekday."""

from __future__ import annotations

from aigw_tui.insight.heat import Hours, hours, table
from aigw_tui.insight.scoped import is_covered
from aigw_tui.model import DAY, Sheet, Snapshot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.heatlines import FOLDS, NAMES, Seen, drawing, shape
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene
from aigw_tui.tui.tiles import reason
from aigw_tui.tui.usagesheet import measured
from aigw_tui.tui.words import BLIND

THINGS = {"cost": "costs", "cache": "answers from the cache", "errors": "failed requests"}
"""Measure → what there are none of, where it is not its name."""
DAYS = tuple(days for _, days in FOLDS[0])


class Heat(Panel):
    """When it is busy."""

    TITLE = "Heat"
    NEEDS = ("requests", "neurons")
    HAS_MEASURE = True
    HELP = (
        "A usual week: for each hour (UTC) of each weekday the median of what {view.measure} chooses (requests, "
        "tokens, neurons, cost, errors, cache), over the last 4 weeks, or as many whole weeks as the window has, at "
        "most 13. The denser the glyph, the more; · is an hour that nobody knows, ▁ one with none. Hours count once "
        "they grow no more. Brackets (or ●) mark the hour of now; where weekdays are drawn together the border says "
        "so."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot, measure = scene.snapshot, scene.measure
        if not is_covered(snapshot.scope, "requests"):
            return Seen(empty="unknown here; hours are not known by status; {scope.back} goes back")
        found = hours(snapshot, measure)
        single = table(found, DAYS)
        if why := _why(snapshot, found, measure):
            return Seen(empty=why)
        form, now = shape(area), (snapshot.now.weekday(), snapshot.now.hour)
        known = [
            (day, hour, value) for day, row in enumerate(single) for hour, value in enumerate(row) if value is not None
        ]
        return Seen(
            table(found, form.days, form.each),
            measure,
            now,
            single[now[0]][now[1]],
            max(known, key=lambda one: one[2]),
            _span(snapshot, found),
            found.is_estimate,
            found.is_listed,
            found.is_partial,
            found.is_sampled,
        )

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        """A row an hour of the week, whatever the screen draws together; none where hours have no status."""
        snapshot, measure = scene.snapshot, scene.measure
        found = hours(snapshot, measure) if is_covered(snapshot.scope, "requests") else None
        name = measured(
            measure, is_estimate=bool(found and found.is_estimate), is_listed=bool(found and found.is_listed)
        )
        rows = (
            (NAMES[day], hour, value)
            for day, values in enumerate(table(found, DAYS) if found else ())
            for hour, value in enumerate(values)
        )
        return Sheet(self.TITLE, ("weekday", "hour", f"{name}_median"), tuple(rows))

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        return drawing(seen, area)


def _why(snapshot: Snapshot, found: Hours, measure: str) -> str:
    """Why there is nothing to show; empty: there is something."""
    if not found.values:
        return "no hour is known yet; hours count once they are two to three hours old"
    if any(found.values.values()):
        return ""
    things, scope = THINGS.get(measure, measure), snapshot.scope
    if found.is_partial or (measure != "cache" and None in found.values.values()):
        return f"{things} are not known here; {{view.measure}} looks at another measure"
    nothing = f"no {things} in {_span(snapshot, found)}"
    if measure != "requests":
        return f"{nothing}; {{view.measure}} looks at another measure"
    return f"{nothing}; {{scope.back}} goes back" if scope.where or scope.pattern else f"{nothing}; {BLIND}"


def _span(snapshot: Snapshot, found: Hours) -> str:
    """`4 weeks`, `9 days`; with its end where that is past."""
    days = max(round(found.window.length / DAY), 1)
    length = f"{days // 7} weeks" if days % 7 == 0 and days > 7 else f"{days} day{'s' if days > 1 else ''}"
    end = found.window.until
    return f"{length} up to {end:%-d %b}" if snapshot.now - end > DAY else length
