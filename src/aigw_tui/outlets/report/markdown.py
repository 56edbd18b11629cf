"""A report as Markdown: tables of GitHub's kind, and a curve of blocks that any font has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from aigw_tui.format import short
from aigw_tui.insight.daily import NeuronDay, Report
from aigw_tui.outlets.report import alertwords, phrases

BLOCKS = "▁▂▃▄▅▆▇█"
SPECIAL = re.compile(r"([\\`*_\[\]<>&|@]|~(?![$\d])|(?<=:)/|(?<=:/)/|(?<=www)\.)", re.IGNORECASE)
"""What formats, links or mentions inside a line; the `~` of an estimate strikes nothing through."""
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
"""What a backslash would not keep from being HTML or a mention."""


def text(report: Report) -> str:
    """The whole page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {phrases.title(report)}"
    yield from ("", f"Of {escaped(phrases.subtitle(report))}", "")
    if report.is_empty:
        yield from (phrases.NO_DATA, "", *_alerts(report))
        return
    yield from _figures(report)
    yield from _alerts(report)
    for day in report.neurons:
        yield from _neurons(day)
    if report.days:
        yield from _section("Day by day", phrases.DAY_HEADS, map(phrases.day_cells, report.days))
    for title, field, heads, cells in phrases.RANKINGS:
        yield from _section(title, heads, (cells(use) for use in getattr(report, field)))
    if note := phrases.unpriced(report):
        yield from (note, "")
    yield from _section(
        "Errors", ("status", "requests"), ((phrases.status(e), f"{e.requests:,}") for e in report.errors)
    )
    if not report.errors:
        yield from ("## Errors by status", "", phrases.no_errors(report), "")
    yield from ("## Cache and routing", "", phrases.saved(report), phrases.not_routed(report), "")
    if report.savings:
        yield from _table(("model", "hits", "saved"), map(phrases.top_saving, report.savings))
    yield from _section(
        "How well this is known",
        ("dataset", "hours", "holes"),
        ((one.dataset, phrases.quality(one), phrases.holes(one, report.period != "day")) for one in report.quality),
    )


def escaped(text: str) -> str:
    """Text that means nothing to Markdown, in a cell of a table as well."""
    return SPECIAL.sub(lambda found: ENTITIES.get(found[1], f"\\{found[1]}"), text)


def _figures(report: Report) -> Iterator[str]:
    if not report.basis:
        yield from _table(("", report.period), ((phrases.NAMES[f.name], phrases.value(f)) for f in report.figures))
        return
    heads = ("", report.period, report.basis, "change")
    rows = ((phrases.NAMES[one.name], phrases.value(one), phrases.usual(one), phrases.change(one))
            for one in report.figures)  # fmt: skip
    yield from _table(heads, rows)


def _alerts(report: Report) -> Iterator[str]:
    yield from ("## Alerts", "", alertwords.verdict(report), "")
    if found := alertwords.rows(report):
        yield from _table(alertwords.HEADS, found)
    for note in alertwords.notes(report):
        yield from (escaped(note), "")


def _neurons(day: NeuronDay) -> Iterator[str]:
    known = [value for value in day.hours if value is not None]
    top = max(known, default=0.0)
    bar = "".join("·" if value is None else BLOCKS[round(value / top * 7)] if top else BLOCKS[0] for value in day.hours)
    yield from (f"## Neurons of {escaped(phrases.owner(day))}", "", f"{phrases.neuron_day(day)}.", "")
    yield from ("```text", bar, "0     6     12    18    24 h UTC", f"most in an hour: {short(top)}", "```", "")


def _section(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Nothing at all without rows."""
    found = list(rows)
    if found:
        yield from (f"## {title}", "")
        yield from _table(heads, found)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The first column is text, the others are figures."""
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{'--:|' * (len(heads) - 1)}"
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |"
    yield ""
