"""What each name used in the same hour of the days before: read for those alone that may have a spike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TypeAlias

from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.parts import name_of, text_of
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import HOUR, Query, Window

FEW = 20
"""Names up to which they are asked for by name."""
Tokens: TypeAlias = dict[str, dict[datetime, int]]
"""Name → hour → tokens."""


def tokens_before(
    rule: Rule, ground: Ground, pairs: Pairs, names: Collection[str], hour: datetime, days: tuple[datetime, ...]
) -> Mapping[str, Mapping[datetime, int]]:
    """Of these names, in that hour on these days. What was read is kept until the hour is over: it is settled."""
    place, of = ("usual", ground.account, rule.name), (hour, days, pairs)
    if ground.memo.get(place, (None,))[0] != of:
        ground.memo[place] = (of, {})
    kept: Tokens = ground.memo[place][1]
    if new := {*names} - kept.keys():
        found = _read(rule, ground, pairs, new, [Window(day, day + HOUR) for day in days])
        kept.update({name: found.get(name, {}) for name in new})
    return kept


def tokens_of(
    rule: Rule, ground: Ground, pairs: Pairs, names: Collection[str], window: Window
) -> Mapping[str, Mapping[datetime, int]]:
    """Of these names, in every hour."""
    return _read(rule, ground, pairs, names, [window]) if names else {}


def _read(rule: Rule, ground: Ground, pairs: Pairs, names: Collection[str], windows: Collection[Window]) -> Tokens:
    where = dict(pairs)
    where.pop(rule.each, None)
    if len(names) <= FEW:
        where[rule.each] = tuple(map(text_of, sorted(names)))
    found: Tokens = {}
    for window in windows:
        query = Query(
            "requests", window, ("hour", rule.each), ("tokens_in", "tokens_out"), tuple(where.items()), ("hour",)
        )
        for (hour, text), (tokens_in, tokens_out), *_ in ground.views.view(query).rows:
            if (name := name_of(text)) in names:
                found.setdefault(name, {})[hour] = (tokens_in or 0) + (tokens_out or 0)
    return found
