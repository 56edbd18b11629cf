"""Which form the dashboard takes in a terminal of a given size: pure."""

from __future__ import annotations

from typing import Literal

from aigw_tui.tui.frame import Form

Size = Literal["full", "small", "slim", "tiny", "line"]

FORMS: dict[Size, Form] = {"full": "box", "small": "box", "slim": "rule", "tiny": "bare", "line": "bare"}


def size_of(width: int, height: int) -> Size:
    """`full` from 100×28, `small` from 76×22, `slim` from 56×18, `tiny` from 36×9, one line below."""
    if width >= 100 and height >= 28:
        return "full"
    if width >= 76 and height >= 22:
        return "small"
    if width >= 56 and height >= 18:
        return "slim"
    if width >= 36 and height >= 9:
        return "tiny"
    return "line"


def form_of(size: Size, panel: str, is_zoomed: bool) -> Form:
    """A zoomed panel has its border; so has the first gauge as long as there is room for one."""
    if is_zoomed and size != "line":
        return "box"
    if size == "slim":
        return {"neurons": "box", "today": "bare"}.get(panel, "rule")  # type: ignore[return-value]
    return FORMS[size]
