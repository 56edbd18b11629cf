"""One request on a page of its own; `b`, after a warning, what was asked and answered, which is kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from aigw_tui.errors import AigwError
from aigw_tui.format import clean
from aigw_tui.insight.bodytext import lines_of
from aigw_tui.model import LogRow
from aigw_tui.tui.lines import Line, Span, gap, line, shorten
from aigw_tui.tui.requestfacts import Seen, as_json, lines
from aigw_tui.tui.screens.pages import Page
from aigw_tui.tui.surface import Surface
from aigw_tui.tui.tiles import first_fit

if TYPE_CHECKING:
    from aigw_tui.tui.canvas import Stage

PARTS = ("request", "response")
GONE = "its log is gone; it was deleted, or made room for newer ones"
WARNINGS = (
    (
        "shows what was asked and answered; may hold personal data; never stored or logged; "
        "{request.bodies} again shows it, {request.close} leaves"
    ),
    "may hold personal data; never stored or logged; {request.bodies} again shows it, {request.close} leaves",
    "may hold personal data; {request.bodies} again shows it, {request.close} leaves",
    "may hold personal data; {request.bodies} shows it",
)
BESIDE = 4
"""Columns of the screen that are not the page's."""
CLOSE, BODIES, COPY = "request.close", "request.bodies", "request.copy"
KEYS = (
    ((CLOSE, "back"), (BODIES, "what was asked and answered"), (COPY, "copy as json")),
    ((CLOSE, "back"), (BODIES, "bodies"), (COPY, "copy")),
)
"""Fullest first."""


class Reader(Protocol):
    """What reads a log anew, and its bodies."""

    async def one(self, row: LogRow) -> LogRow | None:
        """Raises AigwError."""

    async def body(self, row: LogRow, part: str) -> bytes | None:
        """Raises AigwError."""


class OneRequest(Page):
    """Shows at once what the table knows, then all that its log says."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "back", id=CLOSE),
        Binding("y", "copy", "copy as JSON", id=COPY, tooltip="All of its fields, to the clipboard (OSC 52)"),
        Binding("b", "bodies", "bodies", id=BODIES, tooltip="What was asked and answered, after a warning"),
    ]

    def __init__(self, row: LogRow, account: str, reader: Reader) -> None:
        super().__init__()
        self._seen = Seen(row, account, is_reading=True)
        self._reader = reader
        self._bodies: tuple[tuple[str, Sequence[str]], ...] = ()
        self._is_asking = self._is_fetching = False
        """The warning stands at the bottom; the bodies are under way."""
        self._said = ""
        """What the last key did; until the next one."""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Surface(id="foot")

    def on_mount(self) -> None:
        self.run_worker(self._read_rest())

    def on_unmount(self) -> None:
        """Nothing of the bodies stays."""
        self._bodies = ()

    def lines(self, width: int) -> Sequence[Line]:
        return lines(self._seen, self._bodies, width)

    def paint(self) -> None:
        if not self.is_attached:  # what was asked for came after the person left
            return
        super().paint()
        palette = cast("Stage", self.app).palette(is_stale=False)
        self.query_one("#foot", Surface).show([self._foot(max(self.app.size.width - BESIDE, 1))], palette)

    def action_leave(self) -> None:
        """The warning first, if it stands there."""
        if self._is_asking:
            self._is_asking = False
            self.paint()
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """Never a body."""
        self.app.copy_to_clipboard(as_json(self._seen.row))
        self._say("copied: this request, without what was asked and answered")

    def action_scroll(self, rows: int) -> None:
        super().action_scroll(rows)
        if not self._is_fetching:
            self._say("")

    def action_bodies(self) -> None:
        if self._bodies or self._is_fetching:
            return
        self._is_asking = not self._is_asking
        self._say("")
        if not self._is_asking:
            self._is_fetching = True
            self._say("reading what was asked and answered …")
            self.run_worker(self._read_bodies())

    async def _read_rest(self) -> None:
        try:
            whole = await self._reader.one(self._seen.row)
            trouble = "" if whole else GONE
        except AigwError as error:
            whole, trouble = None, f"not all of its log could be read: {clean(error.why)} → {clean(error.remedy)}"
        self._seen = replace(self._seen, row=whole or self._seen.row, trouble=trouble, is_reading=False)
        self.paint()

    async def _read_bodies(self) -> None:
        try:
            found = [(part, lines_of(await self._reader.body(self._seen.row, part))) for part in PARTS]
        except AigwError as error:
            found = []
            said = f"not shown: {clean(error.why)} → {clean(error.remedy)}"
        else:
            said = ""
        if not self.is_attached:  # the person left meanwhile
            return
        above = len(self.lines(self.room))
        self._bodies, self._is_fetching = tuple(found), False
        self._say(said)
        if found:
            self.call_after_refresh(self.query_one(VerticalScroll).scroll_to, y=above, animate=False)

    def _say(self, text: str) -> None:
        self._said = text
        self.paint()

    def _foot(self, width: int) -> Line:
        keys = cast("Stage", self.app).keys
        if self._is_asking:
            return first_fit(width, *(line(Span(keys.said(text), "warn", bold=True)) for text in WARNINGS))
        if self._said:
            return (Span(shorten(self._said, width), "text"),)
        shown = ([(keys.name(id_), word) for id_, word in some if id_ != BODIES or not self._bodies] for some in KEYS)
        return first_fit(width, *map(_named, shown))


def _named(keys: Sequence[tuple[str, str]]) -> Line:
    """`esc back   b bodies`"""
    spans = (span for key, word in keys for span in (gap(3), Span(key, "accent", bold=True), Span(f" {word}", "muted")))
    return tuple(spans)[1:]
