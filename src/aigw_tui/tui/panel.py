"""The panel: a canvas with a cursor, and what the keys do in it."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from aigw_tui.model import Sheet
from aigw_tui.tui.canvas import Canvas, Stage
from aigw_tui.tui.choice import Choice
from aigw_tui.tui.frame import Form, head_of
from aigw_tui.tui.lines import plain
from aigw_tui.tui.scene import Area, Scene, Target
from aigw_tui.tui.sorting import Sort, Sorting
from aigw_tui.tui.surface import Surface


class Panel(Canvas, can_focus=True):
    """One file below `panels/` holds one subclass: `look` is pure and cheap, `draw` is pure; the rest is here."""

    NEEDS: ClassVar[tuple[str, ...]] = ()
    """Datasets it looks at; those that history does not keep, `gateways` and `logged` are asked for only while it is
    visible."""
    STAYS: ClassVar[bool] = False
    """Its rows narrow in several steps: zoomed, it stays where others make way for the dashboard."""
    ENTER: ClassVar[str] = "narrow"
    """What Enter does with a row, in a word."""
    SORTINGS: ClassVar[tuple[Sorting, ...]] = ()
    """What its rows can be sorted by; empty: they have one order only."""
    HAS_MEASURE: ClassVar[bool] = False
    """It shows the measure that `m` chooses."""
    HAS_MINUTES: ClassVar[bool] = False
    """It shows minutes, so it is looked at anew whenever one begins."""
    HELP: ClassVar[str] = ""
    """What it shows and how to read it, in a few sentences."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "next row", show=False, id="row.next"),
        Binding("up,k", "move(-1)", "previous row", show=False, id="row.previous"),
        Binding("pagedown,ctrl+d", "page(1)", "page down", show=False, id="row.page_down"),
        Binding("pageup,ctrl+u", "page(-1)", "page up", show=False, id="row.page_up"),
        Binding("home,g", "jump(0)", "first row", show=False, id="row.first"),
        Binding("end,G", "jump(-1)", "last row", show=False, id="row.last"),
        Binding("enter", "narrow", "narrow to this row", id="row.narrow", tooltip="Show only what this row stands for"),
        Binding("space", "fold", "unfold or fold", show=False, id="row.fold"),
        Binding(
            "y", "copy", "copy", id="row.copy", tooltip="The row, or the panel, to the terminal's clipboard (OSC 52)"
        ),
        Binding("o", "sort", "sort", id="row.sort", tooltip="Then a letter of the column; again: reversed"),
    ]

    class Narrow(Message):
        """The person wants to see less: what this row stands for."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def sheet(self, scene: Scene, area: Area) -> Sheet | None:  # noqa: ARG002
        """What stands here as a table, with the rows that are scrolled away; None: it is no table."""
        return None

    @property
    def can_narrow(self) -> bool:
        """Whether Enter does something here."""
        return any(one.narrow or one.period for one in self._targets())

    def action_move(self, rows: int) -> None:
        targets = self._targets()
        ids = [target.id for target in targets]
        if ids:
            self._stand_at(self._shown + (ids.index(self._cursor) if self._cursor in ids else 0) + rows, len(ids))

    def action_page(self, pages: int) -> None:
        targets = self._targets()
        self.action_move(pages * max(len(targets) - 1, 1))

    def action_jump(self, row: int) -> None:
        targets = self._targets()
        self._stand_at(row if row >= 0 else self._count() - 1, len(targets))

    def action_narrow(self) -> None:
        for target in self._targets():
            if target.id == self._cursor and (target.narrow or target.period):
                self.post_message(self.Narrow(target))

    def action_fold(self) -> None:
        if self._cursor is not None:
            self._unfolded ^= {self._cursor}
            self.paint()

    def action_copy(self) -> None:
        """The row of the cursor; without one, all that stands in the panel."""
        ids = [target.id for target in self.targets(self._seen)] if self._seen is not None else []
        lines, first = self._drawing.lines, self._drawing.first
        if first is not None and self._cursor in ids:
            lines = lines[first + ids.index(self._cursor) :][:1]
        text = plain(lines)
        stage = cast("Stage", self.app)
        stage.copy_to_clipboard(text)
        stage.say(
            f"copied: {' '.join(text.split())}" if len(lines) == 1 else f"copied: {self.TITLE}, {len(lines)} lines"
        )

    def action_sort(self) -> None:
        if self.SORTINGS:
            letters = tuple((one.letter, one.name) for one in self.SORTINGS)
            cast("Stage", self.app).choose(Choice("sort by", letters, self.sort_by))

    def sort_by(self, name: str) -> None:
        """Once more: reversed."""
        self._sort = self._sort.again(name) if self._sort else Sort(name)
        self._top = 0
        self.paint(follows=False)

    def on_surface_act(self, message: Surface.Act) -> None:
        if message.verb == "sort":
            message.stop()
            self.sort_by(message.what)

    def on_click(self, event: events.Click) -> None:
        """A click on a row puts the cursor there; a double one narrows, as Enter does."""
        targets = self.targets(self._seen) if self._seen is not None else ()
        head = head_of(cast("Stage", self.app).form(self.id or ""))
        row = -1 if self._drawing.first is None else event.y - head - self._drawing.first
        if 0 <= row < len(targets):
            event.stop()
            self._cursor = targets[row].id
            self.paint()
            if event.chain > 1:
                self.action_narrow()

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def _stand_at(self, row: int, visible: int) -> None:
        """Put the cursor on a row, counted from the first of all, and scroll so that it can be seen."""
        if not visible:
            return
        row = max(0, min(row, self._count() - 1))
        self._top = min(max(self._shown, row - visible + 1), row)
        if self.scene is not None:
            form: Form = cast("Stage", self.app).form(self.id or "")
            targets = self.targets(self.look(self.scene, self._area(form)))
            if targets:
                self._cursor = targets[min(row - self._top, len(targets) - 1)].id
        self.paint()
