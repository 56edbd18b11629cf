"""What a tile shows as a table of values: its hours or days, or its figures by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aigw_tui.model import Cell, Sheet
from aigw_tui.tui.series import Series


def series_sheet(panel: str, names: Sequence[str], series: Series, expected: str = "") -> Sheet:
    """A row an hour or day, oldest first, `names` for its values. Trust is None where nothing was read.

    What lies ahead is left out, unless `expected` names a column for it.
    """
    more = (expected,) if expected else ()
    rows: list[tuple[Cell, ...]] = []
    for since, state, values in series.moments:
        unknown: tuple[Cell, ...] = (None,) * len(names)
        if state != "ahead":
            trust = None if state == "unknown" else state
            rows.append((since, *values, *(None for _ in more), trust))
        elif expected and values[0] is not None:
            rows.append((since, *unknown, values[0], None))
    return Sheet(panel, ("since", *names, *more, "trust"), tuple(rows))


def figures_sheet(panel: str, figures: Iterable[tuple[str, Cell]]) -> Sheet:
    """A row a figure, with its unit in the name."""
    return Sheet(panel, ("figure", "value"), tuple(figures))
