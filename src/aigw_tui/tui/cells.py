"""A part of the screen, written from its first changed cell on rather than from its widget's left edge."""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate


class Cells(ChopsUpdate):
    """As Textual's own, which cuts only on the right: a figure at the end of the top line cost the line, 731 bytes."""

    def render_segments(self, console: Console) -> str:
        written = []
        for y, left, right in self.spans:
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                first, last = max(start, left), min(end, right)
                if strip is not None and first < last:
                    written.append(Control.move_to(first, y).segment.text)
                    written.append(strip.crop(first - start, last - start).render(console))
        return "".join(written)
