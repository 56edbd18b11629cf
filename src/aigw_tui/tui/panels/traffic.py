"""⁵ Traffic: a measure over time, stacked by model; zoomed it is a line chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aigw_tui.insight.families import Model, account_tints, short_names
from aigw_tui.insight.joined import total, usage
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.insight.scoped import is_covered
from aigw_tui.insight.traffic import buckets, frame_of, step_of, with_expected
from aigw_tui.model import Sheet, day_of, hour_of
from aigw_tui.tui.againstlines import told
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, line, plain
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import MANY, Area, Scene
from aigw_tui.tui.tiles import first_fit, hint
from aigw_tui.tui.trafficlines import UNITS, Seen, bars, legend, lines, states, whole_ones
from aigw_tui.tui.trafficsheet import traffic_sheet
from aigw_tui.tui.words import nothing, paragraph, wider

MOST = 48
"""Bars that are looked at however narrow the chart: what is not drawn still tells that there was something."""

BESIDE_TITLE = 5
"""Columns of a border that are neither its title nor what stands behind that."""


class TrafficPanel(Panel):
    TITLE = "Traffic"
    KEY = "5"
    NEEDS = ("requests", "neurons")
    HAS_MEASURE = True
    HELP = (
        "What {view.measure} chooses (requests, tokens, neurons, cost, errors, cache) over the window: by hour up to "
        "48 hours, by day up to 31 days, by week beyond. Blue models burn neurons, grey ones cost dollars; failed "
        "requests are red, on top, and counted where they are a tenth or more. Lighter bars are still filling, the "
        "palest are what the rest of today is expected to bring. – is an hour that was never read. Zoomed it is a "
        "line a model. With {time.compare} dashes mark where a bar ended at another time, the sum stands below."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot, measure = scene.snapshot, scene.measure
        views, scope, now = snapshot.views, snapshot.scope, snapshot.now
        frame = frame_of(views, scope, snapshot.window)
        tints = account_tints(views, scope, now)
        found = buckets(views, scope, frame, measure, tints, now, max(area.width, MOST))
        is_running = frame.since <= now < frame.until or snapshot.window.until == now
        if is_running and step_of(frame) == "hour" and day_of(now) == frame.since:
            found = with_expected(found, views, scope, measure, now)
        if not any(bucket.height or bucket.expected for bucket in found):
            known = bool(views.known("requests", snapshot.window, scope.values("account")))
            is_quiet = any(bucket.requests for bucket in found)
            note = f"no {UNITS.get(measure, measure)} in this window" if is_quiet else nothing(snapshot, known)
            return Seen(measure=measure, note=note)
        return Seen(
            found,
            measure,
            step_of(frame),
            hour_of(now) if is_running else None,
            snapshot.window.since if frame.since < snapshot.window.since else None,
            _names(tints) if area.is_zoomed else (),
            is_one=len(scope.values("model")) == 1,
            is_estimate=measure == "neurons" and not is_covered(scope, "neurons"),
            unpriced=total(usage(views, scope, frame)).unpriced if measure == "cost" else 0,
            is_sampled=is_sampled(views, scope, frame, "neurons" if measure == "neurons" else "requests"),
            against=scene.against,
            wider=wider(scope),
        )

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """Also what the chart has no room for."""
        found = self.look(scene, replace(area, width=MANY)).buckets
        return traffic_sheet(self.TITLE, scene.snapshot, scene.measure, found)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.note:
            return Drawing(paragraph(hint(seen.note, area), area.width, area.height))
        height = area.height - (area.height >= 5)
        in_lines = lines(seen, area.width, height) if area.is_zoomed and not seen.against else None
        drawn = in_lines or bars(seen, area.width, height)
        pale = [state for state in states(seen, in_lines is not None) if state not in plain(drawn)]
        below = legend(seen, area.width, in_lines is not None, pale)
        shown = (*drawn, below)[: max(area.height, 0)]
        unsaid = [state for state in pale if state not in plain(shown)]
        is_cut = in_lines is not None and len(whole_ones(seen)) < len(seen.buckets)
        rest = [seen.wider] if seen.wider else []
        rest += [f"+ {seen.unpriced} unpriced"] if seen.unpriced else []
        feet = [" · ".join([text, *rest]) for text in told(seen.against)] if seen.against else [" · ".join(rest)]
        foot = first_fit(area.width - 4, *map(line, feet))
        return Drawing(shown, aside=_aside(seen, area.width, seen.step if is_cut else "", unsaid), foot=foot)


def unit(seen: Seen) -> str:
    """`requests an hour, UTC`"""
    name = UNITS.get(seen.measure, seen.measure)
    if seen.measure == "cache":
        return f"{name} by {seen.step}, UTC"
    article = "an" if seen.step == "hour" else "a"
    return f"{mark(seen.is_estimate, seen.is_sampled)}{name} {article} {seen.step}, UTC"


def _aside(seen: Seen, width: int, running: str, unsaid: list[str]) -> Line:
    """The unit, and what of the chart no word says elsewhere; that goes before the unit where there is no room."""
    notes = [f"without the running {running}"] if running else []
    notes += [f"lighter: {', '.join(unsaid)}"] if unsaid else []
    told = "; ".join(notes)
    full = f"{unit(seen)}; {told}" if told else unit(seen)
    brief = (told, ", ".join(unsaid)) if running or "filling" in unsaid else ()
    room = width - len(TrafficPanel.TITLE) - BESIDE_TITLE
    return first_fit(room, *(line(text) for text in (full, *brief, unit(seen)) if text))


def _names(tints: Mapping[Model, str]) -> tuple[tuple[str, str], ...]:
    """(role, what the line of that role is called)."""
    short = short_names({model for _, model in tints})
    named: dict[str, list[str]] = {}
    for (_, model), role in tints.items():
        named.setdefault(role, []).append(short[model])
    return tuple((role, models[0] if len(models) == 1 else f"{len(models)} more") for role, models in named.items())
