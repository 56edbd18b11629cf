"""A page of lines that scrolls: what help and welcome have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from aigw_tui.tui.lines import Line
from aigw_tui.tui.screens.closing import ClosedOnce
from aigw_tui.tui.surface import Surface

if TYPE_CHECKING:
    from aigw_tui.tui.canvas import Stage

MARGIN = 6
"""Two cells on both sides, two for a scroll bar."""


class Page(ClosedOnce, ModalScreen[str]):
    """Draws `lines(width)` anew at every size; returns a word, or nothing when it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "down", show=False, id="page.down"),
        Binding("up,k", "scroll(-1)", "up", show=False, id="page.up"),
        Binding("pagedown,ctrl+d,space", "scroll(10)", "page down", show=False, id="page.page_down"),
        Binding("pageup,ctrl+u", "scroll(-10)", "page up", show=False, id="page.page_up"),
        Binding("home,g", "scroll(-10000)", "top", show=False, id="page.top"),
        Binding("end,G", "scroll(10000)", "bottom", show=False, id="page.bottom"),
    ]

    def lines(self, width: int) -> Sequence[Line]:
        """What stands on the page, at most `width` cells wide."""
        raise NotImplementedError

    @property
    def room(self) -> int:
        """Cells of a line."""
        return max(self.app.size.width - MARGIN, 1)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Surface(id="page")

    def on_resize(self) -> None:
        self.paint()

    def paint(self) -> None:
        """Draw what it says now."""
        page = self.query_one("#page", Surface)
        lines = self.lines(self.room)
        page.styles.height = len(lines)
        page.show(lines, cast("Stage", self.app).palette(is_stale=False))

    def action_scroll(self, rows: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)
