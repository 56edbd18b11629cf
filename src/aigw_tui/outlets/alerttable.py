"""Alert rules and episodes for people, and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aigw_tui.format import UNKNOWN, age, clean, clock, iso
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.judging import Judged
from aigw_tui.insight.readings import condition, figure
from aigw_tui.model import Episode, Estimate
from aigw_tui.outlets.quotatable import cells

GAP = "  "
RULES = "aigw-tui.alerts/1"
EPISODES = "aigw-tui.episodes/1"


def rules_table(found: Sequence[Judged], labels: Mapping[str, str], silenced: Mapping[str, datetime]) -> Iterator[str]:
    """A line for each rule and account: where it stands, its value, and what it watches."""
    rows = [("rule", "account", "state", "value", "since", "condition")]
    for one in found:
        state = one.state.phase.value if one.is_known or one.state.phase.is_on else "cannot tell"
        if until := silenced.get(one.rule.name):
            state += f", silenced to {clock(until)}"
        since = clock(one.state.since) if one.state.phase.value != "inactive" else ""
        watched = condition(one.rule) if one.is_known else f"{condition(one.rule)}; {clean(one.reading.why)}"
        value = figure(one.rule, one.reading.value)
        rows.append((clean(one.rule.name), clean(labels.get(one.account, "")), state, value, since, watched))
    yield from aligned(rows)


def rules_document(
    found: Sequence[Judged], labels: Mapping[str, str], silenced: Mapping[str, datetime], now: datetime
) -> dict[str, Any]:
    rows = [
        {
            "rule": one.rule.name,
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
            "silenced_until": iso(silenced[one.rule.name]) if one.rule.name in silenced else None,
        }
        for one in found
    ]
    return {"schema": RULES, "generated_at": iso(now), "rules": rows}


def episodes_table(
    found: Sequence[Episode], labels: Mapping[str, str], rules: Mapping[str, Rule], now: datetime
) -> Iterator[str]:
    """A line each, in the order given."""
    rows = [("fired (UTC)", "lasted", "severity", "rule", "account", "worst", "condition")]
    for one in found:
        rule = rules.get(one.rule)
        peak = figure(rule, one.peak) if rule else UNKNOWN if one.peak is None else f"{one.peak:g}"
        lasted = age((one.resolved or now) - one.fired) + ("" if one.resolved else ", goes on")
        who = clean(labels.get(one.account, one.account[:8]))
        rows.append((f"{one.fired:%Y-%m-%d %H:%M}", lasted, one.severity, clean(one.rule), who, peak, clean(one.words)))
    yield from aligned(rows)


def episodes_document(found: Sequence[Episode], labels: Mapping[str, str], now: datetime) -> dict[str, Any]:
    rows = [
        {
            "rule": one.rule,
            "account": one.account,
            "label": labels.get(one.account, ""),
            "severity": one.severity,
            "began": iso(one.began),
            "fired": iso(one.fired),
            "resolved": iso(one.resolved) if one.resolved else None,
            "peak": one.peak,
            "is_estimate": isinstance(one.peak, Estimate),
            "condition": one.words,
        }
        for one in found
    ]
    return {"schema": EPISODES, "generated_at": iso(now), "episodes": rows}


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns side by side, left-aligned; a column that is empty below its head is left out."""
    kept = [n for n in range(len(rows[0])) if len(rows) == 1 or any(row[n] for row in rows[1:])]
    sizes = {n: max(cells(row[n]) for row in rows) for n in kept}
    for row in rows:
        yield GAP.join(row[n] + " " * (sizes[n] - cells(row[n])) for n in kept).rstrip()
