"""What one request asked and was answered, made harmless for a terminal or a file, and nothing more than printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aigw_tui.format import clean, iso
from aigw_tui.model import LogRow

LONGEST_LINE = 1_000_000
NOT_KEPT = "(not kept)"


def as_text(row: LogRow, parts: Mapping[str, bytes | None]) -> str:
    """A heading and each body; JSON is indented. Every line is clean."""
    lines = [f"{row.id}  {iso(row.at)}  {row.gateway}  {row.model}"]
    for name, body in parts.items():
        lines += ["", f"── {name} ──", *_lines(body)]
    return "\n".join(clean(line, LONGEST_LINE) for line in lines) + "\n"


def as_json(row: LogRow, parts: Mapping[str, bytes | None]) -> str:
    """One object; a body that is not JSON is text, null was not kept."""
    found = {name: None if body is None else _decoded(body) for name, body in parts.items()}
    return json.dumps({"id": row.id, "time": iso(row.at), "gateway": row.gateway, "model": row.model, **found}) + "\n"


def _lines(body: bytes | None) -> list[str]:
    if body is None:
        return [NOT_KEPT]
    found = _decoded(body)
    text = found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False)
    return text.splitlines() or [""]


def _decoded(body: bytes) -> Any:
    """Without the envelope that the API may put around a body."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    is_sealed = isinstance(found, dict) and {"success", "errors", "messages", "result"} == found.keys() - {
        "result_info"
    }
    return found["result"] if is_sealed else found
