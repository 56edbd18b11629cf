"""The lines around the panels: where one is above, what is wrong below it, and the keys at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, tzinfo

from textual import events
from textual.reactive import var

from aigw_tui.feed import Feed
from aigw_tui.insight.trouble import trouble
from aigw_tui.model import Fault, State
from aigw_tui.tui.choice import Choice
from aigw_tui.tui.keyline import key_line, question_line
from aigw_tui.tui.keys import KEYS, REPLAY_KEYS
from aigw_tui.tui.ladder import Ladder
from aigw_tui.tui.lines import Span, gap, squeezed
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.notice import faults_of, notice_lines, progress_words
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels.alerts import Alerts
from aigw_tui.tui.status import status_line

MOUSE_OFF = "mouse off"


class Edges(Ladder):
    """Moved by the clock as well as by figures, so they are no panels; the last one asks questions too."""

    is_paused: var[bool] = var(False, init=False)

    def __init__(self, feed: Feed, looks: Looks, zone: tzinfo = UTC, complaints: Sequence[Fault] = ()) -> None:
        super().__init__(feed, looks)
        self._zone, self._complaints = zone, tuple(complaints)
        self._said = ""
        """What the last key did, where nothing else shows it; until the next one."""
        self._choice: Choice | None = None
        """What the next key answers."""

    def write_lines(self) -> None:
        """The top line, the notice and the keys."""
        if self.scene is None:
            return
        now, width, snapshot = self._feed.now(), self.size.width, self.scene.snapshot
        freshness = replace(self.freshness, state=State.PAUSED) if self.is_paused else self.freshness
        palette = self.palette(is_stale=False)
        faults = () if snapshot.is_past else (*faults_of(snapshot), *self._complaints)
        self.show_trouble(None if snapshot.is_past else trouble(snapshot, faults, freshness, is_first=self.is_first))
        has_two_rows = self.size_class in ("slim", "tiny", "line")
        notice = self.scrubbed(width) or notice_lines(faults, freshness, now, width, has_two_rows, self.keys)
        self.base.set_class(bool(faults) and self.size.height > 1, "-noticed")
        self.line("status").show(
            [status_line(snapshot, freshness, now, width, self._zone, self.scene.against)], palette
        )
        self.line("notice").show(notice or [()], palette)
        is_noted = self.line("notice").display
        aside = "" if is_noted and not faults else progress_words(freshness)
        spare = "" if self.has_mouse else MOUSE_OFF
        keys = key_line(self._keys(), width, aside, spare)
        if self._said:
            keys = (gap(1), Span(squeezed(self._said, width - 2), "strong"))
        if self._choice:
            keys = question_line(self._choice, width)
        self.line("keys").show([keys], palette)

    def say(self, text: str) -> None:
        """A word about what a key did, in the bottom line."""
        self._said = text
        self.write_lines()

    def choose(self, choice: Choice) -> None:
        self._choice = choice
        self.write_lines()

    def on_key(self, event: events.Key) -> None:
        """All keys come by here, in the order in which they were pressed; a screen of its own would miss the next."""
        choice, self._choice = self._choice, None
        if self._said:
            self.say("")
        if choice is not None:
            event.prevent_default()
            self.write_lines()  # before the answer: a picture of the screen shows no question
            choice.answer(event.character or event.key)

    def _keys(self) -> list[tuple[str, str]]:
        """Those that work now."""
        if self.trouble:
            return self._named([("view.refresh", self.trouble.way_on), ("app.help", "help"), ("app.quit", "quit")])
        works = {
            "row.narrow": isinstance(self.base.focused, Panel) and self.base.focused.can_narrow,
            "row.silence": isinstance(self.base.focused, Alerts),
            "scope.back": bool(self.scope.steps or self.scope.pattern or self.zoomed),
            "view.measure": any(panel.HAS_MEASURE for panel in self.in_sight),
            "view.pause": not self.is_paused,
        }
        first = [("view.pause", "go on")] if self.is_paused else []
        first += REPLAY_KEYS if self.moment else [("view.refresh", "try now")] if self.freshness.is_stale else []
        keys = [key for key in KEYS if works.get(key[0], True)]
        if isinstance(self.base.focused, Panel):
            keys = [(id_, self.base.focused.ENTER if id_ == "row.narrow" else word) for id_, word in keys]
        return self._named([*first, *keys])

    def _named(self, keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """By what is pressed for them; a pair of bindings stands together."""
        return [(" ".join(map(self.keys.name, ids.split())), word) for ids, word in keys]
