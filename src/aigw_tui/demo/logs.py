"""The request logs of a gateway, newest first, from the same events as everything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aigw_tui.demo.account import Account
from aigw_tui.demo.asked import Asked
from aigw_tui.demo.bodies import request_of, response_of
from aigw_tui.demo.envelope import NOT_FOUND, Json, Sealed, invalid, page, success
from aigw_tui.demo.event import Event
from aigw_tui.demo.stores import stores
from aigw_tui.format import from_iso, iso

MOST_ROWS = 50
HEAD = 256
"""Bytes of a body that stand in its log."""
KEPT = timedelta(days=7)
"""How far back the logs go: what a store of this size holds."""

Test = Callable[[Json], bool]
OPERATORS: Mapping[str, Callable[[Any, list[Any]], bool]] = {
    "eq": lambda value, wanted: value in wanted,
    "neq": lambda value, wanted: value not in wanted,
    "contains": lambda value, wanted: any(str(each) in str(value) for each in wanted),
    "gt": lambda value, wanted: value > wanted[0],
    "lt": lambda value, wanted: value < wanted[0],
}


def logs(asked: Asked, account: Account, gateway: str, wanted: Mapping[str, str]) -> Sealed:
    """A page of `page`, `per_page`, `start_date`, `end_date`, `search`, `filters`, `order_by_direction`."""
    try:
        number, size = int(wanted.get("page", "1")), int(wanted.get("per_page", "20"))
        since = _moment(wanted.get("start_date"), asked.now - KEPT).timestamp()
        until = _moment(wanted.get("end_date"), asked.now).timestamp()
        tests = list(_tests(json.loads(wanted.get("filters", "[]"))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return invalid("a parameter cannot be read")
    if not 1 <= size <= MOST_ROWS or number < 1:
        return invalid(f"per_page must be from 1 to {MOST_ROWS}, page at least 1")
    rows = [_row(event) for event in _kept(asked, account, gateway, since, until)]
    try:
        found = [row for row in rows if wanted.get("search", "") in row["model"] and all(test(row) for test in tests)]
    except (KeyError, TypeError, IndexError):
        return invalid("a filter names what a row does not have, or compares what cannot be compared")
    if wanted.get("order_by_direction", "desc") != "asc":
        found.reverse()
    return page(found, number, size)


def log(asked: Asked, account: Account, gateway: str, id_: str) -> Sealed:
    """One row, with the sizes and the first bytes of both bodies, as Cloudflare has them there."""
    event = _found(asked, account, gateway, id_)
    if event is None:
        return NOT_FOUND
    bodies = {"request": request_of(event, id_), "response": response_of(event, id_)}
    texts = {part: json.dumps(body, separators=(",", ":")) for part, body in bodies.items()}
    heads = {f"{part}_head": text[:HEAD] for part, text in texts.items()}
    whole = {f"{part}_head_complete": len(text) <= HEAD for part, text in texts.items()}
    return success(_row(event) | {f"{part}_size": len(text) for part, text in texts.items()} | heads | whole)


def log_body(asked: Asked, account: Account, gateway: str, id_: str, part: str) -> Sealed:
    """The `request` or `response` of one row, which come without an envelope."""
    event = _found(asked, account, gateway, id_)
    if event is None:
        return NOT_FOUND
    return Sealed(200, (request_of if part == "request" else response_of)(event, id_))


def _found(asked: Asked, account: Account, gateway: str, id_: str) -> Event | None:
    kept = _kept(asked, account, gateway, (asked.now - KEPT).timestamp(), asked.now.timestamp())
    return next((event for event in kept if id_of(event) == id_), None)


def id_of(event: Event) -> str:
    return hashlib.sha256(repr((event.at, event.delay, event.gateway, event.model.name)).encode()).hexdigest()[:26]


def _kept(asked: Asked, account: Account, gateway: str, since: float, until: float) -> Iterator[Event]:
    """The calls of `[since, until)` that are over and whose rows the gateway's store holds, oldest first."""
    now = asked.now.timestamp()
    for store in stores(account, asked.limits):
        if store.gateway == gateway:
            newest = min(now, store.full_at)
            for event in account.events(max(since, newest - KEPT.total_seconds()), min(until, newest)):
                if event.gateway == gateway and event.at + event.duration_ms / 1000 <= now:
                    yield event


def _tests(filters: list[Mapping[str, Any]]) -> Iterator[Test]:
    for one in filters:
        key, operator, values = one["key"], OPERATORS[one["operator"]], list(one["value"])
        yield lambda row, key=key, operator=operator, values=values: operator(row[key], values)  # type: ignore[misc]


def _row(event: Event) -> Json:
    return {
        "id": id_of(event),
        "created_at": iso(datetime.fromtimestamp(event.at, UTC)),
        "provider": event.model.provider,
        "model": event.model.name,
        "model_type": "embedding" if not event.model.tokens_out else "llm",
        "path": "v1/embeddings" if not event.model.tokens_out else "v1/chat/completions",
        "duration": event.duration_ms,
        "request_type": "http",
        "request_content_type": "application/json",
        "response_content_type": "application/json",
        "user_agent": event.caller.user_agent,
        "timings": {"latency": event.duration_ms},
        "status_code": event.status,
        "success": event.status < 400,
        "cached": event.is_cached,
        "tokens_in": event.tokens_in,
        "tokens_out": event.tokens_out,
        "cost": event.cost,
        "custom_cost": False,
        "metadata": json.dumps(dict(event.caller.metadata)),
        "step": 0,
    }


def _moment(text: str | None, default: datetime) -> datetime:
    return from_iso(text) if text else default
