"""What a terminal is told so that cells appear in it: where to go, which colours from now on, and the letters."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color, ColorSystem
from rich.style import Style

PLAIN = Style.null()
DEFAULT_FOREGROUND, DEFAULT_BACKGROUND = ("39",), ("49",)
RESET = "\x1b[m"


class Pen:
    """Tells only what changes from one cell to the next. Starts, and ends, in the terminal's own colours."""

    def __init__(self, system: ColorSystem) -> None:
        self._system, self._style = system, PLAIN
        self._row, self._column = -1, -1
        self._is_sure = True
        """Of the column; not behind a letter of several characters, whose width terminals disagree about."""
        self._written: list[str] = []

    def go(self, row: int, column: int) -> None:
        """Counted from 0; always to a column by its number."""
        if row != self._row:
            self._written.append(f"\x1b[{row + 1};{column + 1}H")
        elif column != self._column or not self._is_sure:
            self._written.append(f"\x1b[{column + 1}G")
        self._row, self._column, self._is_sure = row, column, True

    def put(self, text: str, style: Style) -> None:
        """One cell; an empty text is the second half of the letter before."""
        if text and style is not self._style:
            self._written.append(turn(self._style, style, self._system))
            self._style = style
        if text and not self._is_sure:
            self._written.append(f"\x1b[{self._column + 1}G")
        self._written.append(text)
        self._column += 1
        if text:
            self._is_sure = len(text) == 1

    def lift(self) -> str:
        """All that was written."""
        if self._style is not PLAIN and turn(self._style, PLAIN, self._system):
            self._written.append(RESET)
        return "".join(self._written)


@lru_cache(4096)
def turn(before: Style, after: Style, system: ColorSystem) -> str:
    """The sequence that makes one style of another; empty where both look the same."""
    old, new = _parts(before, system), _parts(after, system)
    if old == new:
        return ""
    if new == _parts(PLAIN, system):
        return RESET
    attributes, foreground, background = new
    if attributes != old[0]:  # none can be taken back alone: bold and dim have one end
        codes = ("0", *attributes, *_unless(DEFAULT_FOREGROUND, foreground), *_unless(DEFAULT_BACKGROUND, background))
    else:
        codes = (*_unless(old[1], foreground), *_unless(old[2], background))
    return f"\x1b[{';'.join(codes)}m"


def _unless(known: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    return () if wanted == known else wanted


def _parts(style: Style, system: ColorSystem) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Codes of the attributes, the foreground and the background."""
    flags = style._attributes & style._set_attributes  # noqa: SLF001 - Rich has no other list of them
    attributes = tuple(code for bit, code in Style._style_map.items() if flags & (1 << bit))  # noqa: SLF001
    return (
        attributes,
        _codes(style.color, system, is_foreground=True),
        _codes(style.bgcolor, system, is_foreground=False),
    )


def _codes(color: Color | None, system: ColorSystem, *, is_foreground: bool) -> tuple[str, ...]:
    if color is None:
        return DEFAULT_FOREGROUND if is_foreground else DEFAULT_BACKGROUND
    return tuple(color.downgrade(system).get_ansi_codes(foreground=is_foreground))
