"""A panel as a file: CSV, JSON or Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from aigw_tui.format import clean, iso
from aigw_tui.model import Cell, Export
from aigw_tui.outlets.cells import csv_cell

SCHEMA = "aigw-tui.panel/1"


def as_csv(export: Export) -> Iterator[str]:
    """A header, then the rows; unknown is empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(export.sheet.columns)
    writer.writerows([csv_cell(_plain(cell)) for cell in row] for row in export.sheet.rows)
    yield buffer.getvalue()


def as_json(export: Export) -> Iterator[str]:
    """One object: schema, panel, taken_at, window, scope, filter, rows; unknown is null."""
    window, sheet = export.scope.window(export.taken_at), export.sheet
    yield json.dumps(
        {
            "schema": SCHEMA,
            "panel": sheet.panel,
            "taken_at": iso(export.taken_at),
            "window": {"since": iso(window.since), "until": iso(window.until)},
            "scope": {name: list(values) for name, values in export.scope.where},
            "filter": export.scope.pattern,
            "rows": [dict(zip(sheet.columns, map(_plain, row), strict=True)) for row in sheet.rows],
        },
        ensure_ascii=False,
        allow_nan=False,
        indent=1,
    )
    yield "\n"


def as_markdown(export: Export) -> Iterator[str]:
    """A table; unknown is –."""
    sheet = export.sheet
    yield f"| {' | '.join(sheet.columns)} |\n|{'---|' * len(sheet.columns)}\n"
    for row in sheet.rows:
        cells = ("–" if cell is None else str(_plain(cell)).replace("\\", "\\\\").replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |\n"


FORMATS: Mapping[str, Callable[[Export], Iterator[str]]] = {"csv": as_csv, "json": as_json, "md": as_markdown}
"""Ending of the file → its texts."""


def _plain(cell: Cell) -> str | int | float | None:
    if isinstance(cell, datetime):
        return iso(cell)
    return clean(cell) if isinstance(cell, str) else cell
