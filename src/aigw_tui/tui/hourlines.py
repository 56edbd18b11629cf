"""How the lines of the table of hours are drawn: label, thin bar, figures, a word about trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from aigw_tui.format import clean, model_name
from aigw_tui.insight.families import short_names
from aigw_tui.insight.joined import Usage
from aigw_tui.model import Trust
from aigw_tui.tui.againstlines import column as change
from aigw_tui.tui.againstlines import told
from aigw_tui.tui.bars import joined
from aigw_tui.tui.columns import Columns, arrange
from aigw_tui.tui.figures import Look, columns, total
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, gap, left, line, right, width_of
from aigw_tui.tui.scene import Area
from aigw_tui.tui.timetable import Step

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against, Difference

LEAST_BAR, LONGEST_BAR = 6, 28
WORD = 8
"""Columns of the word about trust, with the space before it."""
DIGITS: dict[Step, int] = {"hour": 4, "day": 2}
"""Behind the point of a dollar: an hour often costs less than a cent."""
DEAR = 100.0
"""USD from which a line shows whole cents."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One visible line: an hour (or day), or one of its models."""

    since: datetime
    use: Usage
    """Of all models together in the line of an hour."""
    tint: str = ""
    """Of a model; empty: the line is an hour's."""
    parts: tuple[tuple[int, str], ...] = ()
    """(requests, role) of an hour's bar, failed ones last."""
    is_unfolded: bool = False
    trust: Trust = Trust.SETTLED
    """Of what went through the gateways in this hour."""
    neurons_trust: Trust = Trust.SETTLED

    @property
    def id(self) -> object:
        return (self.since, self.use.provider, self.use.model) if self.tint else self.since


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible lines, and how many there are."""

    entries: tuple[Entry, ...] = ()
    count: int = 0
    step: Step = "hour"
    can_unfold: bool = True
    has_dates: bool = False
    """The lines stand in more than one day."""
    period: str = ""
    wider: str = ""
    """Said where the lines hold more than the scope does."""
    note: str = ""
    """Why there are no lines."""
    against: Against | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in a line; widths in cells."""

    dates: int
    """Of the date before the hour, with its space."""
    label: int
    """Of everything before the bar."""
    bar: int
    figures: Columns
    word: int


def layout(seen: Seen, area: Area) -> Layout:
    """The bar gives way before figures do, and the word about trust goes last."""
    is_wide = area.width >= 96
    dates = 0 if seen.step == "day" else 7 if is_wide or seen.has_dates else 0
    label = dates + (10 if seen.step == "day" else 5) + (3 if seen.can_unfold else 1)
    word = WORD if area.width >= 44 else 0
    names = ["requests", "errors", "hits", "tokens in", "out", "neurons", "$"]
    if area.form != "box":
        names = ["requests", "errors", "hits", "neurons"]
    heads = {} if is_wide else {"tokens in": "in"}
    if area.width < 64:
        heads |= {"requests": "req"}
    if area.form != "box":
        heads |= {"errors": "err"}
    uses, looks = [entry.use for entry in seen.entries], [look(entry) for entry in seen.entries]
    built = columns(names, uses, looks, heads, _digits(seen))
    if seen.against:
        built = (
            built[0],
            change(seen.against, [_difference(seen.against, entry) for entry in seen.entries]),
            *built[1:],
        )
    room = area.width - label - word
    figures = arrange(built, room - (LEAST_BAR if area.width < 50 else 12) if seen.can_unfold else room)
    return Layout(dates, label, max(room - figures.width, 0), figures, word)


def _digits(seen: Seen) -> int:
    """Beside hundreds of dollars nobody reads parts of a cent."""
    dearest = max((entry.use.owed_usd or entry.use.listed_usd or 0.0 for entry in seen.entries), default=0.0)
    return min(DIGITS[seen.step], 2) if dearest >= DEAR else DIGITS[seen.step]


def _difference(against: Against, entry: Entry) -> Difference:
    """Of an hour or day; what one model did in an hour is too little to compare."""
    return against.time(None if entry.tint else entry.since)


def look(entry: Entry) -> Look:
    """What still grows is muted."""
    return Look("muted" if entry.trust is Trust.FILLING else "text")


def drawing(seen: Seen, area: Area) -> Drawing:
    """Heads (in a box), and the visible lines."""
    where = layout(seen, area)
    heads = (*where.figures.heads(), gap(where.word))
    lines: list[Line] = []
    if area.form == "box":
        first = "day (UTC)" if seen.step == "day" else "hour (UTC)" if where.label > 10 else "hour"
        by = "requests by model" if where.bar > 17 else "by model" if where.bar > 8 else ""
        lines.append((Span(left(first, where.label), "muted"), Span(left(by, where.bar), "muted"), *heads))
    above = len(lines)
    most = max((sum(count for count, _ in entry.parts) for entry in seen.entries), default=0)
    names = short_names({entry.use.model for entry in seen.entries if entry.tint})
    before: Entry | None = None
    for number, entry in enumerate(seen.entries):
        on = "cursor" if area.is_focused and area.cursor == entry.id else "zebra" if entry.tint else ""
        start = _model(entry, names, where, on) if entry.tint else _hour(seen, entry, before, where, most, on)
        lines.append(
            (
                *start,
                *where.figures.row(number, on),
                Span(_word(entry, where.word), "muted", on),
            )
        )
        before = entry
    return Drawing(
        tuple(lines),
        aside=heads if area.form == "rule" else (),
        foot=_foot(seen, area, where.figures),
        first=above,
    )


