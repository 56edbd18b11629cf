"""The figures of a report: one stretch of time, beside what is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from statistics import median

from aigw_tui.insight.billable import billable
from aigw_tui.insight.bypass import bypass
from aigw_tui.insight.families import of_family
from aigw_tui.insight.joined import plus
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.insight.savings import saved, savings
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.insight.tabulate import total
from aigw_tui.model import Query, Scope, Trust, Views, Window

UNITS = {
    "requests": "requests", "errors": "requests", "error_rate": "share", "cache_hit_rate": "share",
    "tokens_in": "tokens", "tokens_out": "tokens", "cost_usd": "USD", "neurons": "neurons",
    "saved_usd": "USD", "saved_neurons": "neurons", "not_routed": "share",
}  # fmt: skip
"""Every figure and its unit, in the order of a report. cost_usd is what is owed; not_routed of all inferences."""
ESTIMATES = ("saved_usd", "saved_neurons", "not_routed")
OF_NEURONS = ("neurons", "not_routed")
COUNTED = ("requests", "errors", "tokens_in", "tokens_out")
FEWEST = 3
"""Stretches that a median needs."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of the report. None is unknown."""

    name: str
    unit: str
    """requests, tokens, neurons, USD or share (1.0 is all)."""
    value: float | None
    usual: float | None = None
    """What it is set against; None: too little history, or nothing to compare with."""
    mark: str = ""
    """`~` estimated, `±` from a sample."""

    @property
    def change(self) -> float | None:
        """Over the usual, 0.12 is 12 % more; None where there is nothing to divide by."""
        if self.value is None or self.usual is None:
            return None
        if not self.usual:
            return None if self.value else 0.0
        return (self.value - self.usual) / self.usual


def figures(
    views: Views,
    scope: Scope,
    window: Window,
    before: Sequence[Window],
    allowances: Mapping[str, Allowance],
    now: datetime,
) -> tuple[Figure, ...]:
    """All of them. `before`: what to compare with; several: their median, without those that have holes."""
    values = measured(views, scope, window, allowances, now)
    earlier = [(one, measured(views, scope, one, allowances, now)) for one in before]
    is_estimate = not is_covered(scope, "neurons")
    about = is_sampled(views, scope, window)
    found = []
    for name, unit in UNITS.items():
        dataset = "neurons" if name in OF_NEURONS and not is_estimate else "requests"
        known = [
            value for one, own in earlier if (value := own[name]) is not None and _is_whole(views, scope, dataset, one)
        ]
        usual = median(known) if len(known) >= min(FEWEST, max(len(before), 1)) else None
        mark = "~" if name in ESTIMATES or (name == "neurons" and is_estimate) else "±" * (about and name in COUNTED)
        found.append(Figure(name, unit, values[name], usual, mark if values[name] is not None else ""))
    return tuple(found)


def measured(
    views: Views, scope: Scope, window: Window, allowances: Mapping[str, Allowance], now: datetime
) -> dict[str, float | None]:
    """Name → value, of one stretch."""
    line = total(views, scope, window, ())
    kept = saved(savings(views, scope, window))
    past = bypass(views, scope, window, now)
    neurons = line.neurons if is_covered(scope, "neurons") else line.neurons_estimated
    if neurons is None and is_covered(scope, "neurons") and _is_settled(views, scope, window):
        neurons = 0.0
    return {
        "requests": line.requests,
        "errors": line.errors,
        "error_rate": line.error_rate,
        "cache_hit_rate": line.cache_hit_rate,
        "tokens_in": line.tokens_in,
        "tokens_out": line.tokens_out,
        "cost_usd": reduce(plus, owed(views, scope, window, allowances).values(), None),
        "neurons": neurons,
        "saved_usd": kept.usd,
        "saved_neurons": kept.neurons,
        "not_routed": past.all.share if past else None,
    }


def owed(
    views: Views, scope: Scope, window: Window, allowances: Mapping[str, Allowance]
) -> dict[datetime, float | None]:
    """Day → USD: billable of the scope's accounts; in a narrower scope only what other providers cost."""
    found: dict[datetime, float | None] = {}
    if is_account_wide(scope):
        for account, allowance in allowances.items():
            for day, cost in billable(views, account, allowance, window).items():
                found[day] = plus(found.get(day), cost)
        return found
    for pairs in of_family(views, where(views, scope, "requests"), burns=False):
        for row in views.view(Query("requests", window, ("day",), ("cost_usd",), pairs)).rows:
            found[row.key[0]] = plus(found.get(row.key[0]), row.values[0] or (None if row.unknown else 0.0))
    return found


def is_account_wide(scope: Scope) -> bool:
    """Whether it is narrowed to accounts at the most: then allowances and limits mean something."""
    return not scope.pattern and all(name == "account" for name, _ in scope.where)


def _is_whole(views: Views, scope: Scope, dataset: str, window: Window) -> bool:
    return len(views.known(dataset, window, scope.values("account"))) == len(window.hours)


def _is_settled(views: Views, scope: Scope, window: Window) -> bool:
    known = views.known("neurons", window, scope.values("account"))
    return len(known) == len(window.hours) and set(known.values()) == {Trust.SETTLED}
