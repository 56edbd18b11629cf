"""Metadata: who uses the gateways, by the value of a key that requests carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from rich.cells import cell_len
from textual.message import Message

from aigw_tui.format import clean, dollars, percent, short, usd, whole
from aigw_tui.insight.shares import MEASURES, Share, shares
from aigw_tui.model import Sheet, Snapshot
from aigw_tui.tui.bars import part_bar
from aigw_tui.tui.canvas import Stage
from aigw_tui.tui.columns import Column, Figure, arrange
from aigw_tui.tui.figures import Look, count
from aigw_tui.tui.foot import foot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, gap, left, line, shorten, strong
from aigw_tui.tui.livewords import refusal, shorter, silent
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import Sorting, headed, name_head, ordered
from aigw_tui.tui.tiles import ends, reason
from aigw_tui.tui.words import nothing

UNNAMED = (
    'name a metadata key: metadata_keys = ["team"] in config.toml, or AIGW_METADATA_KEYS=team; where one is named, the '
    "next answer brings its figures"
)
SPACED_FROM = 9
"""Rows from which an empty line stands below the headline."""
LEAST_NAME, WIDEST_NAME = 12, 36
LEAST_BAR, WIDEST_BAR = 6, 36
PARTIAL = {"cost_usd": "list price", "tokens_in": "tokens", "tokens_out": "tokens", "cache_hits": "hits"}
"""Measure → what it is called, where it is not its name."""


NOBODY = Share("", "")


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible values, and what holds for all."""

    shares: tuple[Share, ...] = ()
    first: Share = NOBODY
    """The value with the most requests."""
    keys: tuple[str, ...] = ()
    """The metadata keys that were asked for."""
    count: int = 0
    """Values before scrolling."""
    top: int = 0
    requests: int = 0
    """Of the first key: every key counts the same requests."""
    period: str = ""
    said: tuple[str, ...] = ()
    """What the figures lack."""
    empty: str = ""
    """Why there is nothing to show."""


class Metadata(Panel):
    """Who uses what."""

    TITLE = "Metadata"
    NEEDS = ("metadata",)
    NOT_KEPT = "who sent what is not kept"
    ENTER = "requests"
    SORTINGS = (
        Sorting("v", "value", lambda one: one.value.casefold()),
        Sorting("r", "requests", lambda one: one.requests),
        Sorting("s", "share", lambda one: one.part),
        Sorting("e", "errors", lambda one: one.errors),
        Sorting("h", "hits", lambda one: one.cache_hits),
        Sorting("i", "tokens in", lambda one: one.tokens_in),
        Sorting("u", "out", lambda one: one.tokens_out),
        Sorting("d", "list $", lambda one: one.cost_usd),
    )
    HELP = (
        "Requests of the scope and window by the value of a metadata key, such as the team that a request says it is "
        "from (header cf-aig-metadata), the most requests first. The keys are named in the configuration "
        "(metadata_keys). Several accounts are added up by value; what an account does not tell is named below. The "
        "price is the gateway's list price of all providers, in parentheses: it is not what is owed. {row.narrow} "
        "shows the requests of a value, as the gateways logged them: other panels cannot be narrowed to it."
    )

    class Open(Message):
        """The person wants to see the requests with this value."""

        def __init__(self, key: str, value: str) -> None:
            super().__init__()
            self.key, self.value = key, value

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        names = tuple("list_usd" if name == "cost_usd" else name for name in MEASURES)
        found = look_at(scene.snapshot, everything(area)).shares
        rows = ((one.key, one.value, one.part, *(getattr(one, name) for name in MEASURES)) for one in found)
        return Sheet(self.TITLE, ("key", "value", "share", *names), tuple(rows))

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        lines: list[Line] = [headline(seen, area.width), *([()] if area.height >= SPACED_FROM else [])]
        table, hidden = _table(seen, area)
        first = len(lines) + 1
        lines += table
        said = foot(area.width, seen.top, len(seen.shares), seen.count, hidden, *seen.said)
        aside = line(f"who: requests by {_keys(seen)}")
        return Drawing(tuple(lines[: area.height]), aside, said, first=first)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target((one.key, one.value)) for one in seen.shares)

    @property
    def can_narrow(self) -> bool:
        return bool(self._seen and self._seen.shares)

    def action_narrow(self) -> None:
        for one in self._seen.shares if self._seen is not None else ():
            if (one.key, one.value) == self._cursor and one.value:
                self.post_message(self.Open(one.key, one.value))
            elif (one.key, one.value) == self._cursor:
                cast("Stage", self.app).say(f"requests without {clean(one.key, 40)} cannot be asked for by themselves")


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's values; those that this area has room for."""
    answers = snapshot.answers("metadata", "value")
    if not answers or refusal(answers):
        return Seen(empty=refusal(answers) or UNNAMED)
    found = shares(one for one in answers if not one.why)
    if not found:
        return Seen(empty=nothing(snapshot, is_known=True))
    rows = max(area.height - 2 - (area.height >= SPACED_FROM), 0)
    top = max(0, min(area.top, len(found) - rows))
    keys = tuple(dict.fromkeys(one.key for one in found))
    lacking = dict.fromkeys(PARTIAL.get(name, name) for one in found for name in one.unknown)
    return Seen(
        ordered(found, area.sort, Metadata.SORTINGS)[top : top + rows],
        found[0],
        keys,
        len(found),
        top,
        sum(one.requests or 0 for one in found if one.key == keys[0]),
        shorter(answers, snapshot.window) or snapshot.scope.current_period.name,
        (silent(answers), f"partly unknown: {', '.join(lacking)}" if lacking else ""),
    )


