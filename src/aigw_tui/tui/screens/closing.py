"""A screen that is closed once, however often its key is pressed before it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete

if TYPE_CHECKING:
    from textual.screen import Screen

    Whole = Screen[Any]
else:
    Whole = object  # a screen as first base would hide the component classes of the second


class ClosedOnce(Whole):
    """Textual would close the screen below as well, and then the app (two Enters in the palette, in one burst)."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_current else AwaitComplete()