def thin_bar(parts: Sequence[tuple[int, str]], most: int, width: int, is_filling: bool, on: str = "") -> Line:
    """Requests by model as a line through the middle of the row, to half a cell; what is not 0 can be seen.

    `most` requests fill `width` cells.
    """
    halves: list[str] = []
    reached = 0
    for count, role in parts:
        reached += count
        until = round(reached / most * width * 2) if most else 0
        halves += [role + ":filling" * is_filling] * max(until - len(halves), int(count > 0 and role == "bad"))
    if not halves and reached:
        halves = [parts[0][1] + ":filling" * is_filling]
    del halves[: max(len(halves) - 2 * width, 0)]
    cells = [
        ("╸", one[0]) if len(one) == 1 else ("━", _louder(*one))
        for one in (halves[n : n + 2] for n in range(0, len(halves), 2))
    ]
    return (*(span._replace(on=on) for span in joined(cells)), gap(width - len(cells), on))


def _louder(one: str, other: str) -> str:
    """Which of two roles a cell takes that both share: failures are never covered."""
    return other if other.startswith("bad") else one


def _hour(seen: Seen, entry: Entry, before: Entry | None, where: Layout, most: int, on: str) -> Line:
    role = "muted" if entry.trust is Trust.FILLING else "text"
    day = f"{entry.since:%-d %b}" if before is None or before.since.date() != entry.since.date() else ""
    name = f"{entry.since:%a %-d %b}" if seen.step == "day" else f"{entry.since:%H:%M}"
    width = where.label - where.dates - (3 if seen.can_unfold else 1)
    fold = (Span(" ▾ " if entry.is_unfolded else " ▸ ", "faint", on),) if seen.can_unfold else (gap(1, on),)
    size = min(where.bar - 2, LONGEST_BAR)
    bar = thin_bar(entry.parts, most, size, entry.trust is Trust.FILLING, on) if size >= LEAST_BAR - 2 else ()
    return (
        Span(right(day + " ", where.dates) if where.dates else "", "muted", on),
        Span(right(name, width), "strong" if entry.is_unfolded else role, on, entry.is_unfolded),
        *fold,
        *bar,
        gap(where.bar - width_of(bar), on),
    )


def _model(entry: Entry, names: Mapping[str, str], where: Layout, on: str) -> Line:
    still = ":filling" if entry.trust is Trust.FILLING else ""
    indent = max(where.label - 1, 0)
    room = max(where.label + where.bar - indent - 2, 0)
    full = clean(model_name(entry.use.model))
    called = full if cell_len(full) < room else clean(names[entry.use.model])
    name = foreign(left(called, room - 1), "muted")._replace(on=on)
    return gap(indent, on), Span("■ ", entry.tint + still, on), name, gap(room - width_of((name,)), on)


def _word(entry: Entry, width: int) -> str:
    """What will still grow; nothing where there is no room for it."""
    is_late = entry.neurons_trust is Trust.FILLING
    word = "filling" if entry.trust is Trust.FILLING else "neurons" if is_late else ""
    return right("" if entry.tint else word, width) if width else ""


def _foot(seen: Seen, area: Area, figures: Columns) -> Line:
    order = f"{seen.period}, newest first"
    here = next((entry for entry in seen.entries if area.is_focused and entry.id == area.cursor), None)
    if here is not None and here.use.interval is not None:
        order = f"{here.since:%H:%M} {total(here.use.requests, True, here.use.interval)} requests · {order}"
    said = [seen.wider] if seen.wider else []
    said += ["hidden: " + ", ".join(figures.hidden)] if figures.hidden else []
    if "dollars" not in figures.hidden and (unpriced := max((entry.use.unpriced for entry in seen.entries), default=0)):
        said.append(f"+ {unpriced} unpriced")
    compared = told(seen.against) if seen.against else ()
    rests = [[*said, order], *(said[:count] for count in range(len(said), 0, -1))]
    rests += [[f"{len(figures.hidden)} hidden"]] if figures.hidden else []
    texts = [" · ".join([text, *rest]) for rest in rests for text in compared]
    for text in (*texts, *compared, " · ".join([*said, order]), *said, order):
        if len(text) + 4 <= area.width:
            return line(text)
    return ()
