"""How request logs are drawn: a line each, columns by priority, what failed marked by a sign and a colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from aigw_tui.format import UNKNOWN, clean, duration, model_name, short, usd, whole
from aigw_tui.insight.families import burns_neurons, short_names
from aigw_tui.model import LogRow
from aigw_tui.tui.columns import Column, Columns, Figure, arrange
from aigw_tui.tui.lines import Line, Span, gap, left, line, shorten, strong, width_of
from aigw_tui.tui.scene import Area
from aigw_tui.tui.sorting import ARROWS, Sort, Sorting, headed, name_head
from aigw_tui.tui.tiles import ends

HEADLINE_FROM = 6
"""Rows from which there is room for what holds for all."""
SPACED_FROM = 12
SECONDS_FROM = 56
"""Columns from which times have seconds."""
LEAST_NAME, WIDEST_NAME = 10, 40
WIDEST_WORD, SHORT_WORD = 20, 8
"""Cells of a gateway's, an account's or a provider's name, and of its short form."""
PRICE_DIGITS = 4
"""Behind the point of a dollar: one request costs little."""
BEFORE_MODEL = ("account", "gateway")
NAMES = (*BEFORE_MODEL, "provider")
"""Columns of names, which stand at their left edge."""

SORTINGS = (
    Sorting("t", "time", lambda row: row.at.timestamp()),
    Sorting("a", "account", lambda row: row.account),
    Sorting("g", "gateway", lambda row: row.gateway.casefold()),
    Sorting("m", "model", lambda row: model_name(row.model).casefold()),
    Sorting("p", "provider", lambda row: row.provider.casefold()),
    Sorting("s", "status", lambda row: row.status),
    Sorting("c", "cache", lambda row: row.cached),
    Sorting("i", "tokens in", lambda row: row.tokens_in),
    Sorting("u", "out", lambda row: row.tokens_out),
    Sorting("d", "$", lambda row: row.cost_usd),
    Sorting("l", "took", lambda row: row.duration_ms),
)

Id = tuple[str, str, str]
"""(account, gateway, log)"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible requests, and what holds for all that were read."""

    rows: tuple[LogRow, ...] = ()
    count: int = 0
    """Requests before scrolling."""
    top: int = 0
    failed: int = 0
    is_cut: bool = False
    """There may be older ones."""
    labels: tuple[tuple[str, str], ...] = ()
    """(account, label) where there are several accounts."""
    has_gateways: bool = False
    """They went through several gateways."""
    has_providers: bool = True
    """The scope is not that of one alone."""
    has_dates: bool = False
    """Not all of them are of today (UTC)."""
    trouble: str = ""
    """Why they are no newer, or not of all accounts."""
    said: tuple[str, ...] = ()
    """What is missing from them."""
    empty: str = ""
    """Why there is nothing to show."""
    about: str = ""
    """The metadata that all of them carry."""


def id_of(row: LogRow) -> Id:
    return row.account, row.gateway, row.id


def above(area: Area, has_trouble: bool) -> int:
    """Lines above the first request."""
    return 1 + (area.height >= HEADLINE_FROM) + (area.height >= SPACED_FROM) + has_trouble


