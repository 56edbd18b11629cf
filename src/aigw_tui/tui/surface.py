"""A widget that shows lines and writes only the cells that differ from what it showed before."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from aigw_tui.tui.lines import Line, act_at
from aigw_tui.tui.palette import Palette


class Surface(Widget):
    """Rows of styled text. Subclasses call `show`; the palette comes from the app."""

    class Act(Message):
        """Somebody clicked on a span that does something: see `Span.act`."""

        def __init__(self, verb: str, what: str) -> None:
            super().__init__()
            self.verb, self.what = verb, what

    _strips: tuple[Strip, ...] = ()
    _lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line], palette: Palette) -> None:
        """Replace what stands here; rows that are equal are not painted again."""
        strips = tuple(
            Strip([Segment(palette.text(span), palette.style(span)) for span in one if span.text]) for one in lines
        )
        self._lines = lines
        before, self._strips = self._strips, strips
        if len(before) != len(strips):
            self.refresh()
            return
        regions = [
            Region(start, y, end - start, 1)
            for y, (old, new) in enumerate(zip(before, strips, strict=True))
            if old is not new and old != new
            for start, end in [difference(old, new)]
        ]
        if regions:
            self.refresh(*regions)

    def on_click(self, event: events.Click) -> None:
        act = act_at(self._lines[event.y], event.x) if event.y < len(self._lines) else ""
        if act:
            event.stop()
            verb, _, what = act.partition(" ")
            self.post_message(self.Act(verb, what))

    def render_line(self, y: int) -> Strip:
        if y >= len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)


def difference(old: Strip, new: Strip) -> tuple[int, int]:
    """The cells `[start, end)` outside which both rows are the same, by whole segments."""
    if old.cell_length != new.cell_length:
        return 0, max(old.cell_length, new.cell_length)
    one, other = list(old), list(new)
    start = _common(one, other)
    end = _common(one[::-1], other[::-1])
    return min(start, new.cell_length - end), max(new.cell_length - end, start)


def _common(one: list[Segment], other: list[Segment]) -> int:
    """Cells of the leading segments that are the same."""
    cells = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        cells += left.cell_length
    return cells
