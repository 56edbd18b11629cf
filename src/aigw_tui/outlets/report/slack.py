"""A report as the body of a Slack message: blocks, and the text that a notification shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from aigw_tui.insight.daily import Report
from aigw_tui.insight.measured import Figure
from aigw_tui.outlets.report import alertwords, phrases

LONGEST_HEADER = 150
LONGEST_TEXT = 2_900
"""Slack takes 3,000 characters in a section (documented)."""
FORMATTING = re.compile(r"[*_~`]")
MOST_ALERTS = 10
SHOWN = ("requests", "error_rate", "cost_usd", "neurons", "cache_hit_rate", "tokens_in", "saved_usd", "not_routed")
"""Figures that a message has: two columns of them, at most ten (documented)."""
Json = dict[str, Any]


def text(report: Report) -> str:
    """What is posted to an incoming webhook."""
    return json.dumps(message(report), indent=2, ensure_ascii=False) + "\n"


def message(report: Report) -> Json:
    """`text` and `blocks`."""
    title = phrases.title(report)
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": title[:LONGEST_HEADER], "emoji": False}},
        {"type": "context", "elements": [_words(escaped(phrases.subtitle(report)))]},
    ]
    return {"text": escaped(f"{title}: {_brief(report)}"), "blocks": [*blocks, *_body(report)]}


def escaped(text: str) -> str:
    """Without anything that formats, links or calls somebody."""
    plain = FORMATTING.sub(lambda found: f"\u2060{found[0]}\u2060", text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _brief(report: Report) -> str:
    if report.is_empty:
        return "no data"
    shown = (report.figure(name) for name in ("requests", "error_rate", "cost_usd"))
    said = [f"{phrases.NAMES[one.name]} {phrases.value(one)}" for one in shown]
    alerts = [alertwords.verdict(report).rstrip(".")] if report.alerts and report.alerts.fired else []
    return ", ".join([*said, *alerts])


def _body(report: Report) -> Iterator[Json]:
    if report.is_empty:
        yield _section(phrases.NO_DATA)
        yield from _alerts(report)
        return
    figures = [report.figure(name) for name in SHOWN]
    yield {
        "type": "section",
        "fields": [
            _words(f"*{phrases.NAMES[one.name]}*\n{phrases.value(one)}{_change(one) if report.basis else ''}")
            for one in figures
        ],
    }
    if report.basis:
        yield {"type": "context", "elements": [_words(f"against {report.basis}")]}
    yield from _alerts(report)
    for day in report.neurons[:5]:
        yield _section(f"*{escaped(phrases.owner(day))}*: {phrases.neuron_day(day)}")
    if report.days:
        yield _section(f"*Day by day*\n{_grid([phrases.DAY_HEADS, *map(phrases.day_cells, report.days)])}")
    yield {"type": "divider"}
    for title, field, heads, cells in phrases.RANKINGS:
        if found := getattr(report, field):
            yield _section(f"*{title}*\n{_grid([heads, *(cells(use) for use in found)])}")
    if report.errors:
        rows = [(phrases.status(one), f"{one.requests:,}") for one in report.errors[:8]]
        yield _section(f"*Errors*\n{_grid(rows)}")
    notes = [phrases.saved(report), phrases.not_routed(report), phrases.unpriced(report)]
    yield _section("\n".join(filter(None, notes)))
    known = [
        f"{one.dataset}: {'; '.join(filter(None, (phrases.quality(one), phrases.holes(one, report.period != 'day'))))}"
        for one in report.quality
    ]
    yield {"type": "context", "elements": [_words(" · ".join(known))]}


def _alerts(report: Report) -> Iterator[Json]:
    lines = (
        f"• {escaped(name)}; {severity}, {when}, worst {worst}"
        for name, severity, when, worst in alertwords.rows(report, MOST_ALERTS)
    )
    yield _section("\n".join((f"*Alerts*: {alertwords.verdict(report)}", *lines)))
    if notes := [escaped(one) for one in alertwords.notes(report, MOST_ALERTS)]:
        yield {"type": "context", "elements": [_words("\n".join(notes))]}


def _change(figure: Figure) -> str:
    return f"  {phrases.change(figure)}"


def _section(text: str) -> Json:
    return {"type": "section", "text": _words(text)}


def _words(text: str) -> Json:
    return {"type": "mrkdwn", "text": text[:LONGEST_TEXT], "verbatim": True}


def _grid(rows: Iterable[Sequence[str]]) -> str:
    """Aligned, in a block of code; as many lines as Slack takes."""
    found = [[cell.replace("`", "'") for cell in row] for row in rows]
    sizes = [max(map(len, column)) for column in zip(*found, strict=True)]
    lines, room = [], LONGEST_TEXT - 100
    for first, *rest in found:
        cells = [first.ljust(sizes[0]), *(cell.rjust(size) for cell, size in zip(rest, sizes[1:], strict=True))]
        line = "  ".join(cells).rstrip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "```\n" + "\n".join(lines) + "\n```"
