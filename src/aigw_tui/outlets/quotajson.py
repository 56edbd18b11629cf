"""Quotas for programs: the document `aigw-tui.quota/1`; unknown is null, times are RFC 3339 in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from aigw_tui.format import iso
from aigw_tui.model import Fault, Pace, Quota

COUNTED = ("requests", "rows")
SCHEMA = "aigw-tui.quota/1"
Json = dict[str, object]


def document(quotas: Iterable[Quota], labels: Mapping[str, str], faults: Sequence[Fault], now: datetime) -> Json:
    """What `quota --format json` prints. Amounts are in the quota's unit: neurons, USD, requests, rows."""
    return {
        "schema": SCHEMA,
        "generated_at": iso(now),
        "quotas": [_quota(quota, labels) for quota in quotas],
        "faults": [_fault(fault) for fault in faults],
    }


def verdict(quota: Quota) -> str | None:
    """One of no_limit, lasts, may_run_out, runs_out, ran_out; None: nothing can be said yet."""
    if quota.limit is None:
        return "no_limit"
    if quota.share is not None and quota.share >= 1.0:
        return "ran_out"
    if quota.pace is None or quota.share is None:
        return None
    if quota.pace.runs_out is None:
        return "lasts"
    return "may_run_out" if quota.pace.runs_out[1] is None else "runs_out"


def _quota(quota: Quota, labels: Mapping[str, str]) -> Json:
    return {
        "account": quota.account or None,
        "label": labels.get(quota.account),
        "gateway": quota.gateway or None,
        "name": quota.name,
        "unit": quota.unit,
        "used": int(quota.used) if quota.used is not None and quota.unit in COUNTED else quota.used,
        "used_is_estimated": quota.is_estimate,
        "nowcast": quota.nowcast,
        "limit": quota.limit,
        "share": quota.share,
        "window_s": round(quota.window.total_seconds()) if quota.window else None,
        "refused": quota.refused,
        "note": quota.note or None,
        "resets_at": _time(quota.resets_at),
        "verdict": verdict(quota),
        "pace": _pace(quota.pace) if quota.pace else None,
    }


def _pace(pace: Pace) -> Json:
    first, last = pace.runs_out or (None, None)
    return {
        "low": pace.low,
        "likely": pace.likely,
        "high": pace.high,
        "days": pace.days,
        "runs_out": {"earliest": _time(first), "latest": _time(last)} if first else None,
        "ran_out": _time(pace.ran_out),
    }


def _fault(fault: Fault) -> Json:
    return {
        "account": fault.account or None,
        "dataset": fault.dataset or None,
        "what": fault.what,
        "why": fault.why,
        "remedy": fault.remedy,
        "since": _time(fault.since),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
