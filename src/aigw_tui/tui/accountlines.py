"""How accounts are drawn: a line each, with its gauge, verdict and state; what has no room becomes short, then goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from aigw_tui.format import percent, short, usd
from aigw_tui.insight.standing import NEARLY, Standing, Together
from aigw_tui.insight.verdict import Verdict
from aigw_tui.tui.accountrows import Seen, total_of
from aigw_tui.tui.bars import gauge
from aigw_tui.tui.columns import Column, Columns, Figure, arrange
from aigw_tui.tui.figures import Look, count, mark
from aigw_tui.tui.lines import Line, Span, fit, gap, left, line, width_of
from aigw_tui.tui.panels.health import ALARMING, LEAST_REQUESTS
from aigw_tui.tui.scene import Area
from aigw_tui.tui.sorting import Sorting, headed, name_head

LEAST_NAME, LEAST_BESIDE_FEW = 16, 12
"""Cells that a name is not shortened below as long as there is anything else to give up."""
GAP = 2
ALL = "all accounts"
LOUD = ("warn", "bad")
NEURONS = ("neurons", "limit", "share")
"""Figures that stand before the gauge and the verdict."""
BLANK = Figure("", "")
PLAIN = Look()


SORTINGS = (
    Sorting("a", "account", lambda one: one.account.label.casefold()),
    Sorting("n", "neurons", lambda one: one.neurons),
    Sorting("i", "limit", lambda one: one.quota.limit if one.quota else None),
    Sorting("u", "used", lambda one: one.share),
    Sorting("r", "requests", lambda one: one.requests),
    Sorting("e", "errors", lambda one: one.error_rate),
    Sorting("h", "hits", lambda one: one.hit_rate),
    Sorting("d", "$", lambda one: one.cost_usd),
)
"""Of `Standing`."""


class Layout(NamedTuple):
    """How much is said: cells of the gauge, how short the words are (0: in full), figures that may be hidden."""

    gauge: int
    verdict: int
    state: int
    hidden: frozenset[str] = frozenset()
    has_both: bool = True
    """False: one column for the verdict or the state, whichever matters."""


FEW = frozenset({"hits", "limit"})
FEWER = FEW | {"neurons", "cost"}
LAYOUTS = (
    Layout(20, 0, 0),
    Layout(10, 1, 0),
    Layout(10, 1, 1, frozenset({"limit"})),
    Layout(10, 2, 1, frozenset({"limit"})),
    Layout(0, 1, 1),
    Layout(0, 2, 1, FEW),
    Layout(0, 2, 2, FEW | {"neurons"}),
    Layout(0, 2, 2, FEWER, has_both=False),
    Layout(0, 3, 3, FEWER | {"requests"}, has_both=False),
    Layout(0, 3, 3, FEWER | {"requests", "errors"}, has_both=False),
    Layout(0, 4, 4, FEWER | {"requests", "errors"}, has_both=False),
)
"""From the fullest; the first that fits is taken, else the last."""


def share_of(area: Area, accounts: int) -> tuple[int, bool]:
    """How many accounts are visible below the heads, and whether the total has its two rows."""
    body = max(area.height - 1, 0) if area.height > 1 else area.height
    has_total = accounts > 1 and (body - accounts >= 2 or body >= 6)
    return min(accounts, body - 2 if has_total else body), has_total


def table(seen: Seen, area: Area) -> tuple[tuple[Line, ...], Line]:
    """Heads, accounts and total; and what stands in the border: what is hidden, and where one stands."""
    has_total = share_of(area, seen.count)[1]
    longest = max([cell_len(row.name.text) for row in seen.rows] + [cell_len(ALL)] * has_total, default=0)
    for layout in LAYOUTS:
        least = min(longest, LEAST_NAME if layout.has_both else LEAST_BESIDE_FEW)
        words = _words(seen, layout)
        beside = sum(one.width + GAP for one in words) + (layout.gauge + GAP if layout.gauge else 0)
        figures = arrange(headed(_figures(seen), area.sort, SORTINGS), area.width - beside - least, GAP)
        if layout.hidden.issuperset(figures.hidden) and beside + figures.width + least <= area.width:
            break
    room = max(min(longest, area.width - beside - figures.width), 0)
    drawn = _Drawn(figures, words, layout.gauge, area.width)
    title = Span(left(name_head("account", "account", area.sort), room), "muted", act="sort account")
    lines = [drawn.row((title,), figures.heads(), [one.head for one in words])]
    for number, row in enumerate(seen.rows):
        is_here = area.is_focused and area.cursor == row.id
        on = "cursor" if is_here else ""
        name = Span(left(row.name.within(room), room), "strong" if is_here else "text", on, bold=is_here)
        cells = [one.cells[number]._replace(on=on) for one in words]
        lines.append(drawn.row((name,), figures.row(number, on), cells, row.standing, on))
    if has_total:
        name = Span(left(ALL, room), "muted")
        lines.append((Span("─" * area.width, "edge"),))
        lines.append(drawn.row((name,), figures.row(len(seen.rows)), [one.cells[-1] for one in words]))
    return tuple(lines if area.height > 1 else lines[1:]), _foot(seen, area, figures)


class Words(NamedTuple):
    """A column of words: its head, and the accounts' cells with the total's last, all equally wide."""

    head: Span
    cells: tuple[Span, ...]

    @property
    def width(self) -> int:
        return cell_len(self.head.text)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Puts a row together: name, neurons, gauge, verdict, the other figures, state."""

    figures: Columns
    words: Sequence[Words]
    gauge: int
    width: int

    def row(self, name: Line, figures: Line, words: Sequence[Span], one: Standing | None = None, on: str = "") -> Line:
        first = sum(column.name in NEURONS for column in self.figures.shown)
        between = gap(GAP, on)
        bar = (between, *_gauge(one, self.gauge, on)) if self.gauge else ()
        judged, *state = ((between, word) for word in words)
        parts = (*name, *figures[:first], *bar, *judged, *figures[first:], *(span for pair in state for span in pair))
        return fit(parts, self.width, on)