def headline(seen: Seen, width: int) -> Line:
    """`search 51 %`: who asks most, and of how many requests."""
    share, name = strong(percent(seen.first.part)), clean(_name(seen.first, is_alone=True))
    lefts: list[Line] = [(share, Span(f" {shorten(name, WIDEST_NAME)}", "muted")), (share,)]
    counts = [f"{form(seen.requests)} requests" for form in (whole, short)]
    return ends(width, lefts, [line(gap(2), text) for text in (f"{counts[0]}, {seen.period}", *counts)])


def _keys(seen: Seen) -> str:
    return ", ".join(clean(key, 40) for key in seen.keys)


def _name(one: Share, *, is_alone: bool) -> str:
    """The value; with its key before it where there are several."""
    value = one.value or f"(without {one.key})"
    return value if is_alone or not one.value else f"{one.key}: {value}"


def _columns(found: tuple[Share, ...]) -> tuple[Column, ...]:
    look = Look()
    share = tuple(Figure(percent(one.part), percent(one.part), "text" if one.part else "faint") for one in found)
    errors = tuple(count(one.errors, Look("bad" if one.errors else "faint")) for one in found)
    return (
        Column("requests", "requests", tuple(count(one.requests, look) for one in found), 7, 8),
        Column("share", "share", share, 8, 6),
        Column("errors", "errors", errors, 5, 6),
        Column("hits", "hits", tuple(count(one.cache_hits, look) for one in found), 3, 5),
        Column("tokens", "tokens in", tuple(count(one.tokens_in, look) for one in found), 2, 9),
        Column("tokens", "out", tuple(count(one.tokens_out, look) for one in found), 1, 8),
        Column("list price", "list $ ", tuple(_price(one) for one in found), 4, 8),
    )


def _price(one: Share) -> Figure:
    if not one.cost_usd:
        text = f"{usd(one.cost_usd)} "
        return Figure(text, text, "faint")
    return Figure(f"({usd(one.cost_usd)})", f"({dollars(one.cost_usd)[1:]})", "muted")


def _table(seen: Seen, area: Area) -> tuple[list[Line], tuple[str, ...]]:
    """Value, a bar of its share, and its figures; and the names of the columns that have no room."""
    is_alone = len(seen.keys) == 1
    names = [clean(_name(one, is_alone=is_alone)) for one in seen.shares]
    longest = min(max((cell_len(name) for name in names), default=0), WIDEST_NAME)
    columns = headed(_columns(seen.shares), area.sort, Metadata.SORTINGS)
    figures = arrange(columns, area.width - max(LEAST_NAME, min(longest, area.width // 3)), gap=2)
    room = max(area.width - figures.width, 0)
    bar = min(room - max(longest, LEAST_NAME) - 2, WIDEST_BAR)
    bar = bar if bar >= LEAST_BAR else 0
    name_width = room - bar - (2 if bar else 0)
    head = _keys(seen) if is_alone else "key: value"
    title = Span(left(name_head(head, "value", area.sort), name_width), "muted", act="sort value")
    lines: list[Line] = [(title, gap(room - name_width), *figures.heads())]
    for number, (one, name) in enumerate(zip(seen.shares, names, strict=True)):
        on = "cursor" if area.is_focused and area.cursor == (one.key, one.value) else ""
        role = "text" if one.value else "muted"
        drawn = (gap(2, on), *(span._replace(on=on) for span in part_bar(one.part, bar))) if bar else ()
        lines.append((Span(left(name, name_width), role, on), *drawn, *figures.row(number, on)))
    return lines, figures.hidden
