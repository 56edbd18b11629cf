"""⁴ Cache: how much was answered without asking a model, whether that grows, and what it saved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aigw_tui.format import clean, dollars, model_name, percent, short, whole
from aigw_tui.insight.sampling import interval_of, is_sampled
from aigw_tui.insight.savings import Saved, Saving, savings
from aigw_tui.insight.savings import saved as together
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import DAY, HOUR, Interval, Sheet, Snapshot
from aigw_tui.tui.figures import mark, part_of
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, left, line, plain, right, strong, told_apart, width_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, at_cursor
from aigw_tui.tui.series import NOTHING, Moment, Series, series
from aigw_tui.tui.seriessheet import series_sheet
from aigw_tui.tui.tiles import chart, ends, first_fit, reason, words
from aigw_tui.tui.words import nothing

ZOOMED_FROM = 9
"""Rows from which there is room for the models."""
MOST_MODELS = 12
COUNTS, WORTH = 21, 18
"""Cells of a model's hits and requests, and of what they saved."""
NOTHING_SAVED = Saved()


@dataclass(frozen=True, slots=True)
class Seen:
    """Answers from the cache in the scope's window."""

    hits: int = 0
    requests: int = 0
    is_sampled: bool = False
    interval: Interval | None = None
    """Of the requests."""
    hours: Series = NOTHING
    """(hits, requests) of each hour or day."""
    first: Moment | None = None
    """The first hour or day with requests."""
    last: Moment | None = None
    """The last that is over."""
    saved: Saved = NOTHING_SAVED
    models: tuple[Saving, ...] = ()
    """Most hits first."""
    empty: str = ""
    """Why there is nothing to show."""


