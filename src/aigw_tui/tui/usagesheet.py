"""Usage as a table of values: the same columns in every panel that shows usage."""

from __future__ import annotations

from collections.abc import Iterable

from aigw_tui.insight.joined import Usage
from aigw_tui.model import Cell, Sheet

COLUMNS = (
    "requests",
    "errors",
    "cache_hits",
    "tokens_in",
    "tokens_out",
    "neurons",
    "neurons_estimated",
    "owed_usd",
    "list_usd",
    "trust",
)
"""Neurons are measured or estimated, never both; a list price is inside the allowance and not owed."""


def usage_sheet(panel: str, names: tuple[str, ...], rows: Iterable[tuple[tuple[Cell, ...], Usage]]) -> Sheet:
    """`rows`: what stands before the figures, one cell a name, and the usage."""
    return Sheet(panel, (*names, *COLUMNS), tuple((*before, *figures(use)) for before, use in rows))


def figures(use: Usage) -> tuple[Cell, ...]:
    """One cell a column."""
    measured, estimated = (None, use.neurons) if use.is_estimate else (use.neurons, None)
    return (
        use.requests,
        use.errors,
        use.cache_hits,
        use.tokens_in,
        use.tokens_out,
        measured,
        estimated,
        use.owed_usd,
        use.listed_usd,
        use.trust.name.lower(),
    )


def measured(measure: str, *, is_estimate: bool, is_listed: bool) -> str:
    """The column of a measure that `m` chooses: `tokens`, `neurons_estimated`, `list_usd`; of 1, the `hit_rate`."""
    if measure == "cost":
        return "list_usd" if is_listed else "owed_usd"
    if measure == "cache":
        return "hit_rate"
    return "neurons_estimated" if measure == "neurons" and is_estimate else measure
