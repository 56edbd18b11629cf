"""The words of a report about alerts, the same in every format for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from aigw_tui.format import clean
from aigw_tui.insight.daily import Report
from aigw_tui.insight.firings import Doubt, Firing
from aigw_tui.model import titled
from aigw_tui.outlets.report.phrases import LONGEST_NAME, some
from aigw_tui.outlets.trialwords import doubts

MOST = 20
"""Alerts that are listed; the rest are counted."""
MOST_NOTES = 6
HEADS = ("alert", "severity", "when (UTC)", "worst")
UNKNOWN = "Whether an alert fired is not known."


def verdict(report: Report) -> str:
    """`2 alerts fired, 1 critical.`, or why there is nothing to list."""
    found = report.alerts
    if found is None or not report.knows_alerts:
        return UNKNOWN
    if count := len(found.fired):
        critical = sum(one.episode.severity == "critical" for one in found.fired)
        graver = f", {critical} critical" if critical else ""
        return f"{count} alert{'' if count == 1 else 's'} fired{graver}."
    if not found.rules:
        return "No alert rule could be read." if found.unread else "No alert rule watches this."
    if found.doubts:
        return "No alert is known to have fired."
    return "No alerts fired so far." if report.is_running else "No alerts fired."


def rows(report: Report, most: int = MOST) -> tuple[tuple[str, str, str, str], ...]:
    """See `HEADS`."""
    return tuple(_cells(one, report) for one in (report.alerts.fired[:most] if report.alerts else ()))


def when(one: Firing, report: Report) -> str:
    """`09:04, fired 09:19 → 10:26`; with its day where that is another than the report's."""
    episode = one.episode
    day = report.window.since.date() if report.period == "day" else None
    began, day = _moment(episode.began, day)
    fired, day = _moment(episode.fired, day)
    begin = began if _minute(episode.began) == _minute(episode.fired) else f"{began}, fired {fired}"
    if episode.resolved is None:
        return f"{begin} → {_goes_on(report)}"
    is_midnight = report.period == "day" and episode.resolved == report.window.until
    return f"{begin} → {'24:00' if is_midnight else _moment(episode.resolved, day)[0]}"


def notes(report: Report, most: int = MOST) -> Iterator[str]:
    """What a reader must know besides: what is not listed, what cannot be told, what nobody watches."""
    found = report.alerts
    if found is None:
        return
    if (rest := len(found.fired) - most) > 0:
        yield f"And {rest:,} more: aigw-tui alerts history lists them."
    if found.rules and any(name != "account" for name, _ in report.scope):
        yield "Alerts are those of the whole account, whatever this report is narrowed to."
    if not report.is_empty:
        yield from _limited([_doubted(own, report) for own in _by_rule(found.doubts)])
    if found.unread:
        yield f"Not read, so not watched: {'; '.join(_limited([clean(one, 120) for one in found.unread]))}."


def _cells(one: Firing, report: Report) -> tuple[str, str, str, str]:
    episode = one.episode
    owner = f", {clean(one.label, LONGEST_NAME)}" if len(report.labels) > 1 else ""
    title = titled(clean(episode.rule, LONGEST_NAME), clean(episode.name, LONGEST_NAME))
    name = f"{title}{owner}: {clean(episode.words, 2 * LONGEST_NAME)}"
    return name, clean(episode.severity), when(one, report), one.peak


def _moment(at: datetime, day: date | None) -> tuple[str, date]:
    """Without the day where that was said before; and the day."""
    return (f"{at:%H:%M}" if at.date() == day else f"{at.day} {at:%b %H:%M}"), at.date()


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _goes_on(report: Report) -> str:
    if report.is_running:
        return "still firing"
    last = report.window.until - timedelta(minutes=1)
    return "still firing at 24:00" + ("" if report.period == "day" else f" of {last.day} {last:%b}")


def _by_rule(found: tuple[Doubt, ...]) -> Iterator[list[Doubt]]:
    """The worst account first."""
    ranked = sorted(found, key=lambda one: (one.rule, -one.unknown, -one.coarse))
    for _, own in groupby(ranked, key=lambda one: one.rule):
        yield list(own)


def _doubted(own: list[Doubt], report: Report) -> str:
    worst = own[0]
    whose = f" of {some([one.label for one in own])}" if len(report.labels) > 1 else ""
    said = "; ".join(doubts(worst.unknown, worst.coarse, worst.why))
    return f"“{clean(worst.rule, LONGEST_NAME)}”{whose}: {said}."


def _limited(rules: list[str]) -> Iterator[str]:
    yield from rules[:MOST_NOTES]
    if (rest := len(rules) - MOST_NOTES) > 0:
        yield f"and {rest:,} more rules"
