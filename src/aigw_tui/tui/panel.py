"""The panel: looks at a scene, draws what it saw, and writes only what differs."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var

from aigw_tui.model import Period, Sheet, Snapshot
from aigw_tui.tui.choice import Choice
from aigw_tui.tui.frame import Drawing, Form, dated, framed, head_of, inner
from aigw_tui.tui.lines import Line, gap, plain, width_of
from aigw_tui.tui.pressed import UNMOVED, Keys
from aigw_tui.tui.sorting import Sort, Sorting
from aigw_tui.tui.standing import Standing, Standings
from aigw_tui.tui.surface import Surface
from aigw_tui.tui.words import NO_PART, paragraph

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against
    from aigw_tui.tui.palette import Palette


MANY = 100_000
"""Rows; more than any panel has."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What every panel looks at: the snapshot and how the person wants to see it."""

    snapshot: Snapshot
    measure: str = "requests"
    """What `m` cycles: requests, tokens, neurons, cost, errors, cache."""
    as_of: str = ""
    """`14:05` when the data are stale, else empty: every panel then says so and pales."""
    minute: datetime | None = None
    """The running minute, while a panel that shows minutes can be seen: when it turns, the same data look different."""
    against: Against | None = None
    """What the window is set against; None: nothing."""
    is_paused: bool = False
    """What comes from now on is not shown."""


@dataclass(frozen=True, slots=True)
class Area:
    """The room a panel has, inside its frame, and where the person stands in it."""

    width: int
    height: int
    form: Form = "box"
    is_focused: bool = False
    is_zoomed: bool = False
    cursor: Hashable = None
    """Identity of the selected row; None: none chosen yet."""
    top: int = 0
    """The first visible row of a panel that scrolls."""
    unfolded: frozenset[Hashable] = field(default_factory=frozenset)
    """Rows that were folded or unfolded by hand, against what the panel does by itself."""
    sort: Sort | None = None
    """None: in the panel's own order."""
    keys: Keys = UNMOVED
    """What hints name."""
    is_paused: bool = False
    """What comes is not shown before the person goes on."""


def everything(area: Area) -> Area:
    """As if there were room for all rows."""
    return replace(area, height=MANY, top=0)


@dataclass(frozen=True, slots=True)
class Target:
    """A row that can be selected, and what Enter on it narrows to."""

    id: Hashable
    narrow: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    period: Period | None = None


def left_out(why: str, area: Area) -> tuple[Line, ...]:
    """What stands in a panel that a replay cannot show."""
    return paragraph(f"{why}: {area.keys.said(NO_PART)}", area.width, area.height)


def at_cursor(spans: Line, area: Area, id_: Hashable) -> Line:
    """The line of a row; on the cursor's ground, over the whole width, where the person stands on it."""
    if not area.is_focused or id_ is None or area.cursor != id_:
        return spans
    return tuple(span._replace(on="cursor") for span in (*spans, gap(area.width - width_of(spans))))


class Stage(Protocol):
    """What a panel asks of the app it stands in."""

    keys: Keys

    def palette(self, is_stale: bool) -> Palette: ...

    def form(self, panel: str) -> Form: ...

    def choose(self, choice: Choice) -> None:
        """The next key answers it."""

    def copy_to_clipboard(self, text: str) -> None: ...

    def say(self, text: str) -> None:
        """A word about what a key did."""


