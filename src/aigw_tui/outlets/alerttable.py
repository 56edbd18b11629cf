"""Alert rules and episodes for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from aigw_tui.format import age, cells, clean, clock, iso
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.firings import peak
from aigw_tui.insight.judging import Judged
from aigw_tui.insight.readings import condition, condition_of_each, figure
from aigw_tui.insight.undelivered import sentences
from aigw_tui.model import Episode, Estimate, Phase, Silences, Undelivered

GAP = "  "
RULES = "aigw-tui.alerts/1"
EPISODES = "aigw-tui.episodes/1"


def rules_table(found: Sequence[Judged], labels: Mapping[str, str], silences: Silences) -> Iterator[str]:
    """A line for each rule and account: where it stands, its value, and what it watches. Of a rule that is judged by
    name, a line for each name that is not at rest, and one for the others."""
    rows: list[tuple[str, ...]] = [("rule", "account", "state", "value", "since", "condition")]
    for _, group in groupby(found, key=lambda one: (one.rule.name, one.account)):
        own = tuple(group)
        loud = [one for one in own if not one.rule.each or one.state.phase is not Phase.INACTIVE]
        rows += [_row(one, labels, silences) for one in loud]
        if own[0].rule.each:
            rows.append(_others(own, len(loud), labels, silences))
    yield from aligned(rows)


def _row(one: Judged, labels: Mapping[str, str], silences: Silences) -> tuple[str, ...]:
    state = one.state.phase.value if one.is_known or one.state.phase.is_on else "cannot tell"
    since = clock(one.state.since) if one.state.phase is not Phase.INACTIVE else ""
    watched = condition(one.rule) if one.is_known else f"{condition(one.rule)}; {clean(one.reading.why)}"
    silent = _silent(silences.of(one.rule.name, one.name))
    value = figure(one.rule, one.reading.value)
    return clean(one.title), clean(labels.get(one.account, "")), state + silent, value, since, watched


def _others(own: Sequence[Judged], loud: int, labels: Mapping[str, str], silences: Silences) -> tuple[str, ...]:
    first, unknown = own[0], [one for one in own if not one.is_known]
    is_lost = len(unknown) == len(own)
    watched = condition_of_each(first.rule, len(own) if first.name else 0, loud, len(unknown), first.rest)
    watched = f"{watched}; {clean(unknown[0].reading.why)}" if unknown else watched
    state = ("cannot tell" if is_lost else Phase.INACTIVE.value) + _silent(silences.of(first.rule.name))
    return clean(first.rule.name), clean(labels.get(first.account, "")), state, "", "", watched


def _silent(until: datetime | None) -> str:
    return f", silenced to {clock(until)}" if until else ""


def undelivered_lines(found: Sequence[Undelivered], now: datetime) -> Iterator[str]:
    """A line each, below the rules: `2 messages wait for team: …, next try 14:20 UTC`."""
    for one in sentences(found, now):
        yield f"{one.whole} UTC" if one.when else one.whole


def rules_document(
    found: Sequence[Judged],
    labels: Mapping[str, str],
    silences: Silences,
    undelivered: Sequence[Undelivered],
    now: datetime,
) -> dict[str, Any]:
    """Every rule, and of one that is judged by name every name."""
    rows = [
        {
            "rule": one.rule.name,
            "each": one.rule.each or None,
            "name": one.name or None,
            "account": one.account,
            "label": labels.get(one.account, ""),
            "when": one.rule.when,
            "condition": condition(one.rule),
            "severity": one.rule.severity,
            "state": one.state.phase.value,
            "value": one.reading.value,
            "is_estimate": isinstance(one.reading.value, Estimate),
            "cannot_tell": None if one.is_known else one.reading.why,
            "since": iso(one.state.since) if one.state.since else None,
            "silenced_until": iso(until) if (until := silences.of(one.rule.name, one.name)) else None,
        }
        for one in found
    ]
    waiting = [
        {
            "target": one.target,
            "waiting": one.waiting,
            "why": one.why or None,
            "next_try": iso(one.next_at) if one.next_at else None,
            "given_up": one.lost,
            "given_up_why": one.lost_why or None,
            "given_up_at": iso(one.lost_at) if one.lost_at else None,
            "dropped": one.dropped,
            "dropped_at": iso(one.dropped_at) if one.dropped_at else None,
        }
        for one in undelivered
    ]
    return {"schema": RULES, "generated_at": iso(now), "rules": rows, "undelivered": waiting}


def episodes_table(
    found: Sequence[Episode], labels: Mapping[str, str], rules: Mapping[str, Rule], until: datetime
) -> Iterator[str]:
    """A line each, in the order given. What has no end goes on at `until`."""
    rows = [("fired (UTC)", "lasted", "severity", "rule", "account", "worst", "condition")]
    for one in found:
        worst = peak(one, rules)
        lasted = age((one.resolved or until) - one.fired) + ("" if one.resolved else ", goes on")
        who, title = clean(labels.get(one.account, one.account[:8])), clean(one.title)
        rows.append((f"{one.fired:%Y-%m-%d %H:%M}", lasted, one.severity, title, who, worst, clean(one.words)))
    yield from aligned(rows)


def episodes_document(found: Sequence[Episode], labels: Mapping[str, str], now: datetime) -> dict[str, Any]:
    rows = [episode_row(one, labels.get(one.account, "")) for one in found]
    return {"schema": EPISODES, "generated_at": iso(now), "episodes": rows}


def episode_row(one: Episode, label: str) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "name": one.name or None,
        "account": one.account,
        "label": label,
        "severity": one.severity,
        "began": iso(one.began),
        "fired": iso(one.fired),
        "resolved": iso(one.resolved) if one.resolved else None,
        "peak": one.peak,
        "is_estimate": isinstance(one.peak, Estimate),
        "condition": one.words,
    }


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns side by side, left-aligned; a column that is empty below its head is left out."""
    kept = [n for n in range(len(rows[0])) if len(rows) == 1 or any(row[n] for row in rows[1:])]
    sizes = {n: max(cells(row[n]) for row in rows) for n in kept}
    for row in rows:
        yield GAP.join(row[n] + " " * (sizes[n] - cells(row[n])) for n in kept).rstrip()
