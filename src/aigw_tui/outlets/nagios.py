"""What `check` prints: one line for people and figures for programs, as Nagios and its heirs read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from aigw_tui.format import clean, clock
from aigw_tui.insight.judging import Judged
from aigw_tui.insight.readings import EXPRESSIONS, figure
from aigw_tui.model import Phase, Silences

OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
UNITS = {"ms": "ms"}
"""Unit of an expression → what stands behind its figure."""
MOST_NAMED = 10
"""Names of one rule of which the same is said."""
MOST_FIGURES = 100
"""Names of one rule of which the figure is given: those that fire, then the busiest."""


def verdict(found: Sequence[Judged], silences: Silences, troubles: Sequence[str], doubts: Sequence[str] = ()) -> int:
    """The exit code: misconfigured (`troubles`) before critical, warning, cannot tell.

    `doubts`: why the figures may be old; what fires in them fires all the same. What is silenced is nobody's worry.
    """
    heard = [one for one in found if not silences.of(one.rule.name, one.name)]
    firing = {one.rule.severity for one in heard if one.state.phase.is_on}
    if troubles:
        return UNKNOWN
    if firing:
        return CRITICAL if "critical" in firing else WARNING
    return OK if found and not doubts and all(one.is_known for one in heard) else UNKNOWN


def line(
    found: Sequence[Judged],
    labels: Mapping[str, str],
    silences: Silences,
    troubles: Sequence[str],
    doubts: Sequence[str] = (),
) -> str:
    """`CRITICAL: neurons used 94 % since 13:20 UTC | 'neurons used'=0.94;;0.9`; `labels`: account → name."""
    owners = labels if len(labels) > 1 else {}
    rules = [tuple(own) for _, own in groupby(found, key=lambda one: (one.rule.name, one.account))]
    parts = [*troubles, *_firing(rules, owners, silences), *doubts]
    if not parts:
        known = sum(all(one.is_known for one in own) for own in rules)
        parts = [f"{known} of {len(rules)} rules can be told, none fires" if rules else "nothing to judge"]
    parts += [_unjudged(own[0], owners) for own in rules if own[0].rest]
    said = "; ".join(_bare(part) for part in parts)
    figures = " ".join(figure for own in rules for figure in _figures(own, owners))
    return f"{WORDS[verdict(found, silences, troubles, doubts)]}: {said}{f' | {figures}' if figures else ''}"


def _firing(rules: Sequence[tuple[Judged, ...]], owners: Mapping[str, str], silences: Silences) -> Iterator[str]:
    """The worst first: what fires, what cannot be told, what may fire soon."""
    order = sorted(rules, key=lambda own: (own[0].rule.severity != "critical", own[0].rule.name))

    def fires(one: Judged) -> str:
        mark = " (silenced)" if silences.of(one.rule.name, one.name) else ""
        return f"{_name(one, owners)} {figure(one.rule, one.state.value)} since {clock(one.state.fired)} UTC{mark}"

    for own in order:
        yield from _few([one for one in own if one.state.phase.is_on], owners, fires)
    for own in order:
        lost = [one for one in own if not one.is_known and not one.state.phase.is_on]
        if lost and own[0].name:
            how_many = f"{len(lost):,} of {len(own):,} {lost[0].rule.each}s"
            yield f"{_rule(lost[0], owners)}: cannot tell for {how_many}, {lost[0].reading.why}"
        elif lost:
            yield f"{_name(lost[0], owners)}: cannot tell, {lost[0].reading.why}"
    for own in order:
        pending = [one for one in own if one.state.phase is Phase.PENDING]
        yield from _few(pending, owners, lambda one: f"{_name(one, owners)} pending since {clock(one.state.since)} UTC")


def _few(own: Sequence[Judged], owners: Mapping[str, str], say: Callable[[Judged], str]) -> Iterator[str]:
    kept = own if len(own) <= MOST_NAMED else own[: MOST_NAMED - 1]
    yield from map(say, kept)
    if len(own) > len(kept):
        yield f"{_rule(own[0], owners)} and {len(own) - len(kept):,} {own[0].rule.each}s more"


def _unjudged(one: Judged, owners: Mapping[str, str]) -> str:
    return f"{_rule(one, owners)}: {one.rest:,} {one.rule.each}s more are not judged"


def _figures(own: Sequence[Judged], owners: Mapping[str, str]) -> Iterator[str]:
    for one in sorted(own, key=lambda one: not one.state.phase.is_on)[:MOST_FIGURES]:
        rule, value = one.rule, one.reading.value
        label = _bare(_name(one, owners)).replace("'", "''").replace("=", " ")
        limit = f"{rule.threshold:g}" if rule.is_above else f"{rule.threshold:g}:"
        limits = f";;{limit}" if rule.severity == "critical" else f";{limit};"
        unit = UNITS.get(EXPRESSIONS[rule.when].unit, "")
        yield f"'{label}'={'U' if value is None else f'{value:.6g}{unit}'}{limits}"


def _name(one: Judged, owners: Mapping[str, str]) -> str:
    return _owned(one, one.title, owners)


def _rule(one: Judged, owners: Mapping[str, str]) -> str:
    return _owned(one, one.rule.name, owners)


def _owned(one: Judged, title: str, owners: Mapping[str, str]) -> str:
    owner = owners.get(one.account, "")
    return f"{clean(owner)} {clean(title)}" if owner else clean(title)


def _bare(text: str) -> str:
    """Behind `|` programs read figures."""
    return clean(text, 400).replace("|", "/")
