"""What stands in place of the panels while there is nothing to show: wrapped anew whenever its room changes."""

from __future__ import annotations

from aigw_tui.insight.trouble import Trouble
from aigw_tui.tui.palette import Palette
from aigw_tui.tui.pressed import Keys
from aigw_tui.tui.surface import Surface
from aigw_tui.tui.troublelines import lines


class Blank(Surface):
    """Why there is nothing, and what to do."""

    _told: tuple[Trouble, Palette, Keys] | None = None

    def tell(self, trouble: Trouble, palette: Palette, keys: Keys) -> None:
        self._told = trouble, palette, keys
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._told:
            trouble, palette, keys = self._told
            self.show(lines(trouble, *self.size, keys), palette)
