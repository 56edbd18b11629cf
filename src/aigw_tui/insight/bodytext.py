"""A body as text: JSON is indented, every line made harmless for a terminal."""

from __future__ import annotations

import json
from typing import Any

from aigw_tui.format import clean

LONGEST_LINE = 1_000_000
NOT_KEPT = "(not kept)"


def lines_of(body: bytes | None) -> list[str]:
    """Clean lines of any length, at least one; None was not kept."""
    if body is None:
        return [NOT_KEPT]
    found = decoded(body)
    text = found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False)
    return [clean(line, LONGEST_LINE) for line in text.splitlines()] or [""]


def decoded(body: bytes) -> Any:
    """JSON, or text where it is none; without the envelope that the API may put around a body."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    is_sealed = isinstance(found, dict) and {"success", "errors", "messages", "result"} == found.keys() - {
        "result_info"
    }
    return found["result"] if is_sealed else found
