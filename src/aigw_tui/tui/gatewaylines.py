"""A table of gateways: figures, and a remark that says what is the matter; the remark has a line of its own where
there is no room beside the figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from aigw_tui.format import clean
from aigw_tui.model import Snapshot
from aigw_tui.tui.columns import Column, arrange
from aigw_tui.tui.lines import Line, Span, fit, gap, left
from aigw_tui.tui.scene import Area
from aigw_tui.tui.sorting import name_head

BESIDE_FROM = 100
"""Columns from which the remark stands beside the figures."""
SPACED_FROM = 9
"""Rows from which an empty line stands below the headline."""
LEAST_NAME, WIDEST_NAME = 10, 32
INDENT = 2

Id = tuple[str, str]
"""(account, gateway)"""


@dataclass(frozen=True, slots=True)
class Named:
    """Whose row it is."""

    account: str
    gateway: str
    label: str = ""
    """The account's, where there are several."""

    @property
    def id(self) -> Id:
        return self.account, self.gateway

    @property
    def text(self) -> str:
        return clean(f"{self.label} › {self.gateway}" if self.label else self.gateway)

    @property
    def narrow(self) -> tuple[tuple[str, str], ...]:
        """What Enter on it narrows to; the account only where there are several."""
        gateway = ("gateway", self.gateway)
        return (("account", self.account), gateway) if self.label else (gateway,)


def named(snapshot: Snapshot, account: str, gateway: str) -> Named:
    is_alone = len(snapshot.labels) < 2 or len(snapshot.scope.values("account")) == 1
    return Named(account, gateway, "" if is_alone else dict(snapshot.labels).get(account, account))


def is_chosen(snapshot: Snapshot, account: str, gateway: str) -> bool:
    """Whether the scope holds the gateway; logs are a gateway's, so models and providers are no question here."""
    accounts, gateways = (snapshot.scope.values(name) for name in ("account", "gateway"))
    return (not accounts or account in accounts) and (not gateways or gateway in gateways)


def room(area: Area) -> int:
    """How many gateways are visible below a headline and the column heads."""
    rows = area.height - 2 - (area.height >= SPACED_FROM)
    return max(rows // (1 if area.width >= BESIDE_FROM else 2), 0)


def first_of(area: Area) -> int | None:
    """The line of the first gateway, where each has one line."""
    return 2 + (area.height >= SPACED_FROM) if area.width >= BESIDE_FROM else None


def table(
    headline: Line, rows: Sequence[Named], columns: Sequence[Column], remark: Callable[[int, int], Line], area: Area
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines, and the names of what has no room.

    `remark` draws that of a row (its number) in at most so many cells.
    """
    is_beside = area.width >= BESIDE_FROM
    longest = max((cell_len(one.text) for one in rows), default=0)
    widest = max(min(longest, WIDEST_NAME), LEAST_NAME)
    figures = arrange(columns, area.width - (widest if is_beside else LEAST_NAME), gap=2)
    beside = max(area.width - figures.width, 0)
    name = min(widest, beside) if is_beside else beside
    rest = max(area.width - name - figures.width - INDENT, 0) if is_beside else max(area.width - INDENT, 0)
    title = Span(left(name_head("gateway", "gateway", area.sort), name), "muted", act="sort gateway")
    heads = (title, *figures.heads())
    lines: list[Line] = [headline, *([()] if area.height >= SPACED_FROM else []), heads]
    for number, one in enumerate(rows):
        on = "cursor" if area.is_focused and area.cursor == one.id else ""
        shown = (Span(left(one.text, name), "text", on), *figures.row(number, on))
        said = tuple(span if span.on else span._replace(on=on) for span in fit(remark(number, rest), rest))
        if is_beside:
            lines.append((*shown, gap(INDENT, on), *said))
        else:
            lines += [shown, (gap(min(INDENT, area.width), on), *said)]
    return tuple(lines[: max(area.height, 0)]), figures.hidden
