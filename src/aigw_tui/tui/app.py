"""The monitor: holds the scope, hands scenes to the panels, and turns keys into narrower or wider scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.reactive import var

from aigw_tui.feed import Feed
from aigw_tui.format import clock
from aigw_tui.insight.scoped import is_expression
from aigw_tui.model import Fault, Scope, minute_of
from aigw_tui.tui.bell import Bell, Ring
from aigw_tui.tui.commands import Commands, QuietPalette
from aigw_tui.tui.dashboard import FIRST_FOCUS
from aigw_tui.tui.duties import DUTIES, Duty, done
from aigw_tui.tui.edges import MOUSE_OFF, Edges
from aigw_tui.tui.export import Exporter, question
from aigw_tui.tui.filterbox import FilterBox
from aigw_tui.tui.keymap import keys_of_help
from aigw_tui.tui.keys import BINDINGS
from aigw_tui.tui.looks import ORDINARY, Looks
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.panels.alerts import Alerts
from aigw_tui.tui.scene import Scene
from aigw_tui.tui.screens.help import Help
from aigw_tui.tui.screens.reasons import Reasons
from aigw_tui.tui.scrollback import kept
from aigw_tui.tui.surface import Surface

MEASURES = ("requests", "tokens", "neurons", "cost", "errors", "cache")
"""What `m` cycles."""
NO_EXPRESSION = "no regular expression: searched for as it stands"


class Monitor(Edges):
    """The dashboard over one feed. Returns a word for what the person wants next, or None."""

    TITLE = "aigw-tui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    MEASURES = MEASURES
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

    # var, not reactive: a reactive on the app repaints the screen (9 kB against 1 kB).
    measure: var[str] = var(MEASURES[0], init=False)
    metadata_key: var[str] = var("", init=False)

    def __init__(
        self,
        feed: Feed,
        scope: Scope | None = None,
        looks: Looks = ORDINARY,
        metadata_keys: tuple[str, ...] = (),
        zone: tzinfo = UTC,
        duties: Sequence[Duty] = (),
        ring: Ring | None = None,
        exporter: Exporter | None = None,
        complaints: Sequence[Fault] = (),
    ) -> None:
        super().__init__(feed, looks, zone, complaints)
        self._duties, self._bell, self._exporter = duties, Bell(ring), exporter
        self.metadata_keys = metadata_keys
        """What requests can be told apart by; the first is looked at."""
        self.set_reactive(Monitor.metadata_key, next(iter(metadata_keys), ""))
        self.set_reactive(Monitor.scope, scope or Scope())
        self._curtain = ExitStack()
        self.last_screen = ""
        """For the scrollback, where the person left with `Q`."""

    # what stands on the screen

    def on_mount(self) -> None:
        super().on_mount()
        self._curtain.enter_context(self.batch_update())  # empty frames first would be 30 kB
        self.call_after_refresh(self._raise_curtain)
        self.show_needs()
        self._look()
        self.panel(FIRST_FOCUS).focus()
        self.theme_changed_signal.subscribe(self, lambda _: self._repaint())
        self._watch()

    def _raise_curtain(self) -> None:
        self._curtain.close()
        self.screen.refresh()

    async def on_unmount(self) -> None:
        await self._feed.close()

    @work(exclusive=True, exit_on_error=True)
    async def _watch(self) -> None:
        async for freshness in self._feed.watch():
            if not self.is_running:
                return  # it closes, and its screen goes before its workers
            self.freshness = freshness
            if self.is_paused:
                self.write_lines()
            else:
                self._look()
            if self._duties and not any(worker.group == DUTIES for worker in self.workers):
                self._do_duties()

    @work(group=DUTIES, exit_on_error=False)
    async def _do_duties(self) -> None:
        """Beside the rounds: a target that hangs holds up nothing."""
        await done(self._duties, self._feed.look(Scope()))

    def _look(self) -> None:
        """Look at what history holds; panels paint only where that differs."""
        snapshot = self.snapshot()
        if (rung := self._bell.rung(self._feed.alarms.current)) and self._driver:
            self._driver.write(rung)
        as_of = clock(self.freshness.good_at) if self.freshness.is_stale and not snapshot.is_past else ""
        minute = minute_of(snapshot.now) if self.shows_minutes and not snapshot.is_past else None
        against = self.against(snapshot, self.measure)
        scene = Scene(snapshot, self.measure, as_of, minute, against, self.is_paused)
        if scene != self.scene:
            self.scene = scene
            for panel in self.panels:
                panel.scene = scene
        self.write_lines()

    def show_needs(self) -> None:
        names = () if self.moment else {name for panel in self.in_sight for name in panel.NEEDS}
        self._feed.need(self.scope, names, self.metadata_key, self.logs_with)
        if self.scene and self.shows_minutes and not self.is_paused:
            self._look()

    def on_surface_act(self, message: Surface.Act) -> None:
        """A click on a word that does something."""
        if message.verb == "press":
            self.simulate_key(self.keys.pressed(message.what))
        elif message.verb == "widen":
            self.scope = self.scope.widened(message.what)

    def _repaint(self) -> None:
        self._palettes.clear()
        for panel in self.panels:
            panel.paint()
        self.write_lines()

    # narrowing and widening

    def watch_scope(self) -> None:
        self.show_needs()
        self._look()

    def watch_metadata_key(self) -> None:
        self.show_needs()
        self._look()

    def watch_measure(self) -> None:
        self._look()

    def watch_is_paused(self) -> None:
        self._look()

    @on(Alerts.Silence)
    def _silence(self, message: Alerts.Silence) -> None:
        message.stop()
        self._feed.alarms.silence(message.rule, self._feed.now(), message.name)
        self.moment = self.moment and replace(self.moment, note="that rule's silence changed now, not then")
        self._look()

    def show_metadata(self, key: str) -> None:
        """Tell requests apart by another key of their metadata."""
        self.metadata_key = key
        self.show_panel(self.panel("metadata"))

    def action_measure(self) -> None:
        self.measure = MEASURES[(MEASURES.index(self.measure) + 1) % len(MEASURES)]

    def action_pause(self) -> None:
        self.is_paused = not self.is_paused

    def action_mouse(self) -> None:
        self.turn_mouse()
        self.say("mouse on" if self.has_mouse else MOUSE_OFF)

    def action_refresh(self) -> None:
        self._feed.refresh()
        self.go_on()

    def named_bindings(self) -> Iterator[Binding]:
        """The app's own keys, each once, for palette and help."""
        for binding in self.BINDINGS:
            if isinstance(binding, Binding):
                yield binding

    def action_command_palette(self) -> None:
        if not self.screen.is_modal:
            self.push_screen(QuietPalette(id="--command-palette"))

    def action_export(self) -> None:
        panel = self.base.focused
        if self._exporter and self.scene and isinstance(panel, Panel):
            self.choose(question(self, panel, self.scene, self._exporter))

    def action_quit_keeping(self) -> None:
        self.last_screen = kept(self.base._compositor.render_strips(self.size), self.console)  # noqa: SLF001
        self.exit()

    def action_help(self) -> None:
        kinds = [kind for _, kind in all_panels()]
        reasons = Reasons.of(self.scene.snapshot) if self.scene else None
        self.push_screen(Help(keys_of_help(self.looks.keymap), kinds, reasons, self.keys))

    # filter

    def action_filter(self) -> None:
        self.base.query_one(FilterBox).open(self.scope.pattern)

    @on(FilterBox.Typed)
    def _filter(self, message: FilterBox.Typed) -> None:
        self.scope = replace(self.scope, pattern=message.pattern)
        self.say("" if is_expression(message.pattern) else NO_EXPRESSION)

    @on(FilterBox.Closed)
    def _filtered(self) -> None:
        (self.zoomed or self.panel(FIRST_FOCUS)).focus()
