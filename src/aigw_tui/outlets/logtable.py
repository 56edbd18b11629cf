"""Request logs as text: a table for people, CSV and JSON for programs, a row at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from aigw_tui.format import UNKNOWN, cells, clean, dollars, duration, fit, iso
from aigw_tui.insight.requestfields import FIELDS, fields_of
from aigw_tui.model import LogRow, Window
from aigw_tui.outlets.cells import csv_cell

SCHEMA = "aigw-tui.logs/1"
GAP = "  "
TOKENS = 9
"""Columns of a number of tokens: one that is longer is rounded."""


class Drawing(Protocol):
    """Rows on their way out; all three give whole lines, or nothing."""

    def head(self, rows: Sequence[LogRow]) -> str:
        """What stands above; the rows are the first that will come, as far as they are known."""

    def row(self, row: LogRow) -> str: ...

    def foot(self) -> str: ...


class Csv:
    """The csv module's quoting, with a header also over nothing; formulas are made text."""

    def head(self, _: Sequence[LogRow]) -> str:
        return _csv_line(FIELDS)

    def row(self, row: LogRow) -> str:
        found = fields_of(row)
        found["metadata"] = json.dumps(found["metadata"], ensure_ascii=False) if row.metadata else ""
        return _csv_line([_word(value) for value in found.values()])

    def foot(self) -> str:
        return ""


class Ndjson:
    """A row a line."""

    def head(self, _: Sequence[LogRow]) -> str:
        return ""

    def row(self, row: LogRow) -> str:
        return json.dumps(fields_of(row)) + "\n"

    def foot(self) -> str:
        return ""


class Json:
    """One object: schema, the moment of asking, the window, and the rows, newest first."""

    def __init__(self, window: Window, now: datetime) -> None:
        window_said = {"since": iso(window.since), "until": iso(window.until)}
        self._head = json.dumps({"schema": SCHEMA, "generated_at": iso(now), "window": window_said})
        self._between = "\n"

    def head(self, _: Sequence[LogRow]) -> str:
        return f'{self._head[:-1]}, "rows": ['

    def row(self, row: LogRow) -> str:
        before, self._between = self._between, ",\n"
        return before + json.dumps(fields_of(row))

    def foot(self) -> str:
        return "\n]}\n"


class Column(NamedTuple):
    title: str
    text: Callable[[LogRow], str]
    is_number: bool = False


COLUMNS = (
    Column("time (UTC)", lambda row: f"{row.at:%m-%d %H:%M:%S}"),
    Column("account", lambda row: row.account),
    Column("gateway", lambda row: row.gateway),
    Column("model", lambda row: row.model or UNKNOWN),
    Column("provider", lambda row: row.provider or UNKNOWN),
    Column("status", lambda row: UNKNOWN if row.status is None else str(row.status), is_number=True),
    Column("cached", lambda row: {True: "yes", False: "no", None: UNKNOWN}[row.cached]),
    Column("in", lambda row: fit(row.tokens_in, TOKENS), is_number=True),
    Column("out", lambda row: fit(row.tokens_out, TOKENS), is_number=True),
    Column("cost", lambda row: dollars(row.cost_usd, 4), is_number=True),
    Column("duration", lambda row: duration(row.duration_ms), is_number=True),
    Column("id", lambda row: row.id),
)
NAMES = {"model": 20, "provider": 8, "gateway": 8, "account": 8}
"""Columns that may be shortened, in this order, and how far."""
LEAST_NEEDED = ("id", "provider", "cached", "gateway")
"""Columns that a narrow terminal does without, in this order."""


class Table:
    """Aligned columns. `width` is the terminal's; None: a pipe, where nothing is cut.

    Accounts and gateways have a column only where there are several; ids only where there is room. The first rows
    decide how wide a column is; a longer value that comes later is shortened.
    """

    def __init__(self, width: int | None, labels: dict[str, str], *, has_gateways: bool) -> None:
        self._width = width
        self._labels = labels
        hidden = {*(() if len(labels) > 1 else ("account",)), *(() if has_gateways else ("gateway",))}
        self._columns = [column for column in COLUMNS if column.title not in hidden]
        self._widths: dict[str, int] = {}

    def head(self, rows: Sequence[LogRow]) -> str:
        columns = {column.title: [column.title, *(self._text(column, row) for row in rows)] for column in self._columns}
        self._widths = {title: max(map(cells, texts)) for title, texts in columns.items()}
        for title in LEAST_NEEDED:
            shown = {column.title for column in self._columns}
            spare = sum(max(0, self._widths[name] - least) for name, least in NAMES.items() if name in shown)
            if self._over() > (0 if title == "id" else spare):
                self._columns = [column for column in self._columns if column.title != title]
        for name, least in NAMES.items():
            if name in self._widths and (over := self._over()) > 0:
                self._widths[name] = max(self._widths[name] - over, min(self._widths[name], least))
        return self._line([column.title for column in self._columns])

    def row(self, row: LogRow) -> str:
        return self._line([self._text(column, row) for column in self._columns])

    def foot(self) -> str:
        return ""

    def _over(self) -> int:
        taken = sum(self._widths[column.title] for column in self._columns) + len(GAP) * (len(self._columns) - 1)
        return 0 if self._width is None else taken - self._width

    def _text(self, column: Column, row: LogRow) -> str:
        text = column.text(row)
        return clean(self._labels.get(text, text) if column.title == "account" else text)

    def _line(self, texts: Sequence[str]) -> str:
        parts = []
        for column, text in zip(self._columns, texts, strict=True):
            room = self._widths[column.title]
            fitted = shortened(text, room) if self._width is not None or column.title not in NAMES else text
            padding = " " * (room - cells(fitted))
            parts.append(padding + fitted if column.is_number else fitted + padding)
        return GAP.join(parts).rstrip() + "\n"


def shortened(text: str, room: int) -> str:
    """The text, or its end after a `…`: the end of a model's name is what tells it from others."""
    if cells(text) <= room:
        return text
    while text and cells(text) > room - 1:
        text = text[1:]
    return f"…{text}"


def _word(value: object) -> object:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else csv_cell(value)


def _csv_line(values: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue()
