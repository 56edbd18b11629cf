"""Who uses what: the answers of several accounts by the value of a metadata key, as one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from aigw_tui.insight.joined import plus
from aigw_tui.model import Live

MEASURES = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out", "cost_usd")
"""Of a row, behind its value, in the dataset's order."""


@dataclass(frozen=True, slots=True)
class Share:
    """What requests with one value of a metadata key used. None is unknown; a sum is of what is known."""

    key: str
    value: str
    """Empty: requests without the key."""
    requests: int | None = None
    errors: int | None = None
    cache_hits: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    """List price, of all providers."""
    part: float | None = None
    """Of all requests of that key's answers."""
    unknown: tuple[str, ...] = ()
    """Measures of which only a part is known, or nothing."""


def shares(answers: Iterable[Live]) -> tuple[Share, ...]:
    """By key (in their order), the most requests first. Different keys are never added up: they count the same
    requests. A cost of 0 beside tokens is a model without a price: unknown."""
    found: dict[tuple[str, str], Share] = {}
    for answer in answers:
        for value, *measures in answer.rows:
            one = _share(answer.argument, str(value or ""), measures)
            before = found.get((one.key, one.value))
            found[one.key, one.value] = _added(before, one) if before else one
    totals: dict[str, int] = {}
    for one in found.values():
        totals[one.key] = totals.get(one.key, 0) + (one.requests or 0)
    parted = [
        replace(one, part=one.requests / totals[one.key] if one.requests is not None and totals[one.key] else None)
        for one in found.values()
    ]
    keys = list(totals)
    return tuple(sorted(parted, key=lambda one: (keys.index(one.key), -(one.requests or 0), one.value)))


def _share(key: str, value: str, measures: list[float | None]) -> Share:
    known = dict(zip(MEASURES, measures, strict=True))
    if not known["cost_usd"] and ((known["tokens_in"] or 0) + (known["tokens_out"] or 0)):
        known["cost_usd"] = None
    unknown = tuple(name for name in MEASURES if known[name] is None)
    return Share(key, value, **known, unknown=unknown)  # type: ignore[arg-type]


def _added(one: Share, other: Share) -> Share:
    sums: dict[str, Any] = {name: plus(getattr(one, name), getattr(other, name)) for name in MEASURES}
    unknown = tuple(name for name in MEASURES if name in one.unknown or name in other.unknown)
    return replace(one, **sums, unknown=unknown)
