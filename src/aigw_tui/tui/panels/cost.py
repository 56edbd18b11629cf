"""² Cost: what is owed for the window, against its limit or hour by hour; list prices only in parentheses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from aigw_tui.format import brief_dollars, dollars, percent, short, whole
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.insight.worst import quota_of
from aigw_tui.model import Query, Quota, Sheet, Snapshot
from aigw_tui.tui.bars import gauge
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, left, line, right, strong
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, at_cursor
from aigw_tui.tui.series import NOTHING, Series, peak
from aigw_tui.tui.seriessheet import series_sheet
from aigw_tui.tui.spending import heading_of, spent_by_time, sum_of
from aigw_tui.tui.tiles import chart, ends, explained, first_fit, reason, words
from aigw_tui.tui.words import nothing

ZOOMED_FROM = 9
"""Rows from which there is room for the hours and the providers."""
CENTS = 2
LEAST_USD = 0.001


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


class Cost(Panel):
    """What is owed."""

    TITLE = "Cost"
    KEY = "2"
    NEEDS = ("requests", "neurons")
    HELP = (
        "What is owed: the cost of all providers but Workers AI, and neurons above the allowance on a paid plan. "
        "Workers AI's own cost is a list price inside the free allowance: it stands in parentheses and is never added. "
        "With a limit per day (cost_limit_day) the gauge judges it; without one the bars show each hour. Zoomed it "
        "lists the providers; {row.narrow} narrows to one."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        seen = look_at(scene.snapshot, has_room=area.height >= ZOOMED_FROM)
        return replace(seen, listed=_listed(seen.providers, _rows(seen, area.height)))

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(name, (("provider", name),)) for name in _named(seen))

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        seen = look_at(scene.snapshot, has_room=True)
        return series_sheet(self.TITLE, ("list_usd" if seen.is_list_price else "owed_usd",), seen.hours or NOTHING)

    def draw(self, seen: Seen, area: Area) -> Drawing:
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


def look_at(snapshot: Snapshot, has_room: bool = False) -> Seen:
    """The scope's money; `has_room` adds what only a zoomed panel shows."""
    scope, views = snapshot.scope, snapshot.views
    period = scope.current_period.name
    if not is_covered(scope, "requests"):
        return Seen(period, empty="cost is not known by status")
    pairs = where(views, scope, "requests")
    models = views.view(Query("requests", snapshot.window, ("provider", "model"), ("cost_usd",), pairs)).rows
    hours = spent_by_time(snapshot, pairs)
    if not models:
        return Seen(period, empty=nothing(snapshot, hours.is_known))
    is_today = scope.current_period.days == 1
    quotas = _quotas(snapshot) if is_today and not [name for name, _ in pairs if name != "account"] else ()
    owed = [row for row in models if not burns_neurons(*row.key)]
    if not owed and not sum_of([quota.used for quota in quotas]):
        listed = spent_by_time(snapshot, pairs, is_owed=False) if has_room else None
        unpriced = sum(1 for row in models if row.unknown)
        return _list_price(snapshot, period, sum_of([row.values[0] for row in models]), unpriced, listed)
    limits = [quota.limit for quota in quotas]
    heading = heading_of(snapshot, pairs, quotas) if is_today else None
    spent = sum_of([quota.used for quota in quotas]) if quotas else sum_of([row.values[0] for row in owed])
    limit = limits[0] if len(limits) == 1 else None
    return Seen(
        period=period,
        spent=spent,
        is_sampled=is_sampled(views, scope, snapshot.window),
        limit=limit,
        low=_cents(heading.low) if heading else None,
        likely=_cents(heading.likely) if heading else None,
        high=_cents(heading.high) if heading else None,
        a_day=_a_day(hours, spent),
        unpriced=sum(1 for row in owed if row.unknown),
        hours=hours if has_room or not limit else None,
        providers=_providers([(row.key[0], row.values[0]) for row in owed]) if has_room else (),
    )


def _cents(usd: float) -> float:
    """In whole cents, so that it moves seldom; less than half of one stays more than nothing."""
    return round(usd, CENTS) or min(usd, LEAST_USD)


def figure(seen: Seen) -> str:
    """`$1.23`; a list price in parentheses."""
    text = _about(seen, seen.spent)
    return f"({text})" if seen.is_list_price else text


def _about(seen: Seen, value: float | None) -> str:
    return mark(False, seen.is_sampled and value is not None) + dollars(value)


def _list_price(snapshot: Snapshot, period: str, price: float | None, unpriced: int, hours: Series | None) -> Seen:
    quota = quota_of(snapshot, "neurons")
    share = quota.share if quota else None
    return Seen(
        period,
        price,
        is_sampled=is_sampled(snapshot.views, snapshot.scope, snapshot.window),
        is_list_price=True,
        allowance=quota.limit if quota else None,
        is_used_up=share is not None and share >= 1.0,
        unpriced=unpriced,
        hours=hours,
    )


def _quotas(snapshot: Snapshot) -> tuple[Quota, ...]:
    accounts = snapshot.scope.values("account")
    return tuple(q for q in snapshot.quotas if q.name == "cost_day" and (not accounts or q.account in accounts))


def _a_day(hours: Series, spent: float | None) -> float | None:
    """The average over the days that are known, today as a whole one."""
    days = sum(1 for day in hours.moments if day.state in ("settled", "filling"))
    return spent / days if hours.unit == "day" and days and spent is not None else None


def _providers(costs: list[tuple[str, float | None]]) -> tuple[tuple[str, float | None], ...]:
    """Dearest first."""
    names = dict.fromkeys(name for name, _ in costs)
    sums = [(name, sum_of([cost for other, cost in costs if other == name])) for name in names]
    return tuple(sorted(sums, key=lambda one: -(one[1] or 0.0)))


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


def _rows(seen: Seen, height: int) -> int:
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
    ids = dict(enumerate(_named(seen)))
    for number, (name, cost) in enumerate(seen.listed):
        spans = line(Span(left(name, name_width), "text"), Span(right(_about(seen, cost), 12), "text"))
        lines.append(at_cursor(first_fit(width, spans), area, ids.get(number)))
    return lines


def _listed(providers: Sequence[tuple[str, float | None]], rows: int) -> tuple[tuple[str, float | None], ...]:
    """The dearest in `rows` lines; where not all fit the last one is the rest of them, so that the lines add up."""
    kept = providers if len(providers) <= rows else providers[: max(rows - 1, 0)]
    listed = [(foreign(name or "(none)").text, cost) for name, cost in kept]
    rest = providers[len(kept) :]
    if rest and rows:
        listed.append(
            (f"{'+ ' if kept else ''}{len(rest)} {'more' if kept else 'providers'}", sum_of([c for _, c in rest]))
        )
    return tuple(listed)


def _named(seen: Seen) -> tuple[str, ...]:
    """The providers that have a line of their own."""
    shown = len(seen.listed) if len(seen.listed) == len(seen.providers) else len(seen.listed) - 1
    return tuple(name for name, _ in seen.providers[: max(shown, 0)])