def _words(seen: Seen, layout: Layout) -> tuple[Words, ...]:
    all_ = seen.all
    if not layout.has_both:
        return (
            _column("verdict", [*(row.news for row in seen.rows), total_of(all_.urgent, "urgent")], layout.verdict),
        )
    verdicts = [*(row.verdict for row in seen.rows), total_of(all_.running_out, "run out")]
    states = [*(row.state for row in seen.rows), total_of(all_.unanswered, "not live")]
    return _column("verdict", verdicts, layout.verdict), _column("state", states, layout.state)


def _column(head: str, found: Sequence[Verdict], level: int) -> Words:
    texts = [one.texts[min(level, len(one.texts) - 1)] for one in found]
    widest = max(map(cell_len, texts), default=0)
    head = left(head, widest) if widest >= cell_len(head) else gap(widest).text
    cells = (Span(left(text, widest), one.role, bold=one.role in LOUD) for text, one in zip(texts, found, strict=True))
    return Words(Span(head, "muted"), tuple(cells))


def _gauge(one: Standing | None, width: int, on: str) -> Line:
    quota = one.quota if one else None
    if quota is None or quota.used is None or not quota.limit:
        return (gap(width, on),)
    low, high = (quota.pace.low, quota.pace.high) if quota.pace else (None, None)
    drawn = gauge(width, quota.limit, quota.used + (quota.nowcast or 0.0), low, high, rows=1)[0]
    return tuple(span._replace(on=span.on or on) for span in drawn)


def _figures(seen: Seen) -> tuple[Column, ...]:
    found, all_ = [row.standing for row in seen.rows], seen.all
    bold = Look("strong", is_bold=True)
    limits = (count(one.quota.limit if one.quota else None, Look("muted")) for one in found)
    columns = (
        ("neurons", "neurons", 4, [*(_counted(one, one.neurons) for one in found), _counted(all_, all_.neurons, bold)]),
        ("limit", "limit", 2, [*limits, BLANK]),
        ("share", "used", 9, [*map(_share, found), BLANK]),
        (
            "requests",
            "requests",
            6,
            [*(_counted(one, one.requests) for one in found), _counted(all_, all_.requests, bold)],
        ),
        ("errors", "errors", 7, [*map(_errors, found), _percent(all_.error_rate, "strong", is_bold=True)]),
        ("hits", "hits", 3, [*(_percent(one.hit_rate) for one in found), _percent(all_.hit_rate, "strong", True)]),
        ("cost", "$", 5, [*(_cost(one.cost_usd) for one in found), _cost(all_.cost_usd, is_bold=True)]),
    )
    return tuple(Column(name, head, tuple(figures), worth) for name, head, worth, figures in columns)


def _counted(one: Standing | Together, value: float | None, look: Look = PLAIN) -> Figure:
    return count(value, look, mark(False, one.is_sampled) if value else "")


def _share(one: Standing) -> Figure:
    text = f"{'~' if one.quota and one.quota.nowcast else ''}{percent(one.share)}"
    role = "bad" if (one.share or 0.0) >= NEARLY else "warn" if one.runs_out else "text" if one.share else "faint"
    return Figure(text, text, role, role in LOUD)


def _errors(one: Standing) -> Figure:
    is_alarming = (one.requests or 0) >= LEAST_REQUESTS and (one.error_rate or 0.0) > ALARMING
    return _percent(one.error_rate, "bad" if is_alarming else "text")


def _percent(share: float | None, role: str = "text", is_bold: bool = False) -> Figure:
    return Figure(percent(share), percent(share), role if share or is_bold else "faint", is_bold)


def _cost(value: float | None, is_bold: bool = False) -> Figure:
    full = "0" if value == 0 else usd(value)
    brief = short(value) if (value or 0.0) >= 1000 else full
    return Figure(full, brief, "strong" if is_bold else "text" if value else "faint", is_bold)


def _foot(seen: Seen, area: Area, figures: Columns) -> Line:
    hidden = f"hidden: {', '.join(figures.hidden)}"
    said = [hidden if cell_len(hidden) + 4 <= area.width else f"{len(figures.hidden)} hidden"] if figures.hidden else []
    said += [f"{seen.top + 1}–{seen.top + len(seen.rows)} of {seen.count}"] if len(seen.rows) < seen.count else []
    said += [f"+ unpriced models of {seen.all.unpriced}"] if seen.all.unpriced else []
    foot: Line = ()
    for part in said:
        longer = (*foot, Span(" · ", "faint"), *line(part)) if foot else line(part)
        foot = longer if width_of(longer) + 4 <= area.width else foot
    return foot
