"""What `check` prints: one line for people and figures for programs, as Nagios and its heirs read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from aigw_tui.format import clean, clock
from aigw_tui.insight.judging import Judged
from aigw_tui.insight.readings import EXPRESSIONS, figure
from aigw_tui.model import Phase

OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
UNITS = {"ms": "ms"}
"""Unit of an expression → what stands behind its figure."""


def verdict(
    found: Sequence[Judged], silenced: Collection[str], troubles: Sequence[str], doubts: Sequence[str] = ()
) -> int:
    """The exit code: misconfigured (`troubles`) before critical, warning, cannot tell.

    `doubts`: why the figures may be old; what fires in them fires all the same. What is silenced is nobody's worry.
    """
    heard = [one for one in found if one.rule.name not in silenced]
    firing = {one.rule.severity for one in heard if one.state.phase.is_on}
    if troubles:
        return UNKNOWN
    if firing:
        return CRITICAL if "critical" in firing else WARNING
    return OK if found and not doubts and all(one.is_known for one in heard) else UNKNOWN


def line(
    found: Sequence[Judged],
    labels: Mapping[str, str],
    silenced: Collection[str],
    troubles: Sequence[str],
    doubts: Sequence[str] = (),
) -> str:
    """`CRITICAL: neurons used 94 % since 13:20 UTC | 'neurons used'=0.94;;0.9`; `labels`: account → name."""
    has_owner = len(labels) > 1
    parts = [*troubles, *_firing(found, labels if has_owner else {}, silenced), *doubts]
    if not parts:
        known = sum(one.is_known for one in found)
        parts = [f"{known} of {len(found)} rules can be told, none fires" if found else "nothing to judge"]
    said = "; ".join(_bare(part) for part in parts)
    figures = " ".join(_figures(found, labels if has_owner else {}))
    return f"{WORDS[verdict(found, silenced, troubles, doubts)]}: {said}{f' | {figures}' if figures else ''}"


def _firing(found: Sequence[Judged], labels: Mapping[str, str], silenced: Collection[str]) -> Iterator[str]:
    """The worst first: what fires, what cannot be told, what may fire soon."""
    order = sorted(found, key=lambda one: (one.rule.severity != "critical", one.rule.name))
    for one in order:
        if one.state.phase.is_on:
            mark = " (silenced)" if one.rule.name in silenced else ""
            value = figure(one.rule, one.state.value)
            yield f"{_name(one, labels)} {value} since {clock(one.state.fired)} UTC{mark}"
    for one in order:
        if not one.is_known and not one.state.phase.is_on:
            yield f"{_name(one, labels)}: cannot tell, {one.reading.why}"
    for one in order:
        if one.state.phase is Phase.PENDING:
            yield f"{_name(one, labels)} pending since {clock(one.state.since)} UTC"


def _figures(found: Sequence[Judged], labels: Mapping[str, str]) -> Iterator[str]:
    for one in found:
        rule, value = one.rule, one.reading.value
        label = _bare(_name(one, labels)).replace("'", "''").replace("=", " ")
        limit = f"{rule.threshold:g}" if rule.is_above else f"{rule.threshold:g}:"
        limits = f";;{limit}" if rule.severity == "critical" else f";{limit};"
        unit = UNITS.get(EXPRESSIONS[rule.when].unit, "")
        yield f"'{label}'={'U' if value is None else f'{value:.6g}{unit}'}{limits}"


def _name(one: Judged, labels: Mapping[str, str]) -> str:
    owner = labels.get(one.account, "")
    return f"{clean(owner)} {clean(one.rule.name)}" if owner else clean(one.rule.name)


def _bare(text: str) -> str:
    """Behind `|` programs read figures."""
    return clean(text, 400).replace("|", "/")
