"""The screen that stands in place of the panels while there is nothing to show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from aigw_tui.insight.trouble import Trouble
from aigw_tui.tui.lines import Line, Span, fit, foreign, gap, shorten
from aigw_tui.tui.pressed import UNMOVED, Keys

WIDEST = 76
"""Cells of a line of words."""
NUMBER = 3
SPACIOUS = 16
"""Rows from which there is air between the parts."""


def lines(trouble: Trouble, width: int, height: int, keys: Keys = UNMOVED) -> tuple[Line, ...]:
    """At most `height` lines of at most `width` cells: what, why, what to do; the last steps go first."""
    margin = 2 if width >= 50 else 1
    room = max(min(WIDEST, width - 2 * margin), 1)
    role, glyph = ("bad", "▲") if trouble.is_bad else ("accent", "○")
    head: Line = (Span(f"{glyph} ", role), Span(shorten(trouble.title, max(room - 2, 1)), "strong", bold=True))
    if height <= 1:
        return (head,)[: max(height, 0)]
    air: list[Line] = [()] if height >= SPACIOUS else []
    why = [(foreign(part, "text"),) for part in textwrap.wrap(trouble.why, room, break_on_hyphens=False)]
    when: list[Line] = [(Span(shorten(trouble.when, room), "muted"),)] if trouble.when else []
    shown: list[Line] = [*air, head, *air, *why, *when, *air]
    for number, step in enumerate(trouble.steps, 1):
        first, *more = _words(textwrap.wrap(keys.said(step), max(room - NUMBER, 1), break_on_hyphens=False))
        block: list[Line] = [(Span(f"{number}  ", "accent", bold=True), *first)]
        block += [(gap(NUMBER), *part) for part in more]
        if len(shown) + len(block) > height - (number < len(trouble.steps)):
            shown.append((gap(NUMBER), Span("… a larger terminal says more", "muted")))
            break
        shown += block
    above = max(height - len(shown), 0) // 3
    return ((),) * above + tuple((gap(margin), *fit(line, room)) for line in shown[:height])


def _words(parts: Sequence[str]) -> Iterator[Line]:
    """What stands between backquotes is a command, also where it goes on in the next line."""
    is_command = False
    for part in parts:
        spans: list[Span] = []
        for n, text in enumerate(part.split("`")):
            is_command ^= bool(n)
            if text:
                spans.append(Span(text, "neuron1" if is_command else "text", bold=is_command))
        yield tuple(spans)
