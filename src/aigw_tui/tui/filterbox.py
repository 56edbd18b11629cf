"""The line in which a person types a regular expression over model names."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FilterBox(Input):
    """Closed until `open`; says every pattern as it is typed. What is no expression (yet) is searched as it stands."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "clear", "clear", show=False, id="filter.clear")]

    class Typed(Message):
        """The pattern as it stands; empty: all models."""

        def __init__(self, pattern: str) -> None:
            super().__init__()
            self.pattern = pattern

    class Closed(Message):
        """The person is done."""

    def on_mount(self) -> None:
        self.cursor_blink = False  # blinking costs 2 kB a second

    def open(self, pattern: str) -> None:
        self.add_class("-open")
        self.value = pattern
        self.focus()

    def action_clear(self) -> None:
        self.value = ""
        self._close()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close()

    def _close(self) -> None:
        self.remove_class("-open")
        self.post_message(self.Closed())
