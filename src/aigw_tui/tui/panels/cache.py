"""⁴ Cache: how much was answered without asking a model, whether that grows, and what it saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aigw_tui.format import dollars, model_name, percent, short, whole
from aigw_tui.insight import prices
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import DAY, HOUR, Query, Row, Snapshot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, left, line, right, strong, width_of
from aigw_tui.tui.panel import Area, Panel, Scene
from aigw_tui.tui.series import NOTHING, Moment, Series, series
from aigw_tui.tui.tiles import chart, ends, explained, first_fit, words
from aigw_tui.tui.words import nothing

ZOOMED_FROM = 9
"""Rows from which there is room for the models."""
MEASURES = ("requests", "cache_hits", "cost_usd", "uncached_tokens_in", "uncached_tokens_out")


@dataclass(frozen=True, slots=True)
class Seen:
    """Answers from the cache in the scope's window."""

    hits: int = 0
    requests: int = 0
    hours: Series = NOTHING
    """(hits, requests) of each hour or day."""
    first: Moment | None = None
    """The first hour or day with requests."""
    last: Moment | None = None
    """The last that is over."""
    saved: float | None = None
    unit: Literal["USD", "neurons"] = "USD"
    models: tuple[tuple[str, int, int], ...] = ()
    """(model, hits, requests), most hits first."""
    empty: str = ""
    """Why there is nothing to show."""


class Cache(Panel):
    """What the cache answers."""

    TITLE = "Cache"
    KEY = "4"
    NEEDS = ("requests",)
    HELP = (
        "Requests that the gateway answered from its cache, of all requests of the window. What was saved is an "
        "estimate (~): hits times the average cost of an uncached request of the same model; in neurons where the "
        "scope holds Workers AI alone."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, has_room=area.height >= ZOOMED_FROM)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        width, height = area.width, area.height
        if seen.empty:
            return Drawing(explained(width, height, seen.empty, seen.empty.partition(";")[0]))
        rest = [_span(seen, width), first_fit(width, *(words(text) for text in saved(seen)))]
        if height >= ZOOMED_FROM:
            rest += [(), *_models(seen, width)[: (height - 6) // 2]] if seen.models else []
            middle = height - 1 - len(rest)
        else:
            middle = 2 if height >= 5 else 1 if height > 1 else 0
        bars = chart(seen.hours, _share, lambda _: "neuron1", width, middle)
        return Drawing((_headline(seen, width), *bars, *rest)[:height])


def look_at(snapshot: Snapshot, has_room: bool = False) -> Seen:
    """The scope's cache; `has_room` adds what only a zoomed panel shows."""
    scope, views = snapshot.scope, snapshot.views
    if not is_covered(scope, "requests"):
        return Seen(empty="hits are not known by status")
    pairs = where(views, scope, "requests")
    hours = series(snapshot, "requests", ("cache_hits", "requests"), pairs)
    busy = [moment for moment in hours.moments if moment.values[1]]
    if not busy:
        return Seen(empty=nothing(scope, hours.is_known))
    length = HOUR if hours.unit == "hour" else DAY
    over = [moment for moment in busy if moment.start + length <= snapshot.now]
    rows = views.view(Query("requests", snapshot.window, ("provider", "model"), MEASURES, pairs)).rows
    is_neurons = all(burns_neurons(*row.key) for row in rows)
    return Seen(
        hits=sum(int(moment.values[0] or 0) for moment in busy),
        requests=sum(int(moment.values[1] or 0) for moment in busy),
        hours=hours,
        first=busy[0],
        last=over[-1] if over and over[-1] != busy[0] else None,
        saved=_saved(rows, is_neurons),
        unit="neurons" if is_neurons else "USD",
        models=_most(rows) if has_room else (),
    )


def rate(seen: Seen) -> str:
    """`34 %`, `–`."""
    return percent(seen.hits / seen.requests if seen.requests else None)


def saved(seen: Seen) -> tuple[str, ...]:
    """What was saved, fullest first."""
    if not seen.hits:
        return ("nothing saved yet",)
    if seen.saved is None:
        return ("– saved",)
    amount = dollars(seen.saved) if seen.unit == "USD" else f"{whole(seen.saved)} neurons"
    return f"~{amount} saved", f"~{amount}"


def _saved(rows: tuple[Row, ...], is_neurons: bool) -> float | None:
    """Hits × the average of an uncached request of the same model; list prices of Workers AI are no money."""
    found = []
    for (provider, model), (requests, hits, cost, tokens_in, tokens_out), unknown, _ in rows:
        misses = (requests or 0) - (hits or 0)
        if not hits or misses <= 0 or (unknown and not is_neurons) or burns_neurons(provider, model) is not is_neurons:
            continue
        spent = prices.neurons(model, tokens_in, tokens_out) if is_neurons else cost
        if spent is not None:
            found.append(hits * spent / misses)
    return sum(found) if found else None


def _most(rows: tuple[Row, ...]) -> tuple[tuple[str, int, int], ...]:
    models = [(row.key[1], int(row.values[1] or 0), int(row.values[0] or 0)) for row in rows]
    return tuple(sorted(models, key=lambda one: (-one[1], one[0]))[:12])


def _share(moment: Moment) -> float | None:
    hits, requests = moment.values
    return (hits or 0) / requests if requests else 0.0


def _headline(seen: Seen, width: int) -> Line:
    share = strong(rate(seen))
    counts = [f"{form(seen.hits)} of {form(seen.requests)}" for form in (whole, short)]
    rights: list[Line] = [(Span(text, "muted"),) for text in (*counts, whole(seen.hits))]
    return ends(width, [(share, Span(" hits", "muted")), (share,)], rights)


def _span(seen: Seen, width: int) -> Line:
    """The rate of the first hour or day, and of the last that is over."""
    ends_of = [words(f"{seen.hours.label(m.start)} {percent(_share(m))}") for m in (seen.first, seen.last) if m]
    if len(ends_of) == 2 and width_of(ends_of[0]) + width_of(ends_of[1]) < width:
        return ends(width, ends_of[:1], ends_of[1:])
    return first_fit(width, *reversed(ends_of))


def _models(seen: Seen, width: int) -> list[Line]:
    name_width = min(48, max(width - 30, 0))
    return [
        first_fit(
            width,
            line(
                Span(left(foreign(model_name(model)).text, name_width), "text"),
                Span(right(percent(hits / requests if requests else None), 8), "text"),
                Span(right(f"{whole(hits)} of {whole(requests)}", 22), "muted"),
            ),
        )
        for model, hits, requests in seen.models
    ]
