"""A message as JSON: what the webhook and the command receive, and what waits in the outbox."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from aigw_tui.errors import BadDataError
from aigw_tui.format import clean, from_iso, iso
from aigw_tui.model import Message
from aigw_tui.model.message import MESSAGE_KINDS, SEVERITIES

SCHEMA = "aigw-tui.message/1"
LONGEST_TITLE = 200
LONGEST_LINE = 1_000
LONGEST_NAME, LONGEST_VALUE = 100, 500
MOST_LINES, MOST_FACTS = 200, 50
LONGEST_HTML = 1_000_000


def bounded(message: Message) -> Message:
    """The same without foreign control characters, and no longer than a target can bear. Idempotent."""
    lines = tuple(clean(line, LONGEST_LINE) for line in message.lines[: MOST_LINES + 1])
    if len(message.lines) > MOST_LINES:
        lines = (*lines[: MOST_LINES - 1], "…")
    facts = message.facts[:MOST_FACTS]
    return Message(
        message.key,
        message.severity,
        clean(message.title, LONGEST_TITLE) or "(untitled)",
        message.at.astimezone(UTC),
        message.kind,
        lines,
        tuple((clean(name, LONGEST_NAME), clean(value, LONGEST_VALUE)) for name, value in facts),
        message.html if len(message.html) <= LONGEST_HTML else "",
    )


def document(message: Message) -> dict[str, Any]:
    """Its JSON; times are RFC 3339 in UTC, to the second."""
    return {
        "schema": SCHEMA,
        "id": message.key,
        "kind": message.kind,
        "severity": message.severity,
        "at": iso(message.at.astimezone(UTC)),
        "title": message.title,
        "lines": list(message.lines),
        "facts": [{"name": name, "value": value} for name, value in message.facts],
    }


def encoded(document: dict[str, Any]) -> bytes:
    """ASCII, so that half a surrogate pair harms nobody."""
    return json.dumps(document).encode("ascii")


def written(message: Message) -> str:
    """For the outbox."""
    return json.dumps(document(message) | {"html": message.html})


def read(text: str) -> Message:
    """What was `written`. Raises BadDataError."""
    try:
        return bounded(_message(json.loads(text)))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise BadDataError("the stored message is damaged", "it is lost; what it told may be told again") from None


def _message(found: dict[str, Any]) -> Message:
    if found["kind"] not in MESSAGE_KINDS or found["severity"] not in SEVERITIES:
        raise ValueError("of no known kind")
    return Message(
        str(found["id"]),
        found["severity"],
        str(found["title"]),
        from_iso(found["at"]),
        found["kind"],
        tuple(map(str, found["lines"])),
        tuple((str(fact["name"]), str(fact["value"])) for fact in found["facts"]),
        str(found["html"]),
    )
