"""A surface that looks at a scene, draws what it saw, and writes only what differs."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from textual.reactive import var

from aigw_tui.tui.choice import Choice
from aigw_tui.tui.frame import Drawing, Form, dated, framed, inner
from aigw_tui.tui.lines import Line
from aigw_tui.tui.pressed import Keys
from aigw_tui.tui.scene import Area, Scene, Target
from aigw_tui.tui.sorting import Sort
from aigw_tui.tui.standing import Standing, Standings
from aigw_tui.tui.surface import Surface
from aigw_tui.tui.words import NO_PART, paragraph

if TYPE_CHECKING:
    from aigw_tui.tui.palette import Palette


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


class Canvas(Surface):
    """`look` is pure and cheap, `draw` is pure; when and what to paint is decided here."""

    TITLE: ClassVar[str] = ""
    KEY: ClassVar[str] = ""
    """The digit that focuses it; empty: reached through the palette."""
    NOT_KEPT: ClassVar[str] = ""
    """Why a replay cannot show it; empty: it can."""

    # var, not reactive: reactive would repaint the whole panel, whatever changed.
    scene: var[Scene | None] = var(None, init=False)
    is_zoomed: var[bool] = var(False, init=False)

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

    def targets(self, seen: Any) -> tuple[Target, ...]:  # noqa: ARG002
        """The rows that the cursor can stand on, visible ones only, in order; empty for a panel without a cursor."""
        return ()

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
            area, ids = self._followed(area, ids)
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

    def _followed(self, area: Area, ids: list[Hashable]) -> tuple[Area, list[Hashable]]:
        """Scrolled to the page that has the row of the cursor; as it was, where none has it any more."""
        seen = self._seen
        here = getattr(seen, "top", area.top)
        for top in range(0, self._count(), len(ids)):
            if top != here and self._cursor in (found := self._ids(area, top)):
                return replace(area, top=top), found
        self._seen = seen
        return area, ids

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

    def watch_has_focus(self, _has_focus: bool) -> None:
        # not on_blur: that comes before Textual's own, and the panel would be drawn as if it still had the focus
        super().watch_has_focus(_has_focus)
        self.paint()

    def _count(self) -> int:
        """All rows, also those that are scrolled away."""
        return int(getattr(self._seen, "count", len(self._targets())))


def left_out(why: str, area: Area) -> tuple[Line, ...]:
    """What stands in a panel that a replay cannot show."""
    return paragraph(f"{why}: {area.keys.said(NO_PART)}", area.width, area.height)
