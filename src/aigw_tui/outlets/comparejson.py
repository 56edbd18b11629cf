"""Comparisons for programs: the document `aigw-tui.compare/1`; unknown is null, times are RFC 3339 in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from aigw_tui.format import iso
from aigw_tui.insight.comparing import Comparison, Point

SCHEMA = "aigw-tui.compare/1"
DIGITS = 6
Json = dict[str, object]


def document(found: Sequence[Comparison], labels: Mapping[str, str], now: datetime) -> Json:
    """What `compare --format json` prints. Amounts are neurons; a sum of reasons' neurons is the gap."""
    return {
        "schema": SCHEMA,
        "generated_at": iso(now),
        "day": f"{now:%Y-%m-%d}",
        "accounts": [_account(one, labels) for one in found],
    }


def _account(one: Comparison, labels: Mapping[str, str]) -> Json:
    return {
        "account": one.account,
        "label": labels.get(one.account),
        "verdict": one.verdict.replace(" ", "_"),
        "why": one.why,
        "remedy": one.remedy or None,
        "tolerance": one.tolerance,
        "delay_minutes": one.delay_s / 60,
        "until": iso(one.point.at) if one.point else None,
        "ratio": _figure(one.point.ratio if one.point else None),
        "gap": _figure(one.point.gap if one.point else None),
        "worker": _worker(one),
        "workers_ai": _workers_ai(one),
        "reasons": [{"kind": each.kind, "neurons": _figure(each.neurons), "words": each.words} for each in one.reasons],
        "curve": [_point(point) for point in one.curve],
    }


def _worker(one: Comparison) -> Json:
    """`neurons` is up to `until`, `used` is all of today."""
    return {
        "neurons": _figure(one.point.worker if one.point else None),
        "is_estimate": one.point.is_estimate if one.point else None,
        "used": one.now.used if one.now else None,
        "inferences": one.now.inferences if one.now else None,
        "limit": one.now.limit if one.now else None,
        "is_exceeded": one.now.is_exceeded if one.now else None,
        "neurons_per_call": _figure(one.price.neurons if one.price else None),
        "is_flat": one.price.is_flat if one.price else None,
        "asked_at": iso(one.now.at) if one.now else None,
        "polls": one.polls,
    }


def _workers_ai(one: Comparison) -> Json:
    found = one.burned
    return {
        "neurons": _figure(one.point.measured if one.point else None),
        "inferences": found.inferences if found else None,
        "requests": found.requests if found else None,
        "cache_hits": found.hits if found else None,
        "rate_limited": found.limited if found else None,
        "not_routed": found.past if found else None,
        "neurons_per_call": _figure(found.per_inference if found else None),
        "limit": one.limit,
    }


def _point(point: Point) -> Json:
    worker, measured, ratio = map(_figure, (point.worker, point.measured, point.ratio))
    return {"until": iso(point.at), "worker": worker, "workers_ai": measured, "ratio": ratio}


def _figure(value: float | None) -> float | None:
    """Without the digits that adding up leaves behind."""
    return None if value is None else round(value, DIGITS)
