"""Parts of the usage as rows: what a table of providers or gateways shows, sorts by and exports."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from aigw_tui.insight.breakdown import Part
from aigw_tui.model import Cell, Sheet
from aigw_tui.tui.series import NOTHING, Series
from aigw_tui.tui.sorting import Sorting

NOBODY = Part()


@dataclass(frozen=True, slots=True)
class Row:
    """One part as it is shown."""

    id: Hashable
    name: str
    """Clean text."""
    part: Part
    narrow: tuple[tuple[str, str], ...]
    """What Enter on it narrows to."""
    trend: Series = NOTHING
    tint: str = ""
    """Of its swatch; empty: it has none."""
    remarks: tuple[str, ...] = ()
    """Below it: in full, where all rows have the room for that, else the first of the others that fits."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible rows, and the sum of all."""

    rows: tuple[Row, ...] = ()
    all: Part = NOBODY
    what: str = ""
    """Names the rows: `provider`."""
    period: str = ""
    count: int = 0
    """Rows before scrolling."""
    top: int = 0
    remarks: str = ""
    """What the remarks are called where they have no room."""
    note: str = ""
    """What the rows lack."""
    empty: str = ""
    """Why there are none."""


SORTINGS = (
    Sorting("r", "requests", lambda row: row.part.use.requests),
    Sorting("e", "errors", lambda row: row.part.error_rate),
    Sorting("h", "hits", lambda row: row.part.hit_rate),
    Sorting("i", "tokens in", lambda row: row.part.use.tokens_in),
    Sorting("u", "out", lambda row: row.part.use.tokens_out),
    Sorting("d", "$", lambda row: _price(row.part)),
    Sorting("s", "share", lambda row: row.part.share),
)
"""Of a `Row`, besides its name."""
COLUMNS = (
    "requests",
    "share",
    "errors",
    "error_rate",
    "cache_hits",
    "hit_rate",
    "tokens_in",
    "tokens_out",
    "owed_usd",
    "list_usd",
    "trust",
)
"""Rates and shares are of 1."""


def part_sheet(panel: str, names: tuple[str, ...], rows: Iterable[tuple[tuple[Cell, ...], Part]]) -> Sheet:
    """`rows`: what stands before the figures, one cell a name, and the part."""
    return Sheet(panel, (*names, *COLUMNS), tuple((*before, *_figures(part)) for before, part in rows))


def _figures(part: Part) -> tuple[Cell, ...]:
    use = part.use
    return (
        use.requests,
        part.share,
        use.errors,
        part.error_rate,
        use.cache_hits,
        part.hit_rate,
        use.tokens_in,
        use.tokens_out,
        use.owed_usd,
        use.listed_usd,
        use.trust.name.lower(),
    )


def _price(part: Part) -> float | None:
    return part.use.listed_usd if part.use.owed_usd is None else part.use.owed_usd
