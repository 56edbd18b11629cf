"""The bottom line: at most seven keys, those that work now."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.tui.choice import Choice
from aigw_tui.tui.keynames import keys_of
from aigw_tui.tui.lines import Line, Span, gap, sides, width_of

MOST = 7
NARROW = 56
"""Below, the keys need all the room."""


def key_line(keys: Sequence[tuple[str, str]], width: int, aside: str = "", spare: str = "") -> Line:
    """`enter narrow   esc back …`: as many as fit, the last two (help, quit) always; an aside at the right end.

    `spare` stands there when there is no aside, and then costs no key.
    """
    shown = list(keys[: MOST - 2]) + list(keys[-2:]) if len(keys) > MOST else list(keys)
    end = _end(aside) if width >= NARROW else ()
    if not end and width_of((*_spans(shown), *_end(spare))) <= width:
        end = _end(spare)
    while width_of(_spans(shown)) + width_of(end) > width and len(shown) > 2:
        shown.pop(-3)
    return sides(_spans(shown), end, width)


def question_line(choice: Choice, width: int) -> Line:
    """`sort by  r requests  e errors  esc leave`: as many answers as fit, `…` for the others; each can be clicked."""
    for between in (2, 1):
        if width_of(whole := _asked(choice, len(choice.answers), between)) <= width:
            return whole
    count = len(choice.answers)
    while count and width_of(_asked(choice, count, 1)) > width:
        count -= 1
    return _asked(choice, count, 1)


def _asked(choice: Choice, count: int, between: int) -> Line:
    said = [*choice.answers[:count], ("esc", "leave")]
    answers: list[Span] = []
    for n, (key, word) in enumerate(said):
        answers += [gap(1), Span("…", "muted")] if n == count < len(choice.answers) else []
        answers += [gap(between), *_key(key, word)]
    return (gap(1), Span(choice.question, "text"), *answers)


def _end(aside: str) -> Line:
    return (gap(2), Span(aside, "faint"), gap(1)) if aside else ()


def _spans(keys: Sequence[tuple[str, str]]) -> Line:
    spans: list[Span] = [gap(1)]
    for n, (key, word) in enumerate(keys):
        spans += [gap(3)] if n else []
        spans += _key(key, word)
    return tuple(spans)


def _key(key: str, word: str) -> Line:
    act = f"press {keys_of(key.partition(' ')[0])[0]}"
    return Span(key, "accent", bold=True, act=act), Span(f" {word}", "muted", act=act)
