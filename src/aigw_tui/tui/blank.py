"""What stands in place of the panels while there is nothing to show: why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aigw_tui.insight.trouble import Trouble
from aigw_tui.tui.surface import Surface
from aigw_tui.tui.troublelines import lines

if TYPE_CHECKING:
    from aigw_tui.tui.canvas import Stage


class Blank(Surface):
    """Draws its trouble anew at every size."""

    trouble: Trouble | None = None

    def on_resize(self) -> None:
        self.paint()

    def paint(self) -> None:
        if self.trouble:
            stage = cast("Stage", self.app)
            self.show(lines(self.trouble, *self.size, stage.keys), stage.palette(is_stale=False))
