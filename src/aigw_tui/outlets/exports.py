"""Usage as JSON, lines of JSON, CSV and Markdown: texts one after the other, so that any number of rows is written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aigw_tui.format import clean, iso
from aigw_tui.insight.tabulate import MEASURES, Line, Part
from aigw_tui.model import Interval, Window
from aigw_tui.outlets.cells import csv_cell

SCHEMA = "aigw-tui.usage/1"
DIGITS = {"cost_usd": 8, "neurons": 4, "neurons_estimated": 4, "error_rate": 6, "cache_hit_rate": 6}
"""Behind the point: what adding up floats would make of 0.1 + 0.2 is no figure of anybody's."""


@dataclass(frozen=True, slots=True)
class Source:
    """How far a dataset's figures can be trusted."""

    dataset: str
    state: str
    """`ok`, `stale` (no good answer for a while), `missing` (this account may not see it), `none` (never read)."""
    fetched_at: datetime | None
    covers_until: datetime | None
    hours_missing: int
    """Of the window, never read."""
    fault: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """An answer: its lines come one by one, the total is of all of them."""

    by: tuple[str, ...]
    lines: Iterable[Line]
    total: Line
    window: Window
    generated_at: datetime
    scope: tuple[tuple[str, tuple[str, ...]], ...]
    sources: tuple[Source, ...]
    interval: Interval | None = None
    """Of the total requests, where they were sampled."""


def as_json(usage: Usage) -> Iterator[str]:
    """See the contract: one object with schema, window, scope, rows, totals and sources; a row a line."""
    head = {
        "schema": SCHEMA,
        "generated_at": iso(usage.generated_at),
        "window": {"since": iso(usage.window.since), "until": iso(usage.window.until)},
        "scope": {name: list(values) for name, values in usage.scope},
        "by": list(usage.by),
    }
    yield _dumped(head)[:-1] + ', "rows": ['
    separator = "\n  "
    for line in usage.lines:
        yield separator + _dumped(_row(usage.by, line))
        separator = ",\n  "
    sources = _dumped([_source(one) for one in usage.sources])
    yield f'\n ], "totals": {_dumped(_totals(usage))}, "sources": {sources}}}\n'


def as_ndjson(usage: Usage) -> Iterator[str]:
    """A row a line, then one line `{"totals": …}`."""
    for line in usage.lines:
        yield _dumped(_row(usage.by, line)) + "\n"
    yield _dumped({"totals": _totals(usage)}) + "\n"


def as_csv(usage: Usage) -> Iterator[str]:
    """A header, then the rows; no totals, because whoever adds up a column would count twice."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*usage.by, *MEASURES, "trust"])
    for line in usage.lines:
        yield _taken(buffer)
        row = _row(usage.by, line)
        writer.writerow([csv_cell(value) for value in row.values()])
    yield _taken(buffer)


def as_markdown(usage: Usage) -> Iterator[str]:
    """A table with its totals in the last line."""
    names = [*usage.by, *MEASURES, "trust"]
    yield f"| {' | '.join(names)} |\n|{'|'.join(['---'] * len(usage.by) + ['--:'] * len(MEASURES) + ['---'])}|\n"
    for line in usage.lines:
        yield _markdown(_row(usage.by, line).values())
    totals = dict(zip(MEASURES, _rounded(usage.total), strict=True))
    yield _markdown(["**total**", *[""] * (len(usage.by) - 1), *totals.values(), _trust(usage.total)][-len(names) :])


FORMATS = {"json": as_json, "ndjson": as_ndjson, "csv": as_csv, "markdown": as_markdown}


def part_text(name: str, part: Part) -> str:
    """`2026-11-23T14:00:00Z`, `2026-11-23`, `2026-11`, or a name."""
    if not isinstance(part, datetime):
        return clean(part)
    return iso(part) if name == "hour" else f"{part:%Y-%m-%d}" if name == "day" else f"{part:%Y-%m}"


def _row(by: Sequence[str], line: Line) -> dict[str, Any]:
    keys = {name: part_text(name, part) for name, part in zip(by, line.key, strict=True)}
    return {**keys, **dict(zip(MEASURES, _rounded(line), strict=True)), "trust": _trust(line)}


def _rounded(line: Line) -> tuple[int | float | None, ...]:
    return tuple(
        round(value, DIGITS[name]) if value is not None and name in DIGITS else value
        for name, value in zip(MEASURES, line.values, strict=True)
    )


def _totals(usage: Usage) -> dict[str, Any]:
    totals: dict[str, Any] = dict(zip(MEASURES, _rounded(usage.total), strict=True))
    totals |= {"unpriced_models": len(usage.total.unpriced), "trust": _trust(usage.total)}
    if usage.interval is not None:
        totals["confidence"] = {"requests": [round(usage.interval.lower), round(usage.interval.upper)]}
    return totals


def _trust(line: Line) -> str:
    return line.trust.name.lower()


def _source(one: Source) -> dict[str, Any]:
    return {
        "dataset": one.dataset,
        "state": one.state,
        "fetched_at": one.fetched_at and iso(one.fetched_at),
        "covers_until": one.covers_until and iso(one.covers_until),
        "hours_missing": one.hours_missing,
        "fault": one.fault,
    }


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _markdown(values: Iterable[object]) -> str:
    cells = ("–" if value is None else str(value).replace("\\", "\\\\").replace("|", "\\|") for value in values)
    return f"| {' | '.join(cells)} |\n"


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
