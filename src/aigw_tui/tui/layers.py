"""One cell of a chart that shows eight layers, an eighth each, with two colours."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from aigw_tui.tui.bars import EIGHTHS, GROUND
from aigw_tui.tui.lines import Span

EMPTY = ""
"""The role of a layer in which nothing is."""


@lru_cache(maxsize=4096)
def cell(eighths: tuple[str, ...]) -> Span:
    """One cell that shows its eight layers (roles from the bottom up) as truly as two colours can.

    Failures, and where the bar ends, weigh twice as much as one model against another.
    """
    present = tuple(dict.fromkeys(eighths))
    if len(present) == 1:
        return Span("█", present[0]) if present[0] else Span(" ", "text")

    def error(choice: tuple[str, str, int]) -> int:
        lower, upper, border = choice
        shown = (lower,) * border + (upper,) * (8 - border)
        wrong = [(one, other) for one, other in zip(shown, eighths, strict=True) if one != other]
        return sum(2 if "" in pair or any(role.startswith("bad") for role in pair) else 1 for pair in wrong)

    choices = ((lower, upper, n) for lower, upper in product(present, present) for n in range(1, 8) if lower)
    lower, upper, border = min(choices, key=error)
    if lower == upper:
        return Span("█", lower)
    return Span(EIGHTHS[border], lower, upper or (GROUND if lower.startswith("bad") else ""))
