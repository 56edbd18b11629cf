"""Lines of styled text as plain values: what panels draw, before any terminal or colour is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from aigw_tui.format import clean


class Span(NamedTuple):
    """Text in one style. A role is a name of the palette (`neuron1`); `:filling` behind it: half-way to the ground."""

    text: str
    role: str = "text"
    on: str = ""
    """The background's role; empty: whatever lies below."""
    bold: bool = False
    act: str = ""
    """What a click on it does, in two words: `sort requests`, `press w`, `widen gateway`; empty: nothing of its own."""


Line = tuple[Span, ...]


def line(*parts: Span | str) -> Line:
    """A line of spans; plain text is drawn in the role `muted`."""
    return tuple(Span(part, "muted") if isinstance(part, str) else part for part in parts if part)


def strong(text: str, role: str = "strong") -> Span:
    """A headline figure."""
    return Span(text, role, bold=True)


def foreign(text: str, role: str = "text", bold: bool = False) -> Span:
    """Text that came from outside, made harmless once more."""
    return Span(clean(text), role, bold=bold)


def width_of(spans: Iterable[Span]) -> int:
    """Terminal cells, not characters."""
    return sum(cell_len(span.text) for span in spans)


def gap(cells: int, on: str = "") -> Span:
    return Span(" " * max(cells, 0), "text", on)


def fit(spans: Line, width: int, on: str = "") -> Line:
    """Exactly `width` cells: padded on the right, or cut there. For words; a number must never be cut."""
    out, left = [], width
    for span in spans:
        cells = cell_len(span.text)
        if cells > left:
            out.append(span._replace(text=set_cell_size(span.text, left)))
            left = 0
            break
        out.append(span)
        left -= cells
    return (*out, gap(left, on)) if left else tuple(out)


def shorten(text: str, width: int) -> str:
    """At most `width` cells; what is too long ends in `…`."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def in_words(text: str, width: int) -> str:
    """At most `width` cells; what is too long ends in `…` behind a whole word, so that no figure is cut."""
    if cell_len(text) <= width:
        return text
    kept = set_cell_size(text, max(width - 1, 0))
    if text[len(kept) : len(kept) + 1].strip():
        kept = kept.rpartition(" ")[0] or kept
    return shorten(f"{kept.rstrip()}…", width)


def told_apart(texts: Sequence[str], width: int) -> list[str]:
    """Each at most `width` cells; of those that would end alike in `…`, the middle goes instead of the end."""
    short = [shorten(text, width) for text in texts]
    return [
        amid(text, width)
        if any(one == brief and other != text for one, other in zip(short, texts, strict=True))
        else brief
        for text, brief in zip(texts, short, strict=True)
    ]


def amid(text: str, width: int) -> str:
    """At most `width` cells: a third of them for the beginning, the others for the end, which tells more."""
    if width < 3:
        return shorten(text, width)
    start = shorten(text, width // 3)
    end = text
    while end and cell_len(start + end) > width:
        end = end[1:]
    return start + end


def squeezed(text: str, width: int) -> str:
    """At most `width` cells: first words and end, for texts whose end matters, such as paths."""
    if cell_len(text) <= width:
        return text
    start = text.partition(" ")[0] + " …"
    end = text
    while end and cell_len(start + end) > width:
        end = end[1:]
    return start + end if end else shorten(text, width)


def left(text: str, width: int) -> str:
    """Padded or shortened to `width` cells."""
    return set_cell_size(shorten(text, width), width)


def right(text: str, width: int) -> str:
    """Right-aligned in `width` cells; never cut."""
    return " " * max(0, width - cell_len(text)) + text


def sides(at_left: Line, at_right: Line, width: int, on: str = "") -> Line:
    """Both ends of one line. When they do not fit with a space between, the right end gives way."""
    space = width - width_of(at_left) - width_of(at_right)
    if space < 1 and at_right:
        return fit(at_left, width, on)
    return fit((*at_left, gap(space, on), *at_right), width, on)


def act_at(spans: Line, cell: int) -> str:
    """What a click on that cell does."""
    for span in spans:
        cell -= cell_len(span.text)
        if cell < 0:
            return span.act
    return ""


def plain(lines: Iterable[Line]) -> str:
    """The text alone, a row a line: what golden frames hold."""
    return "\n".join("".join(span.text for span in spans).rstrip() for spans in lines)
