"""² ³ ⁴ in one: cost, errors and cache where there is no room for three tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from aigw_tui.format import brief_dollars, dollars, percent, whole
from aigw_tui.model import Sheet
from aigw_tui.tui import costlines
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import SUPERSCRIPTS, Drawing
from aigw_tui.tui.lines import Line, Span, gap, right, strong
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import cache, cost, health
from aigw_tui.tui.scene import Area, Scene
from aigw_tui.tui.seriessheet import figures_sheet
from aigw_tui.tui.tiles import ends, first_fit, reason, words

WIDE = 50
"""Cells from which the one line starts with the cost and its projection."""


class Reading(NamedTuple):
    """One figure with what stands beside it."""

    key: str
    word: str
    figure: str
    """`–`: unknown."""
    remarks: tuple[str, ...] = ()
    """Fullest first."""
    is_alarming: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The three readings, and why there are none."""

    readings: tuple[Reading, ...]
    period: str
    empty: str = ""


class Today(Panel):
    """The three tiles in one."""

    TITLE = "Today"
    NEEDS = ("requests", "failures", "neurons")
    HELP = "Cost, errors and cache hits of the window, each as one line; larger terminals show a panel for each."

    def look(self, scene: Scene, area: Area) -> Seen:  # noqa: ARG002
        snapshot = scene.snapshot
        money, failed, cached = cost.look_at(snapshot), health.look_at(snapshot), cache.look_at(snapshot)
        readings = (_cost(money), _errors(failed), _hits(cached))
        return Seen(readings, snapshot.scope.current_period.name.capitalize(), failed.empty)

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        snapshot = scene.snapshot
        money, failed, cached = cost.look_at(snapshot), health.look_at(snapshot), cache.look_at(snapshot)
        return figures_sheet(self.TITLE, (*_money(money), *_counts(failed, cached)))

    def draw(self, seen: Seen, area: Area) -> Drawing:
        width, height = area.width, area.height
        if seen.empty and height >= len(seen.readings):
            return Drawing(reason(seen.empty, area))
        if height < len(seen.readings):
            return Drawing((_one_line(seen.readings, width),)[:height])
        widest = max(len(reading.figure) for reading in seen.readings)
        rows = tuple(_row(reading, max(widest, 7), width) for reading in seen.readings)
        return Drawing(rows, title=seen.period)


def _money(seen: costlines.Seen) -> tuple[tuple[str, float | None], ...]:
    if seen.is_list_price:
        return (("list_usd", seen.spent),)
    return ("owed_usd", seen.spent), ("owed_by_midnight_usd_estimated", seen.likely), ("owed_a_day_usd", seen.a_day)


def _counts(failed: health.Seen, cached: cache.Seen) -> tuple[tuple[str, float | None], ...]:
    """Rates are of 1."""
    return (
        ("requests", failed.requests if not failed.empty else None),
        (failed.column, failed.errors if not failed.empty else None),
        ("error_rate", failed.errors / failed.requests if failed.requests else None),
        ("cache_hits", cached.hits if not cached.empty else None),
        ("hit_rate", cached.hits / cached.requests if cached.requests else None),
        ("saved_usd_estimated", cached.saved.usd),
        ("saved_neurons_estimated", cached.saved.neurons),
    )


def _cost(seen: costlines.Seen) -> Reading:
    remarks: tuple[str, ...] = ()
    if seen.is_list_price:
        remarks = ("list price", "list")
    elif seen.limit and seen.spent is not None and seen.spent >= seen.limit:
        share = percent(seen.spent / seen.limit)
        return Reading("2", "cost", costlines.figure(seen), (f"{share} of {brief_dollars(seen.limit)}", share), True)
    elif seen.likely is not None:
        about = f"~{dollars(seen.likely)}"
        remarks = (f"{about} at 24", about)
    elif seen.a_day is not None:
        remarks = (f"{mark(False, seen.is_sampled)}{dollars(seen.a_day)} a day",)
    return Reading("2", "cost", costlines.figure(seen), remarks)


def _errors(seen: health.Seen) -> Reading:
    found = health.worst(seen)
    if found is None:
        return Reading("3", "errors", health.rate(seen))
    count = mark(False, seen.is_sampled) + whole(found.errors)
    return Reading("3", "errors", health.rate(seen), (f"{count} {found.when}", count), found.is_alarming)


def _hits(seen: cache.Seen) -> Reading:
    """What was saved, as long as the line can also say how much of it is unknown with those words."""
    texts = cache.saved(seen) if seen.hits else ()
    unknown = [f"{texts[0]}, {text}" for text in cache.unknown_words(seen) if texts]
    return Reading("4", "cache", cache.rate(seen), (*unknown, *texts))


def _row(reading: Reading, figure_width: int, width: int) -> Line:
    figure = strong(right(reading.figure, figure_width))
    name = (Span(reading.key.translate(SUPERSCRIPTS), "accent"), Span(f" {reading.word:<6}", "muted"))
    lefts: list[Line] = [(*name, figure), (Span(f"{reading.word:<6}", "muted"), figure), (strong(reading.figure),)]
    return ends(width, lefts, [_remark(reading, text) for text in reading.remarks])


def _remark(reading: Reading, text: str) -> Line:
    if not reading.is_alarming:
        return words(text)
    count, space, rest = text.partition(" ")
    return (strong(count, "bad"), *words(space + rest)) if rest else (strong(count, "bad"),)


def _one_line(readings: tuple[Reading, ...], width: int) -> Line:
    """All figures in a row; the last ones give way."""
    money, errors, hits = readings
    failed: Line = (strong(errors.figure), Span(" errors", "muted"))
    cached: Line = (strong(hits.figure), Span(" hits", "muted"))
    spent: Line = (strong(money.figure),)
    if width >= WIDE:
        about = (Span(f" {money.remarks[-1]}", "muted"),) if money.remarks else ()
        space = gap(3)
        heads = [(gap(2), *spent, *about, space), (*spent, space)]
        return first_fit(width, *((*head, *failed, space, *cached) for head in heads))
    return ends(width, [(*failed, gap(3), *cached), failed, failed[:1]], [spent])