class Cache(Panel):
    """What the cache answers."""

    TITLE = "Cache"
    KEY = "4"
    NEEDS = ("requests",)
    HELP = (
        "Requests that the gateway answered from its cache, of all requests of the window. What was saved is an "
        "estimate (~): hits times the average cost of an uncached request of the same model, in neurons for Workers AI "
        "and in dollars for all others. Models without a known price are left out, and counted in the border. "
        "Zoomed it says so for each model; {row.narrow} narrows to one."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        seen = look_at(scene.snapshot, has_room=area.height >= ZOOMED_FROM)
        return replace(seen, models=seen.models[: max((area.height - 6) // 2, 0)])

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(
            Target((one.provider, one.model), (("provider", one.provider), ("model", one.model))) for one in seen.models
        )

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        return series_sheet(self.TITLE, ("cache_hits", "requests"), look_at(scene.snapshot).hours)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        width, height = area.width, area.height
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        rest = [_span(seen, width), first_fit(width, *(words(text) for text in saved(seen)))]
        if height >= ZOOMED_FROM:
            rest += [(), *_models(seen, area)] if seen.models else []
            middle = height - 1 - len(rest)
        else:
            middle = 2 if height >= 5 else 1 if height > 1 else 0
        bars = chart(seen.hours, _share, lambda _: "neuron1", width, middle)
        drawn = (_headline(seen, width), *bars, *rest)[:height]
        first = len(drawn) - len(seen.models) if seen.models else None
        return Drawing(drawn, foot=_foot(seen, rest[1], width), first=first)


def look_at(snapshot: Snapshot, has_room: bool = False) -> Seen:
    """The scope's cache; `has_room` adds what only a zoomed panel shows."""
    scope, views = snapshot.scope, snapshot.views
    if not is_covered(scope, "requests"):
        return Seen(empty="hits are not known by status")
    pairs = where(views, scope, "requests")
    hours = series(snapshot, "requests", ("cache_hits", "requests"), pairs)
    busy = [moment for moment in hours.moments if moment.values[1]]
    if not busy:
        return Seen(empty=nothing(snapshot, hours.is_known))
    length = HOUR if hours.unit == "hour" else DAY
    over = [moment for moment in busy if moment.start + length <= snapshot.now]
    models = savings(views, scope, snapshot.window)
    return Seen(
        hits=sum(int(moment.values[0] or 0) for moment in busy),
        requests=sum(int(moment.values[1] or 0) for moment in busy),
        is_sampled=is_sampled(views, scope, snapshot.window),
        interval=interval_of(snapshot),
        hours=hours,
        first=busy[0],
        last=over[-1] if over and over[-1] != busy[0] else None,
        saved=together(models),
        models=models[:MOST_MODELS] if has_room else (),
    )


def rate(seen: Seen) -> str:
    """`34 %`, `–`."""
    return percent(seen.hits / seen.requests if seen.requests else None)


def saved(seen: Seen) -> tuple[str, ...]:
    """What was saved, fullest first; neurons give way before dollars do."""
    if not seen.hits:
        return ("nothing saved yet",)
    amounts = _amounts(seen.saved.usd, seen.saved.neurons)
    if not amounts:
        return ("– saved",)
    both = " + ".join(amounts)
    return tuple(dict.fromkeys((f"{both} saved", both, f"{amounts[0]} saved", amounts[0])))


def unknown_words(seen: Seen) -> tuple[str, ...]:
    """How many of the models with hits have no known price, fullest first; empty: all have."""
    count, of = seen.saved.unknown, seen.saved.models
    return (f"{count} of {of} models unknown", f"{count} of {of} unknown", f"{count} unknown") if count else ()


def _amounts(usd: float | None, neurons: float | None, width: int = 99) -> list[str]:
    """`~$0.53`, `~1,264 neurons`: what is known of the two; neurons are short where they are wider than that."""
    money = [] if usd is None else [f"~{dollars(usd)}"]
    if neurons is None:
        return money
    burned = f"~{whole(neurons)} neurons"
    return [*money, burned if len(burned) <= width else f"~{short(neurons)} neurons"]


def _share(moment: Moment) -> float | None:
    hits, requests = moment.values
    return (hits or 0) / requests if requests else 0.0


def _headline(seen: Seen, width: int) -> Line:
    share = strong(rate(seen))
    counts = part_of(seen.hits, seen.requests, seen.is_sampled, seen.interval)
    rights: list[Line] = [(Span(text, "muted"),) for text in counts]
    return ends(width, [(share, Span(" hits", "muted")), (share,)], rights)


def _span(seen: Seen, width: int) -> Line:
    """The rate of the first hour or day, and of the last that is over."""
    ends_of = [words(f"{seen.hours.label(m.start)} {percent(_share(m))}") for m in (seen.first, seen.last) if m]
    if len(ends_of) == 2 and width_of(ends_of[0]) + width_of(ends_of[1]) < width:
        return ends(width, ends_of[:1], ends_of[1:])
    return first_fit(width, *reversed(ends_of))


def _foot(seen: Seen, above: Line, width: int) -> Line:
    """The word that the line above it had no room for, and how much is missing there."""
    word = () if "saved" in plain([above]) else ("saved",)
    texts = [", ".join((*word, text)) for text in unknown_words(seen)] or word
    return first_fit(width - 4, *map(words, texts))


def _models(seen: Seen, area: Area) -> list[Line]:
    """Rate, hits and what they saved, of every model."""
    width = area.width
    about = mark(False, seen.is_sampled)
    of = [f"{about}{whole(one.hits)} of {about}{whole(one.requests)}" for one in seen.models]
    if max(map(len, of)) > COUNTS:
        of = [f"{about}{short(one.hits)} of {about}{short(one.requests)}" for one in seen.models]
    name_width = min(48, max(width - 50, 0))
    names = told_apart([clean(model_name(one.model)) for one in seen.models], name_width)
    lines = []
    for number, one in enumerate(seen.models):
        worth = "".join(_amounts(one.usd, one.neurons, WORTH)) or ("–" if one.hits else "0")
        name = Span(left(names[number], name_width), "text")
        share = Span(right(percent(one.hits / one.requests if one.requests else None), 8), "text")
        counts = Span(right(of[number], COUNTS + 1), "muted")
        amount = Span(right(worth, WORTH + 1), "text" if one.usd or one.neurons else "faint")
        full = line(name, share, counts, amount)
        drawn = first_fit(width, full, line(name, share, amount), line(name, share))
        lines.append(at_cursor(drawn, area, (one.provider, one.model)))
    return lines
