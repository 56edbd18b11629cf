"""What is owed, drawn: the sum, its gauge or its hours, and where there is room the providers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from aigw_tui.format import brief_dollars, dollars, percent, short, whole
from aigw_tui.tui.bars import gauge
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, left, line, right, strong
from aigw_tui.tui.scene import Area, at_cursor
from aigw_tui.tui.series import Series, peak
from aigw_tui.tui.spending import sum_of
from aigw_tui.tui.tiles import chart, ends, explained, first_fit, reason, words


@dataclass(frozen=True, slots=True)
class Seen:
    """Money of the scope's window in USD; None is unknown."""

    period: str
    spent: float | None = None
    """Billable; in a list price what would be paid above the allowance."""
    is_sampled: bool = False
    is_list_price: bool = False
    allowance: float | None = None
    """Neurons a day that make a list price free."""
    is_used_up: bool = False
    limit: float | None = None
    low: float | None = None
    likely: float | None = None
    high: float | None = None
    """Today's total as projected; all None for other windows."""
    a_day: float | None = None
    """The average of a longer window."""
    unpriced: int = 0
    """Models without a price, missing in the total."""
    hours: Series | None = None
    providers: tuple[tuple[str, float | None], ...] = ()
    """Dearest first."""
    listed: tuple[tuple[str, float | None], ...] = ()
    """Those that have a line, by what they are called; the last may be the rest of them."""
    empty: str = ""
    """Why there is nothing to show."""


def drawing(seen: Seen, area: Area) -> Drawing:
    width, height = area.width, area.height
    foot = words(f"+ {seen.unpriced} unpriced") if seen.unpriced else ()
    if seen.empty:
        return Drawing(reason(seen.empty, area))
    if seen.is_list_price:
        body = [_headline(seen, width), *_allowance(seen, width, height - 1)]
        return Drawing(tuple([*body, *_details(seen, area, height - len(body))][:height]), foot=foot)
    middle = 2 if height >= 5 else 1
    body = [_headline(seen, width)]
    if seen.limit:
        body += gauge(width, seen.limit, seen.spent or 0.0, seen.low, seen.high, rows=middle)
        full, brief = dollars(seen.limit), brief_dollars(seen.limit)
        limits = (f"limit {full}/day", f"limit {full}", f"limit {brief}", f"of {brief}", brief)
        limit = first_fit(width, *map(words, limits))
        body += [limit, _ahead(seen, width)] if height >= 4 else [ends(width, [_ahead(seen, width)], [limit])]
    elif seen.hours:
        body += chart(seen.hours, lambda moment: moment.values[0], lambda _: "dollar1", width, middle)
        body += [_ahead(seen, width), _dearest(seen, width)]
    body += _details(seen, area, height - len(body))
    first = len(body) - len(seen.listed) if seen.listed else None
    return Drawing(tuple(body[:height]), foot=foot, first=first)


def figure(seen: Seen) -> str:
    """`$1.23`; a list price in parentheses."""
    text = _about(seen, seen.spent)
    return f"({text})" if seen.is_list_price else text


def _about(seen: Seen, value: float | None) -> str:
    return mark(False, seen.is_sampled and value is not None) + dollars(value)


def _headline(seen: Seen, width: int) -> Line:
    share = seen.spent / seen.limit if seen.limit and seen.spent is not None else None
    note = "list price" if seen.is_list_price else percent(share) if share is not None else seen.period
    role = "bad" if share is not None and share >= 1.0 else "muted"
    rights: list[Line] = [(Span(note, role),), *([(Span("list", role),)] if seen.is_list_price else [])]
    full = strong(figure(seen))
    if share is not None and cell_len(full.text) + 1 + cell_len(note) > width:  # how much of it is never given up
        briefs = (brief_dollars(seen.spent), f"${short(seen.spent)}")
        brief = next((one for one in briefs if cell_len(one) + 2 + cell_len(note) <= width), briefs[0])
        full = strong(mark(False, seen.is_sampled) + brief)
    return ends(width, [(full,)], rights)


