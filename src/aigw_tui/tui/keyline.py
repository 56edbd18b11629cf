"""The bottom line: at most seven keys, those that work now."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.tui.choice import Choice
from aigw_tui.tui.lines import Line, Span, gap, sides, width_of

MOST = 7
NAMES = {"esc": "escape", "/": "slash", "?": "question_mark"}
"""What a key is called where it is pressed by a click."""
NARROW = 56
"""Below, the keys need all the room."""


def key_line(keys: Sequence[tuple[str, str]], width: int, aside: str = "") -> Line:
    """`enter narrow   esc back …`: as many as fit, the last two (help, quit) always; an aside at the right end."""
    shown = list(keys[: MOST - 2]) + list(keys[-2:]) if len(keys) > MOST else list(keys)
    end = (gap(2), Span(aside, "faint"), gap(1)) if aside and width >= NARROW else ()
    while width_of(_spans(shown)) + width_of(end) > width and len(shown) > 2:
        shown.pop(-3)
    return sides(_spans(shown), end, width)


def question_line(choice: Choice, width: int) -> Line:
    """`sort by  r requests  e errors  esc leave`: as many answers as fit; each can be clicked."""
    kept = list(choice.answers)
    while kept and width_of(_asked(choice.question, kept)) > width:
        kept.pop()
    return _asked(choice.question, kept)


def _asked(question: str, answers: Sequence[tuple[str, str]]) -> Line:
    said = [*answers, ("esc", "leave")]
    return (gap(1), Span(question, "text"), *(span for key, word in said for span in (gap(2), *_key(key, word))))


def _spans(keys: Sequence[tuple[str, str]]) -> Line:
    spans: list[Span] = [gap(1)]
    for n, (key, word) in enumerate(keys):
        spans += [gap(3)] if n else []
        spans += _key(key, word)
    return tuple(spans)


def _key(key: str, word: str) -> Line:
    act = f"press {NAMES.get(key, key)}"
    return Span(key, "accent", bold=True, act=act), Span(f" {word}", "muted", act=act)
