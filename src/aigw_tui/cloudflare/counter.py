"""A Worker's own quota endpoint: asked at its own origin with its own token, and read with suspicion."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from aigw_tui.errors import AigwError, AuthError, ConfigError, CounterError, TransientError
from aigw_tui.format import clean, from_iso
from aigw_tui.model import Clock, Count
from aigw_tui.model.counter import FIELDS
from aigw_tui.secret import redact
from aigw_tui.transport import InProcess, Response, Transport
from aigw_tui.transport.exchange import TokenSource

DEADLINE_S = 10.0
MOST_BYTES = 1024 * 1024
SAME_NAMES: Mapping[str, str] = {}
WRAP = "quota"
MOST = 1e15
"""Neurons; what is more is no count."""
LARGEST_COUNT = 2**53
SHAPE_REMEDY = "see [quota_fields] in the README: other names can be mapped"
TOKEN_REMEDY = "set quota_token_command to a program that prints the Worker's own token"  # noqa: S105
REMEDY = CounterError.default_remedy


class WorkerCounter:
    """One endpoint. `token` goes there and nowhere else, and no other token ever goes there.

    `fields`: another name for some of `FIELDS`, with dots where it lies deeper.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        token: TokenSource = None,
        fields: Mapping[str, str] = SAME_NAMES,
        *,
        inner: InProcess | None = None,
    ) -> None:
        parts = urlsplit(url)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._transport = Transport(
            f"{parts.scheme}://{parts.netloc}", token, inner=inner, deadline_s=DEADLINE_S, most_bytes=MOST_BYTES
        )
        self._clock, self._fields = clock, fields

    async def ask(self) -> Count:
        """What it says now. Raises CounterError, whatever goes wrong there."""
        try:
            response = await self._transport.send("GET", self._path)
        except AuthError as error:
            raise CounterError(error.why, TOKEN_REMEDY) from None
        except ConfigError as error:  # of the program that prints the token
            raise CounterError(error.why, error.remedy) from None
        except AigwError as error:  # its remedy speaks of Cloudflare's own API
            raise CounterError(error.why, REMEDY, is_passing=isinstance(error, TransientError)) from None
        return count_of(response, self._fields, self._clock.now())

    async def close(self) -> None:
        await self._transport.close()


def count_of(response: Response, fields: Mapping[str, str], now: datetime) -> Count:
    """The count in an answer; a day that it does not name is the server's. Raises CounterError."""
    if response.status in (401, 403):
        raise CounterError(f"HTTP {response.status}", TOKEN_REMEDY)
    said = _object(response)
    if said.get("success") is False:
        words = clean(redact(str(said.get("error") or said.get("message") or "")), 80)
        raise CounterError(f"it says that it failed{f': {words}' if words else ''}")
    if response.status >= 400:
        raise CounterError(f"HTTP {response.status}")
    said = said[WRAP] if isinstance(said.get(WRAP), dict) else said
    found = {name: _found(said, fields.get(name, name)) for name in FIELDS}
    used = _amount(found, "neuronsUsed", fields)
    if used is None:
        raise CounterError(f"it does not say {fields.get('neuronsUsed', 'neuronsUsed')}", SHAPE_REMEDY)
    remaining = found["neuronsRemaining"]
    exceeded = found["isExceeded"]
    return Count(
        at=now,
        day=_day(found["date"], fields.get("date", "date"), response.date or now),
        used=used,
        limit=_amount(found, "neuronsLimit", fields),
        inferences=_calls(found, fields),
        remaining=float(remaining) if _is_number(remaining) and abs(remaining) <= MOST else None,
        is_exceeded=exceeded if isinstance(exceeded, bool) else None,
        resets_at=_moment(found["resetAt"]),
    )


def _object(response: Response) -> dict[str, Any]:
    try:
        said = json.loads(response.body)
    except (ValueError, RecursionError):
        start = clean(redact(" ".join(response.body[:4000].decode("utf-8", "replace").split())), 80)
        words = f"no JSON but {start!r}" if start else "an empty answer"
        status = f" (HTTP {response.status})" if response.status >= 400 else ""
        raise CounterError(words + status) from None
    if not isinstance(said, dict):
        raise CounterError("JSON of another shape", SHAPE_REMEDY)
    return said


def _found(said: Any, path: str) -> Any:
    """What stands under that name, or deeper: `usage.neurons`; None where there is nothing."""
    if isinstance(said, dict) and path in said:
        return said[path]
    for name in path.split("."):
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST <= value <= MOST


def _amount(found: Mapping[str, Any], name: str, fields: Mapping[str, str]) -> float | None:
    """Neurons: not negative, finite. None where it is absent."""
    value, shown = found[name], fields.get(name, name)
    if value is None:
        return None
    if not _is_number(value) or not math.isfinite(value):
        raise CounterError(f"{shown} is no number that neurons can have: {clean(redact(_shown(value)), 40)}")
    if value < 0:
        raise CounterError(f"{shown} is negative: {value:,.0f}")
    return float(value)


def _calls(found: Mapping[str, Any], fields: Mapping[str, str]) -> int | None:
    value = _amount(found, "inferenceCount", fields)
    return int(value) if value is not None and value <= LARGEST_COUNT else None


def _day(value: Any, name: str, server: datetime) -> date:
    if value is None:
        return server.astimezone(UTC).date()
    if isinstance(value, str) and (moment := _moment(value)):
        return moment.date()
    raise CounterError(f"{name} is no day: {clean(redact(_shown(value)), 40)}", SHAPE_REMEDY)


def _moment(value: Any) -> datetime | None:
    """RFC 3339, or epoch milliseconds as JavaScript counts them."""
    try:
        if isinstance(value, str):
            return from_iso(value[:40])
        if _is_number(value):
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
    except (ValueError, OverflowError):
        pass
    return None


def _shown(value: Any) -> str:
    """As it might stand in JSON, cut; a number of a thousand digits has no text in Python."""
    try:
        return json.dumps(value)[:80]
    except (ValueError, RecursionError):
        return "something"
