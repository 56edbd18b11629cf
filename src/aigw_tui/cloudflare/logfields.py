"""A row of the request logs: foreign values become clean text, plausible numbers, or unknown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

import msgspec

from aigw_tui.cloudflare.envelope import UNREADABLE
from aigw_tui.format import clean, from_iso
from aigw_tui.model import LogRow

MOST_METADATA = 20
"""Pairs; Cloudflare takes five."""
MORE = (
    *("model_type", "path", "request_type", "request_content_type", "response_content_type"),
    *("request_size", "response_size", "custom_cost", "step", "event_id", "user_agent"),
    *("authentication", "wholesale", "compatibilityMode", "feedback", "score", "dlp_action"),
)
"""What is shown of a log besides; what is not named here is not, for a log also has the first bytes of both bodies."""
NESTED = ("timings", "usage_metadata")
"""Objects of which every plain value is shown."""
MOST_NESTED = 20


def row_of(said: object, account: str, gateway: str) -> LogRow | None:
    """None for what has no id or no time: it could be neither placed nor told from others."""
    if not isinstance(said, dict):
        return None
    id_, at = _text(said, "id"), _moment(said.get("created_at"))
    if not id_ or at is None:
        return None
    tokens_in, tokens_out = _count(said, "tokens_in"), _count(said, "tokens_out")
    cost = _amount(said.get("cost"))
    cached = _flag(said, "cached")
    is_unpriced = cost == 0 and bool(tokens_in or tokens_out) and not cached
    return LogRow(
        id=id_,
        at=at,
        account=account,
        gateway=gateway,
        provider=_text(said, "provider"),
        model=_text(said, "model"),
        status=_count(said, "status_code"),
        succeeded=_flag(said, "success"),
        cached=cached,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_usd=None if is_unpriced else cost,
        duration_ms=_count(said, "duration"),
        metadata=metadata_of(said.get("metadata")),
        more=more_of(said),
    )


def more_of(said: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Pairs of clean text, in a fixed order; of an object its plain values, as `timings.latency`."""
    found = [(name, said.get(name)) for name in MORE]
    for name in NESTED:
        inner = said.get(name)
        if isinstance(inner, dict):
            found += [(f"{name}.{clean(key)}", value) for key, value in list(inner.items())[:MOST_NESTED]]
    return tuple((name, _words(value)) for name, value in found if isinstance(value, str | int | float) and value != "")


def metadata_of(said: object) -> tuple[tuple[str, str], ...]:
    """Pairs of clean text; what callers sent comes as JSON text, sometimes as an object, and may be anything."""
    if isinstance(said, str):
        try:
            said = msgspec.json.decode(said)
        except UNREADABLE:
            return ()
    if not isinstance(said, dict):
        return ()
    return tuple((clean(key), _words(value)) for key, value in list(said.items())[:MOST_METADATA])


def _words(value: object) -> str:
    """Text as it is, anything else as JSON would write it."""
    return clean(value if isinstance(value, str) else msgspec.json.encode(value).decode())


def _moment(said: object) -> datetime | None:
    try:
        return from_iso(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    return clean(value) if isinstance(value, str) else ""


def _count(said: Mapping[str, object], name: str) -> int | None:
    value = said.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _amount(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) and 0 <= value < 1e9 else None


def _flag(said: Mapping[str, object], name: str) -> bool | None:
    value = said.get(name)
    return value if isinstance(value, bool) else None