class Panel(Surface, can_focus=True):
    """One file below `panels/` holds one subclass: `look` is pure and cheap, `draw` is pure; the rest is here."""

    TITLE: ClassVar[str] = ""
    KEY: ClassVar[str] = ""
    """The digit that focuses it; empty: reached through the palette."""
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

    NOT_KEPT: ClassVar[str] = ""
    """Why a replay cannot show it; empty: it can."""

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

    # var, not reactive: reactive would repaint the whole panel, whatever changed.
    scene: var[Scene | None] = var(None, init=False)
    is_zoomed: var[bool] = var(False, init=False)

    class Narrow(Message):
        """The person wants to see less: what this row stands for."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    _seen: Any = None
    _drawn: tuple[object, ...] | None = None
    _cursor: Hashable = None
    _top = 0
    """Where the person scrolled to."""
    _shown = 0
    """The row that stands first: another one where the cursor would be out of sight, or there are not so many."""
    _unfolded: frozenset[Hashable] = frozenset()
    _sort: Sort | None = None
    _drawing = Drawing(())

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._standings = Standings()

    def look(self, scene: Scene, area: Area) -> Any:
        """A frozen value with everything `draw` needs; equal values are not painted again."""
        raise NotImplementedError

    def draw(self, seen: Any, area: Area) -> Drawing:
        """The drawing of what was seen, for exactly this area."""
        raise NotImplementedError

    def sheet(self, scene: Scene, area: Area) -> Sheet | None:  # noqa: ARG002
        """What stands here as a table, with the rows that are scrolled away; None: it is no table."""
        return None

    def targets(self, seen: Any) -> tuple[Target, ...]:  # noqa: ARG002
        """The rows that the cursor can stand on, visible ones only, in order; empty for a panel without a cursor."""
        return ()

    @property
    def can_narrow(self) -> bool:
        """Whether Enter does something here."""
        return any(one.narrow or one.period for one in self._targets())

    def paint(self, *, follows: bool = True) -> None:
        """Look, and draw when something differs from what stands here.

        Where the row of the cursor has moved out of sight, the panel follows it; else the first one is chosen.
        """
        stage = cast("Stage", self.app)
        width, height = self.size
        if self.scene is None or not self.display or not width or not height:
            return
        form: Form = stage.form(self.id or "")
        area = self._area(form)
        is_left_out = bool(self.NOT_KEPT) and self.scene.snapshot.is_past
        if is_left_out:
            self._seen = None
        ids = [] if is_left_out else self._ids(area)
        if follows and ids and self._cursor is not None and self._cursor not in ids:
            tops = range(0, self._count(), len(ids))
            area = replace(area, top=next((top for top in tops if self._cursor in self._ids(area, top)), area.top))
            ids = self._ids(area)
        if ids and self._cursor not in ids:
            self._cursor = ids[0]
        self._shown = getattr(self._seen, "top", area.top)
        area = replace(area, cursor=self._cursor, top=self._shown)
        palette = stage.palette(bool(self.scene.as_of))
        now = (self._seen, area, palette, self.size)
        if now == self._drawn:
            return
        self._drawn = now
        drawing = Drawing(left_out(self.NOT_KEPT, area)) if is_left_out else self.draw(self._seen, area)
        self._drawing = drawing
        if self.scene.as_of:
            drawing = dated(drawing, f"as of {self.scene.as_of}", form, width, self.TITLE)
        self.show(framed(drawing, form, width, height, self.KEY, self.TITLE, self.has_focus), palette)

    def _ids(self, area: Area, top: int | None = None) -> list[Hashable]:
        """Of the rows that can be seen there; looks at them."""
        self._seen = self.look(cast("Scene", self.scene), area if top is None else replace(area, top=top))
        return [target.id for target in self.targets(self._seen)]

    @property
    def area(self) -> Area:
        """Where the person stands now."""
        return self._area(cast("Stage", self.app).form(self.id or ""))

    def _targets(self) -> tuple[Target, ...]:
        return self.targets(self._seen) if self._seen is not None else ()

    def _area(self, form: Form) -> Area:
        room = inner(form, *self.size)
        stands = Area(*room, form, self.has_focus, self.is_zoomed, self._cursor, self._top, self._unfolded, self._sort)
        is_paused = self.scene is not None and self.scene.is_paused
        return replace(stands, keys=cast("Stage", self.app).keys, is_paused=is_paused)

    def watch_scene(self, before: Scene | None, after: Scene | None) -> None:
        if before and after and before.snapshot.scope != after.snapshot.scope:
            self._standings.keep(before.snapshot.scope, Standing(self._cursor, self._top, self._unfolded))
            known = self._standings.of(after.snapshot.scope)
            found = known or Standing(self._cursor)
            self._cursor, self._top, self._unfolded = found.cursor, found.top, found.unfolded
            self.paint(follows=known is not None)
        else:
            self.paint()

    def watch_is_zoomed(self) -> None:
        self.paint()

    def on_resize(self) -> None:
        self.paint()

    def on_show(self) -> None:
        self.paint()

    def on_focus(self) -> None:
        self.paint()

    def on_blur(self) -> None:
        self.paint()

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

    def _count(self) -> int:
        """All rows, also those that are scrolled away."""
        return int(getattr(self._seen, "count", len(self._targets())))

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
