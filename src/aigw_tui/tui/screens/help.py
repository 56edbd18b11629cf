"""`?`: every key and every panel, from the same definitions that make them work."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from textual.binding import Binding, BindingType

from aigw_tui.tui.keynames import key_name
from aigw_tui.tui.lines import Line, Span, gap, left
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.pressed import UNMOVED, Keys
from aigw_tui.tui.screens.pages import Page
from aigw_tui.tui.screens.reasons import Reasons

FIGURES = (
    ("–", "unknown; never 0"),
    ("~", "an estimate: a projection, or tokens × price"),
    ("±", "a count that Cloudflare took from a sample: the true one lies within, 95 times of 100"),
    ("( )", "not owed: the gateway's list price of Workers AI before the free allowance; never added to neuron cost"),
    ("filling", "a young hour that still grows: requests arrive 3 to 6 minutes late, neurons about 40"),
    (
        "vs, ╌",
        "against what {time.compare} chooses, settled hours only; – where that is unknown or too small to divide by",
    ),
    ("REPLAY", "the screen as history has it for that hour: nothing that came later, nothing that is not kept"),
    ("as of", "no good answer for a while: these are the last good figures"),
)
COLUMN = 22
"""Cells of the keys' column; a third of the page where that is less."""


class Help(Page):
    """esc, ? and q close it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,h,q", "dismiss", "close", id="page.close")]

    def __init__(
        self,
        bindings: Sequence[Binding],
        panels: Sequence[type[Panel]],
        reasons: Reasons | None = None,
        keys: Keys = UNMOVED,
    ) -> None:
        super().__init__()
        self._named, self._panels, self._reasons, self._keys = bindings, panels, reasons or Reasons(), keys

    def lines(self, width: int) -> Sequence[Line]:
        return help_lines(self._named, self._panels, self._reasons, width, self._keys)


def help_lines(
    bindings: Sequence[Binding], panels: Sequence[type[Panel]], reasons: Reasons, width: int, keys: Keys = UNMOVED
) -> tuple[Line, ...]:
    """Keys, how figures are read, panels and why some of their figures are unknown: at most `width` cells wide."""
    named = [(", ".join(map(key_name, one.key.split(","))), told(one)) for one in bindings]
    figures = [(sign, keys.said(words)) for sign, words in FIGURES]
    shown = [
        (f"{panel.KEY or ' '}  {panel.TITLE}", keys.said(panel.HELP), *reasons.lines(panel.NEEDS)) for panel in panels
    ]
    return (
        *section("Keys", named, width),
        *section("How to read the figures", figures, width),
        *section("Panels", shown, width),
        (Span(keys.name("page.close"), "accent", bold=True), Span(" close", "muted")),
    )


def told(binding: Binding) -> str:
    """What it does, as a sentence begins."""
    return binding.tooltip or binding.description.capitalize()


def section(title: str, rows: Sequence[tuple[str, ...]], width: int, widest: int = COLUMN) -> list[Line]:
    """A name beside its text, and whatever else is said of it below."""
    column = min(widest, width // 3)
    room = max(width - column - 2, 12)
    lines: list[Line] = [(Span(title, "strong", bold=True),)]
    for name, words, *asides in rows:
        names = [name] if cell_len(name) <= column - 2 else wrapped(name, max(column - 2, 1))
        sides = zip_longest(names, wrapped(words, room), fillvalue="")
        lines += [
            (gap(2), Span(left(one, max(column - 2, 0)), "accent"), gap(2), Span(other, "text")) for one, other in sides
        ]
        lines += [(gap(column + 2), Span(part, "muted")) for aside in asides for part in wrapped(aside, room, "  ")]
    return [*lines, ()]


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Never wider than that, in cells."""
    parts = textwrap.wrap(" ".join(text.split()), width, subsequent_indent=indent) or [""]
    return [cut for part in parts for cut in (chop_cells(part, width) if cell_len(part) > width else [part])]
