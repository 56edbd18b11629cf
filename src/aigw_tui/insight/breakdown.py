"""What went through the gateways, split by provider or by gateway: parts that add up to their total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aigw_tui.insight.joined import COUNTED, Usage, routed, total, whole_hours
from aigw_tui.insight.scoped import where
from aigw_tui.insight.standing import rate
from aigw_tui.model import Interval, Query, Scope, Views, Window

Key = tuple[str, ...]
NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class Part:
    """One of them, or all together. None is unknown."""

    key: Key = ()
    use: Usage = NO_USAGE
    error_rate: float | None = None
    """Of the requests whose errors are known."""
    hit_rate: float | None = None
    share: float | None = None
    """Of all requests."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts, the most requests first. Neurons, which know no gateway, are in none of them."""

    parts: tuple[Part, ...]
    all: Part


def breakdown(views: Views, scope: Scope, window: Window, keys: Key, interval: Interval | None = None) -> Breakdown:
    """The scope's usage by `keys`: account and gateway, or provider. `interval`: of all requests."""
    window = whole_hours(window)
    by, allowed = tuple(dict.fromkeys((*keys, "provider", "model"))), where(views, scope, "requests")
    costs = {row.key: row for row in views.view(Query("requests", window, by, ("cost_usd",), allowed)).rows}
    groups: dict[Key, list[Usage]] = {}
    sampled: dict[Key, bool] = {}
    for row in views.view(Query("requests", window, by, COUNTED, allowed)).rows:
        key = row.key[: len(keys)]
        account = key[:1] if keys[0] == "account" else scope.values("account")
        if account not in sampled:
            sampled[account] = bool(views.sampled("requests", window, account))
        groups.setdefault(key, []).append(replace(routed(row, costs.get(row.key)), is_sampled=sampled[account]))
    all_ = _part((), [use for uses in groups.values() for use in uses], interval=interval)
    parts = [_part(key, uses, all_.use.requests) for key, uses in groups.items()]
    return Breakdown(tuple(sorted(parts, key=lambda part: (-(part.use.requests or 0), part.key))), all_)


def _part(key: Key, uses: Sequence[Usage], of: int | None = None, interval: Interval | None = None) -> Part:
    use = total(uses, interval=interval)
    return Part(
        key,
        use,
        rate(*((one.errors, one.requests) for one in uses)),
        rate(*((one.cache_hits, one.requests) for one in uses)),
        use.requests / of if use.requests is not None and of else None,
    )
