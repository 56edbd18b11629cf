"""The arrangement: which panel stands where at which size, and the one that has the whole screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from aigw_tui.insight.trouble import Trouble
from aigw_tui.tui.blank import Blank
from aigw_tui.tui.filterbox import FilterBox
from aigw_tui.tui.form import FORMS, Size, form_of, size_of
from aigw_tui.tui.frame import Form
from aigw_tui.tui.house import House
from aigw_tui.tui.looks import ORDINARY, Looks
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.surface import Surface

PLACES = {
    "tiles": ("neurons", "cost", "health", "cache", "today"),
    "middle": ("traffic", "models"),
    "bottom": ("hours",),
}
"""Where the dashboard's panels stand; all others are shown zoomed, in the last row."""
FIRST_FOCUS = "models"
PLACEHOLDER = "models by regular expression, ! inverts, {filter.clear} clears"
TALL = 40
"""From this height on the second line is kept for notices, so that nothing jumps."""


class Ground(Screen[object], inherit_bindings=False):
    """A screen without Textual's own keys: Tab is a binding of ours, and can be moved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,super+c", "screen.copy_text", "copy", show=False)  # Textual's, beside ctrl+c for leaving
    ]


class Dashboard(House):
    """The panels between a top line, a notice and a line of keys."""

    CSS_PATH = "app.tcss"

    def __init__(self, looks: Looks = ORDINARY) -> None:
        super().__init__(looks)
        self.size_class: Size = "full"
        self.zoomed: Panel | None = None
        self.is_first = True
        """No panel was on the screen yet."""

    def get_default_screen(self) -> Screen[object]:
        return Ground(id="_default")

    def compose(self) -> ComposeResult:
        yield Surface(id="status")
        yield Surface(id="notice")
        panels = {name: kind(id=name) for name, kind in all_panels()}
        placed = {name for names in PLACES.values() for name in names}
        for place, names in PLACES.items():
            others = [name for name in panels if name not in placed] if place == "bottom" else []
            yield Container(*(panels[name] for name in (*names, *others) if name in panels), id=place)
        yield Blank(id="blank")
        yield FilterBox(id="filter", placeholder=self.keys.said(PLACEHOLDER))
        yield Surface(id="keys")

    def show_trouble(self, found: Trouble | None) -> None:
        """In place of the panels; None: they are back."""
        self.is_first = self.is_first and found is not None
        if self.base.has_class("-blank") is (found is None):
            self.base.set_class(found is not None, "-blank")
            self.call_after_refresh(self.write_lines)  # other keys help now
            if found is None and self.base.focused is None:  # what is hidden loses the focus
                self.call_after_refresh(self.panel(FIRST_FOCUS).focus)
        blank = self.base.query_one(Blank)
        blank.trouble = found
        blank.paint()

    @property
    def trouble(self) -> Trouble | None:
        """What stands in place of the panels."""
        return self.base.query_one(Blank).trouble

    def go_on(self) -> None:
        """Past what can be passed of what stands in place of the panels."""
        self.is_first = False
        self.write_lines()

    @property
    def base(self) -> Screen[object]:
        """The dashboard's own screen, also while the help or the palette lies over it."""
        return self.screen_stack[0]

    @property
    def panels(self) -> Iterator[Panel]:
        yield from self.base.query(Panel)

    @property
    def in_sight(self) -> Iterator[Panel]:
        """Those that stand on the screen now."""
        if self.zoomed:
            yield self.zoomed
            return
        for panel in self.panels:
            if panel.display and cast("Container", panel.parent).display:
                yield panel

    @property
    def shows_minutes(self) -> bool:
        """Whether what can be seen moves by the minute."""
        return any(panel.HAS_MINUTES for panel in self.in_sight)

    def panel(self, name: str) -> Panel:
        return cast("Panel", self.base.query_one(f"#{name}"))

    def line(self, name: str) -> Surface:
        """`status`, `notice` or `keys`."""
        return self.base.query_one(f"#{name}", Surface)

    def form(self, panel: str) -> Form:
        return form_of(self.size_class, panel, self.zoomed is not None)

    def write_lines(self) -> None:
        """Draw the lines around the panels anew; what is `said` stands there until the next time."""

    def show_needs(self) -> None:
        """Other panels can be seen now, which may need other data."""

    def on_resize(self, event: events.Resize) -> None:
        self.size_class = size_of(*event.size)
        for name in FORMS:
            self.base.set_class(name == self.size_class, f"-{name}")
        self.base.set_class(event.size.height < TALL, "-short")
        self.call_after_refresh(self.write_lines)  # they learn their new width with the next layout
        self.call_after_refresh(self.show_needs)

    def on_descendant_focus(self) -> None:
        self.call_after_refresh(self.write_lines)  # other keys work in another panel

    def action_panel(self, key: str) -> None:
        for panel in self.panels:
            if key == panel.KEY:
                self.show_panel(panel)

    def show_panel(self, panel: Panel) -> None:
        """Focus it, zoomed when it has no place on the screen at this size."""
        if self.zoomed and self.zoomed is not panel:
            self.zoom(None)
        if not panel.display:
            self.zoom(panel)
        panel.focus()

    def action_zoom(self) -> None:
        if self.zoomed:
            self.zoom(None)
        elif isinstance(self.focused, Panel):
            self.zoom(self.focused)

    def zoom(self, panel: Panel | None) -> None:
        """Give it all the room; None: back to all of them."""
        before, self.zoomed = self.zoomed, panel
        changed = [one for one in (before, panel) if one is not None]
        for one in changed:
            one.set_class(one is panel, "-zoom")
            cast("Container", one.parent).set_class(one is panel, "-stage")
        self.base.set_class(panel is not None, "-zoomed")
        for one in changed:
            one.is_zoomed = one is panel
        if changed:
            changed[-1].focus()
        self.write_lines()
        self.call_after_refresh(self.write_lines)  # what Enter does is known once the panel was painted
        self.show_needs()