def _allowance(seen: Seen, width: int, height: int) -> tuple[Line, ...]:
    """Why a list price is not owed."""
    limit = whole(seen.allowance)
    if width < len(limit):
        return ()
    a_day = "" if seen.period == "today" else " a day"
    texts = (f"inside the free allowance until {limit} neurons{a_day}", f"free until {limit} neurons", "free so far")
    if seen.is_used_up:
        texts = (f"today's free allowance of {limit} neurons is used up", "today's free neurons are used up", "used up")
    lines = tuple(words("".join(span.text for span in one)) for one in explained(width, height, *texts))
    return ((), *lines) if height > len(lines) else lines


def _ahead(seen: Seen, width: int) -> Line:
    if seen.likely is not None:
        about, brief = f"~{dollars(seen.likely)}", f"~{brief_dollars(seen.likely)}"
        texts = f"{about} by 24:00", f"{about} by 24", f"{brief} by 24:00", f"{brief} by 24", about
        return first_fit(width, *map(words, texts))
    if seen.a_day is not None:
        a_day = _about(seen, seen.a_day)
        return first_fit(width, words(f"{a_day} a day"), words(f"{a_day}/d"))
    return ()


def _dearest(seen: Seen, width: int) -> Line:
    """The hour or day that cost most."""
    place = peak(seen.hours.moments) if seen.hours else None
    if seen.hours is None or place is None:
        return ()
    moment = seen.hours.moments[place]
    text = f"{_about(seen, moment.values[0])} {seen.hours.when(moment.start)}"
    return first_fit(width, words(f"most: {text}"), words(text))


def rows(seen: Seen, height: int) -> int:
    """Lines for providers, in a zoomed panel of that height."""
    below = height - (5 if seen.limit or seen.hours else 1)
    return min(len(seen.providers), max(below - 8, 0) // 2) if seen.hours is not None else 0


def _details(seen: Seen, area: Area, height: int) -> list[Line]:
    """Every hour and every provider, where a zoomed panel has the room."""
    width = area.width
    if seen.hours is None or height < 4:
        return []
    what, role = ("list price", "neuron1") if seen.is_list_price else ("billable", "dollar1")
    lines: list[Line] = [(), first_fit(width, words(f"{what} by {seen.hours.unit}, UTC; lighter: filling"))]
    lines += chart(seen.hours, lambda moment: moment.values[0], lambda _: role, width, height - len(seen.listed) - 3)
    lines.append(())
    name_width = min(32, max(width - 12, 0))
    ids = dict(enumerate(named(seen)))
    for number, (name, cost) in enumerate(seen.listed):
        spans = line(Span(left(name, name_width), "text"), Span(right(_about(seen, cost), 12), "text"))
        lines.append(at_cursor(first_fit(width, spans), area, ids.get(number)))
    return lines


def listed(providers: Sequence[tuple[str, float | None]], rows: int) -> tuple[tuple[str, float | None], ...]:
    """The dearest in `rows` lines; where not all fit the last one is the rest of them, so that the lines add up."""
    kept = providers if len(providers) <= rows else providers[: max(rows - 1, 0)]
    listed = [(foreign(name or "(none)").text, cost) for name, cost in kept]
    rest = providers[len(kept) :]
    if rest and rows:
        listed.append(
            (f"{'+ ' if kept else ''}{len(rest)} {'more' if kept else 'providers'}", sum_of([c for _, c in rest]))
        )
    return tuple(listed)


def named(seen: Seen) -> tuple[str, ...]:
    """The providers that have a line of their own."""
    shown = len(seen.listed) if len(seen.listed) == len(seen.providers) else len(seen.listed) - 1
    return tuple(name for name, _ in seen.providers[: max(shown, 0)])
