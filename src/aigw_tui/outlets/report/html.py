"""A report as one HTML page for a browser or an e-mail: nothing is fetched, nothing runs, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from aigw_tui.format import dollars, short
from aigw_tui.insight.daily import Day, NeuronDay, Report
from aigw_tui.outlets.report import alertwords, charts, phrases
from aigw_tui.outlets.report.colors import DARK, LIGHT

FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
LONGEST_FIGURE = 24
"""Characters; what is longer is a sentence, and may be broken."""
HOURS = tuple(f"{hour:02d}" for hour in range(24))


def text(report: Report) -> str:
    """The whole page."""
    rules = "".join(f".{name}{{{rule.replace(';', ' !important;')} !important}}" for name, rule in DARK.items())
    title = escape(phrases.title(report))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        '<meta name="color-scheme" content="light dark"/>\n'
        '<meta name="supported-color-schemes" content="light dark"/>\n'
        f"<title>{title}</title>\n<style>@media (prefers-color-scheme:dark){{{rules}}}</style>\n</head>\n"
        f'<body class="page" style="margin:0;padding:0;{LIGHT["page"]}">\n'
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">\n'
        f'<table role="presentation" class="page" cellpadding="0" cellspacing="0"'
        f' style="width:100%;max-width:640px;{FONT};font-size:14px;line-height:1.45;{LIGHT["page"]}">'
        f'<tr><td style="padding:20px 12px">\n{chr(10).join(_parts(report))}\n</td></tr></table>\n'
        "</td></tr></table>\n</body>\n</html>\n"
    )


def _parts(report: Report) -> Iterator[str]:
    yield f'<h1 style="font-size:20px;margin:0 0 4px">{escape(phrases.title(report))}</h1>'
    yield _paragraph(phrases.subtitle(report), "muted")
    if report.is_empty:
        yield _paragraph(phrases.NO_DATA)
        yield from _alerts(report)
        return
    yield _figures(report)
    yield from _alerts(report)
    for day in report.neurons:
        yield from _neurons(day)
    if report.days:
        yield from _days(report.days)
    for title, field, heads, cells in phrases.RANKINGS:
        if found := getattr(report, field):
            yield _heading(title)
            yield _table(heads, map(cells, found))
    if note := phrases.unpriced(report):
        yield _paragraph(note, "muted")
    yield _heading("Errors by status")
    rows = [(phrases.status(one), f"{one.requests:,}") for one in report.errors]
    yield _table(("status", "requests"), rows) if rows else _paragraph(phrases.no_errors(report))
    yield _heading("Cache and routing")
    yield _paragraph(f"{phrases.saved(report)} {phrases.not_routed(report)}")
    if report.savings:
        yield _table(("model", "hits", "saved"), map(phrases.top_saving, report.savings))
    yield _heading("How well this is known")
    known = ((one.dataset, phrases.quality(one), phrases.holes(one, report.period != "day")) for one in report.quality)
    yield _table(("dataset", "hours", "holes"), known)


def _figures(report: Report) -> str:
    if not report.basis:
        return _table(("", report.period), ((phrases.NAMES[one.name], phrases.value(one)) for one in report.figures))
    rows = []
    for one in report.figures:
        cells = (phrases.NAMES[one.name], phrases.value(one), phrases.usual(one))
        news = phrases.news(one) or "muted"
        rows.append(f"{''.join(map(_cell, range(3), cells))}{_cell(3, phrases.change(one), news)}")
    return _rows(("", report.period, "usual", "change"), rows) + _paragraph(f"usual: {report.basis}", "muted")


def _alerts(report: Report) -> Iterator[str]:
    yield _heading("Alerts")
    yield _paragraph(alertwords.verdict(report))
    rows = []
    for name, severity, *cells in alertwords.rows(report):
        kind = "bad" if severity == "critical" else ""
        rows.append(f"{_cell(0, name)}{_cell(1, severity, kind)}{''.join(map(_cell, (2, 3), cells))}")
    if rows:
        yield _rows(alertwords.HEADS, rows)
    for note in alertwords.notes(report):
        yield _paragraph(note, "muted")


def _neurons(day: NeuronDay) -> Iterator[str]:
    yield _heading(f"Neurons of {phrases.owner(day)}")
    yield _paragraph(f"{phrases.neuron_day(day)}.", "bad" if (day.share or 0.0) >= 1.0 else "")
    yield _chart("used since 00:00 UTC", charts.curve(day))
    yield _chart("by hour", charts.bars(day.hours, HOURS, f"Neurons by hour of {phrases.owner(day)}"))


def _days(days: Sequence[Day]) -> Iterator[str]:
    labels = [f"{day.since.day} {day.since:%b}" for day in days]
    yield _heading("Day by day")
    hits = [None if day.line.cache_hit_rate is None else 100 * day.line.cache_hit_rate for day in days]
    charted: tuple[tuple[str, Sequence[float | None], charts.Scale], ...] = (
        ("cost, billable (USD)", [day.cost_usd for day in days], dollars),
        ("neurons", [day.line.neurons for day in days], short),
        ("requests", [day.line.requests for day in days], short),
        ("cache hits (per cent of requests)", hits, short),
    )
    for name, values, scale in charted:
        if any(values):
            yield _chart(name, charts.bars(values, labels, f"{name} by day", scale))
    yield _table(phrases.DAY_HEADS, map(phrases.day_cells, days))


def _heading(text: str) -> str:
    return f'<h2 style="font-size:15px;margin:24px 0 6px">{escape(text)}</h2>'


def _paragraph(text: str, kind: str = "") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<p{style} style="margin:0 0 8px;{LIGHT.get(kind, "")}">{escape(text)}</p>'


def _chart(name: str, svg: str) -> str:
    return f'<p class="muted" style="margin:8px 0 0;font-size:12px;{LIGHT["muted"]}">{escape(name)}</p>{svg}'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return _rows(heads, ["".join(map(_cell, range(len(row)), row)) for row in rows])


def _rows(heads: Sequence[str], rows: Sequence[str]) -> str:
    titles = "".join(
        f'<th class="muted cell" align="{_align(n)}" style="padding:3px 4px;font-weight:normal;font-size:12px;'
        f'{LIGHT["cell"]};{LIGHT["muted"]}">{escape(head)}</th>'
        for n, head in enumerate(heads)
    )
    lines = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return (
        '<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:0 0 8px">'
        f"<tr>{titles}</tr>\n{lines}\n</table>"
    )


def _cell(place: int, text: str, kind: str = "") -> str:
    classes = f"cell {kind}".strip()
    wrap = "white-space:nowrap" if place and len(text) <= LONGEST_FIGURE else "overflow-wrap:break-word"
    look = f"{wrap};font-variant-numeric:tabular-nums" if place else wrap
    return (
        f'<td class="{classes}" align="{_align(place)}"'
        f' style="padding:3px 4px;{look};{LIGHT["cell"]};{LIGHT.get(kind, "")}">{escape(text)}</td>'
    )


def _align(place: int) -> str:
    return "right" if place else "left"
