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
    return Sheet(panel, (*names, *COLUMNS), tuple((*before, *_figures(use)) for before, use in rows))


def _figures(use: Usage) -> tuple[Cell, ...]:
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
