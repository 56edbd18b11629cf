"""What one request asked and was answered, made harmless for a terminal or a file, and nothing more than printed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aigw_tui.format import clean, iso
from aigw_tui.insight.bodytext import LONGEST_LINE, decoded, lines_of
from aigw_tui.model import LogRow


def as_text(row: LogRow, parts: Mapping[str, bytes | None]) -> str:
    """A heading and each body; JSON is indented. Every line is clean."""
    lines = [clean(f"{row.id}  {iso(row.at)}  {row.gateway}  {row.model}", LONGEST_LINE)]
    for name, body in parts.items():
        lines += ["", f"── {name} ──", *lines_of(body)]
    return "\n".join(lines) + "\n"


def as_json(row: LogRow, parts: Mapping[str, bytes | None]) -> str:
    """One object; a body that is not JSON is text, null was not kept."""
    found = {name: None if body is None else decoded(body) for name, body in parts.items()}
    return json.dumps({"id": row.id, "time": iso(row.at), "gateway": row.gateway, "model": row.model, **found}) + "\n"
