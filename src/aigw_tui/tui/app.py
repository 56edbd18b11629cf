"""The monitor: holds the scope, hands scenes to the panels, and turns keys into narrower or wider scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.reactive import var

from aigw_tui.feed import Feed
from aigw_tui.format import clock
from aigw_tui.insight.trouble import trouble
from aigw_tui.model import Freshness, Scope, State
from aigw_tui.tui.bell import Bell, Ring
from aigw_tui.tui.choice import Choice
from aigw_tui.tui.commands import Commands, QuietPalette
from aigw_tui.tui.dashboard import FIRST_FOCUS
from aigw_tui.tui.duties import DUTIES, Duty, done
from aigw_tui.tui.export import Exporter, question
from aigw_tui.tui.filterbox import FilterBox
from aigw_tui.tui.keyline import key_line, question_line
from aigw_tui.tui.keys import BINDINGS, KEYS
from aigw_tui.tui.ladder import Ladder
from aigw_tui.tui.lines import Span, gap, squeezed
from aigw_tui.tui.notice import faults_of, notice_lines, progress_words
from aigw_tui.tui.panel import Panel, Scene
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.panels.alerts import Alerts
from aigw_tui.tui.screens.help import Help
from aigw_tui.tui.screens.reasons import Reasons
from aigw_tui.tui.scrollback import kept
from aigw_tui.tui.status import status_line
from aigw_tui.tui.surface import Surface

MEASURES = ("requests", "tokens", "neurons", "cost", "errors", "cache")
"""What `m` cycles."""
PALETTE = "Any panel, gateway, provider, model, window, measure or theme by its name"


class Monitor(Ladder):
    """The dashboard over one feed. Returns a word for what the person wants next, or None."""

    TITLE = "aigw-tui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    MEASURES = MEASURES
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

    # var, not reactive: a reactive on the app repaints the screen (9 kB against 1 kB).
    measure: var[str] = var(MEASURES[0], init=False)
    metadata_key: var[str] = var("", init=False)
    is_paused: var[bool] = var(False, init=False)

    def __init__(
        self,
        feed: Feed,
        scope: Scope | None = None,
        theme: str = "",
        has_color: bool = True,
        metadata_keys: tuple[str, ...] = (),
        zone: tzinfo = UTC,
        duties: Sequence[Duty] = (),
        ring: Ring | None = None,
        exporter: Exporter | None = None,
    ) -> None:
        super().__init__(feed, theme, has_color)
        self._zone = zone
        self._duties, self._bell, self._exporter = duties, Bell(ring), exporter
        self.metadata_keys = metadata_keys
        """What requests can be told apart by; the first is looked at."""
        self.set_reactive(Monitor.metadata_key, next(iter(metadata_keys), ""))
        self.freshness = Freshness()
        self.set_reactive(Monitor.scope, scope or Scope())
        self._curtain = ExitStack()
        self.last_screen = ""
        """For the scrollback, where the person left with `Q`."""
        self._said = ""
        """What the last key did, where nothing else shows it; until the next one."""
        self._choice: Choice | None = None
        """What the next key answers."""

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
        """Look at what history holds now; panels paint only where that differs."""
        snapshot = self._feed.look(self.scope)
        if (rung := self._bell.rung(snapshot.alerts)) and self._driver:
            self._driver.write(rung)
        as_of = clock(self.freshness.good_at) if self.freshness.is_stale else ""
        scene = Scene(snapshot, self.measure, as_of)
        if scene != self.scene:
            self.scene = scene
            for panel in self.panels:
                panel.scene = scene
        self.write_lines()

    def show_needs(self) -> None:
        names = {name for panel in self.in_sight for name in panel.NEEDS}
        self._feed.need(self.scope, names, self.metadata_key)

    def write_lines(self) -> None:
        """The top line, the notice and the keys: they move by the clock, so they are no panels."""
        if self.scene is None:
            return
        now, width, snapshot = self._feed.now(), self.size.width, self.scene.snapshot
        freshness = replace(self.freshness, state=State.PAUSED) if self.is_paused else self.freshness
        palette = self.palette(is_stale=False)
        faults = faults_of(snapshot)
        self.show_trouble(trouble(snapshot, faults, freshness))
        has_two_rows = self.size_class in ("slim", "tiny")
        notice = notice_lines(faults, freshness, now, width, has_two_rows)
        self.base.set_class(bool(faults), "-noticed")
        self.line("status").show([status_line(snapshot, freshness, now, width, self._zone)], palette)
        self.line("notice").show(notice or [()], palette)
        is_noted = self.line("notice").display
        aside = "" if is_noted and not faults else progress_words(freshness)
        keys = key_line(self._keys(), width, aside)
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
            choice.answer(event.character or event.key)
            self.write_lines()

    def on_surface_act(self, message: Surface.Act) -> None:
        """A click on a word that does something."""
        if message.verb == "press":
            self.simulate_key(message.what)
        elif message.verb == "widen":
            self.scope = self.scope.widened(message.what)

    def _keys(self) -> list[tuple[str, str]]:
        """Those that work now."""
        if self.base.has_class("-blank"):
            return [("r", "try now"), ("?", "help"), ("q", "quit")]
        works = {
            "enter": isinstance(self.base.focused, Panel) and self.base.focused.can_narrow,
            "esc": bool(self.scope.steps or self.scope.pattern or self.zoomed),
            "m": self.panel("traffic").display,
            "p": not self.is_paused,
        }
        keys = [key for key in KEYS if works.get(key[0], True)]
        if isinstance(self.base.focused, Panel):
            keys = [(key, self.base.focused.ENTER if key == "enter" else word) for key, word in keys]
        first = [("r", "try now")] if self.freshness.is_stale else []
        return [*([("p", "go on")] if self.is_paused else []), *first, *keys]

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
        self._feed.alarms.silence(message.rule, self._feed.now())
        self._look()

    def show_metadata(self, key: str) -> None:
        """Tell requests apart by another key of their metadata."""
        self.metadata_key = key
        self.show_panel(self.panel("metadata"))

    def action_measure(self) -> None:
        self.measure = MEASURES[(MEASURES.index(self.measure) + 1) % len(MEASURES)]

    def action_pause(self) -> None:
        self.is_paused = not self.is_paused

    def action_refresh(self) -> None:
        self._feed.refresh()

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
        own = [one for kind in (Panel, *kinds) for one in vars(kind).get("BINDINGS", ()) if isinstance(one, Binding)]
        digits = Binding("1-9", "panel", "focus a panel", tooltip="Focus the panel with that digit")
        palette = Binding(self.COMMAND_PALETTE_BINDING, "command_palette", "palette", tooltip=PALETTE)
        shown = [one for one in self.named_bindings() if not one.key.isdigit()]
        reasons = Reasons.of(self.scene.snapshot) if self.scene else None
        self.push_screen(Help([*own, digits, palette, *shown], kinds, reasons))

    # filter

    def action_filter(self) -> None:
        self.base.query_one(FilterBox).open(self.scope.pattern)

    @on(FilterBox.Typed)
    def _filter(self, message: FilterBox.Typed) -> None:
        self.scope = replace(self.scope, pattern=message.pattern)

    @on(FilterBox.Closed)
    def _filtered(self) -> None:
        (self.zoomed or self.panel(FIRST_FOCUS)).focus()
