"""What may stand in a cell of a CSV file that a spreadsheet opens."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With one of these in front, a spreadsheet computes a cell instead of showing it."""
NAMES = ("@cf/", "@hf/")
"""Models begin like this; they must come back as they were."""


def csv_cell(value: object) -> object:
    """The value for the csv module: text that would be a formula gets a `'` in front; None becomes empty.

    Numbers stay numbers, also negative ones; only text can be a formula.
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA) and not value.startswith(NAMES):
        return f"'{value}"
    return value