def lines(seen: Seen, area: Area) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The headline and the table, and the names of the columns that have no room."""
    head: list[Line] = [(Span(shorten(f"▲ {seen.trouble}", area.width), "warn"),)] if seen.trouble else []
    head += [headline(seen, area.width)] if area.height >= HEADLINE_FROM else []
    head += [()] if area.height >= SPACED_FROM else []
    table, hidden = _table(seen, area)
    return (*head, *table)[: max(area.height, 0)], hidden


def headline(seen: Seen, width: int) -> Line:
    """`the newest 200 requests`, and how many of them failed."""
    number = strong(whole(seen.count))
    noun = "request" if seen.count == 1 else "requests"
    lefts: list[Line] = [(number, Span(f" {noun}", "muted")), (number,)]
    if seen.is_cut:
        lefts.insert(0, (Span("the newest ", "muted"), *lefts[0]))
    failed = f"× {whole(seen.failed)}"
    rights: list[Line] = [(strong(f"{failed} failed", "bad"),), (strong(failed, "bad"),)]
    return ends(width, lefts, rights if seen.failed else [line("none failed")])


def _table(seen: Seen, area: Area) -> tuple[list[Line], tuple[str, ...]]:
    times = [_time(row, seen, area.width) for row in seen.rows]
    widest = max(map(len, times), default=0)
    names = [clean(model_name(row.model)) for row in seen.rows]
    shorter = short_names({row.model for row in seen.rows})
    brief = [clean(shorter[row.model]) for row in seen.rows]
    least = min(max((cell_len(name) for name in brief), default=0), area.width // 3, WIDEST_NAME)
    columns = headed(_columns(seen), area.sort, SORTINGS)
    columns = tuple(_aligned(one, area.sort) for one in columns)
    found = arrange(columns, area.width - widest - 1 - max(least, LEAST_NAME))
    room = max(area.width - widest - 1 - found.width, 0)
    longest = max(map(cell_len, names), default=0)
    if longest > room:
        names, longest = brief, max(map(cell_len, brief), default=0)
    name = min(room, longest)
    first = Columns(tuple(one for one in found.shown if one.name in BEFORE_MODEL))
    rest = Columns(tuple(one for one in found.shown if one.name not in BEFORE_MODEL))
    when = f"time {ARROWS[area.sort.is_reversed]}" if area.sort and area.sort.name == "time" else "time"
    drawn: list[Line] = [
        (
            Span(left(when, widest), "muted", act="sort time"),
            *_heads(first),
            gap(1),
            Span(left(name_head("model", "model", area.sort), name), "muted", act="sort model"),
            gap(room - name),
            *_heads(rest),
        )
    ]
    for number, row in enumerate(seen.rows):
        is_here = area.is_focused and area.cursor == id_of(row)
        on = "cursor" if is_here else ""
        at = Span(left(times[number], widest), "muted", on)
        called = Span(left(names[number], name), "strong" if is_here else "text", on, is_here)
        drawn.append((at, *first.row(number, on), gap(1, on), called, gap(room - name, on), *rest.row(number, on)))
    return [one for one in drawn if width_of(one) <= area.width], found.hidden


def _time(row: LogRow, seen: Seen, width: int) -> str:
    clock = f"{row.at:%H:%M:%S}" if width >= SECONDS_FROM else f"{row.at:%H:%M}"
    return f"{row.at.day:>2} {row.at:%b} {clock}" if seen.has_dates else clock


def _columns(seen: Seen) -> tuple[Column, ...]:
    rows, labels = seen.rows, dict(seen.labels)
    found = [
        Column("status", "status", tuple(map(_status, rows)), 10, 6),
        Column("cache", "cache", tuple(map(_cached, rows)), 4, 5),
        Column("tokens", "tokens in", tuple(_count(row.tokens_in) for row in rows), 6, 9),
        Column("tokens", "out", tuple(_count(row.tokens_out) for row in rows), 6, 6),
        Column("cost", "$ ", tuple(map(_cost, rows)), 7, 8, sort="$"),
        Column("duration", "took", tuple(map(_took, rows)), 8, 7),
    ]
    if seen.has_providers:
        found.insert(0, _words("provider", [row.provider for row in rows], 2))
    if seen.has_gateways:
        found.insert(0, _words("gateway", [row.gateway for row in rows], 5))
    if labels:
        found.insert(0, _words("account", [labels.get(row.account, row.account[:8]) for row in rows], 9))
    return tuple(found)


def _words(name: str, texts: Sequence[str], worth: int) -> Column:
    """A column of names; long ones, and most of them where room is dear, end in `…`."""
    shown = [clean(text) or UNKNOWN for text in texts]
    figures = (
        Figure(shorten(text, WIDEST_WORD), shorten(text, SHORT_WORD), "faint" if text == UNKNOWN else "muted")
        for text in shown
    )
    return Column(name, name, tuple(figures), worth)


def _aligned(column: Column, sort: Sort | None) -> Column:
    """As `headed`, for names: head and figures are padded on the right; ▲ is the first of the alphabet."""
    if column.name not in NAMES:
        return column
    column = replace(column, head=name_head(column.name, column.name, sort), act=f"sort {column.name}")
    wide, narrow = (replace(column, is_short=is_short).width for is_short in (False, True))
    figures = (replace(one, full=left(one.full, wide), short=left(one.short, narrow)) for one in column.figures)
    return replace(column, figures=tuple(figures))


def _heads(columns: Columns) -> Line:
    """Over names they stand at the left edge, too."""
    padded = (replace(one, head=left(one.head, one.width)) if one.name in NAMES else one for one in columns.shown)
    return replace(columns, shown=tuple(padded)).heads()


def _status(row: LogRow) -> Figure:
    """`200`, `× 429`; `failed` where only that is known."""
    known = UNKNOWN if row.status is None else str(row.status)
    if row.is_error:
        return Figure(f"× {known if row.status is not None else 'failed'}", f"×{known}", "bad", True)
    if row.status is None and row.succeeded:
        return Figure("ok", "ok")
    return Figure(known, known, "faint" if row.status is None else "text")


def _cached(row: LogRow) -> Figure:
    word = UNKNOWN if row.cached is None else "hit" if row.cached else "miss"
    return Figure(word, word, "good" if row.cached else "faint")


def _count(value: int | None) -> Figure:
    return Figure(whole(value), short(value), "text" if value else "faint")


def _cost(row: LogRow) -> Figure:
    """A list price that is not owed stands in parentheses, whose right half hangs out of the column."""
    if not row.cost_usd:
        text = f"{UNKNOWN if row.cost_usd is None else '0'} "
        return Figure(text, text, "faint")
    text = usd(row.cost_usd, PRICE_DIGITS)
    if burns_neurons(row.provider, row.model):
        return Figure(f"({text})", f"({text})", "muted")
    return Figure(f"{text} ", f"{text} ")


def _took(row: LogRow) -> Figure:
    text = duration(row.duration_ms)
    return Figure(text, text.replace(" ", ""), "faint" if row.duration_ms is None else "text")
