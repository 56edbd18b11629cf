"""A message in plain words, for targets that show text."""

from __future__ import annotations

from collections.abc import Callable

from aigw_tui.model import Message


def headline(message: Message) -> str:
    """`critical: title`, `still critical: title`, `resolved: title`, `report: title`, `test: title`."""
    firsts = {"firing": message.severity, "repeat": f"still {message.severity}"}
    return f"{firsts.get(message.kind, message.kind)}: {message.title}"


def body(message: Message) -> str:
    """Its lines, then a line a fact, then when it became true (UTC)."""
    facts = [f"{name}: {value}" for name, value in message.facts]
    blocks = ("\n".join(message.lines), "\n".join(facts), f"{message.at:%-d %b %Y %H:%M} UTC")
    return "\n\n".join(filter(None, blocks))


def cut(text: str, longest: int, size: Callable[[str], int] = len) -> str:
    """As much of `text` as has a `size` of `longest`, with `…` where something is missing."""
    if size(text) <= longest:
        return text
    least, most = 0, min(len(text), longest)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if size(text[:middle] + "…") <= longest else (least, middle - 1)
    return text[:least] + "…"


def utf8(text: str) -> int:
    """Its length in bytes."""
    return len(text.encode("utf-8", "replace"))
