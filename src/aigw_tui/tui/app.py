"""The monitor: holds the scope, hands scenes to the panels, and turns keys into narrower or wider scopes."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.reactive import var

from aigw_tui.errors import AigwError
from aigw_tui.feed import Feed
from aigw_tui.format import clock
from aigw_tui.model import PERIODS, Alert, Freshness, Period, Phase, Place, Scope, Snapshot, State
from aigw_tui.tui.commands import Commands, QuietPalette
from aigw_tui.tui.dashboard import Dashboard
from aigw_tui.tui.filterbox import FilterBox
from aigw_tui.tui.keyline import key_line
from aigw_tui.tui.notice import faults_of, notice_lines, progress_words
from aigw_tui.tui.panel import Panel, Scene
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.panels.alerts import Alerts
from aigw_tui.tui.screens.help import Help
from aigw_tui.tui.screens.reasons import Reasons
from aigw_tui.tui.status import status_line

log = logging.getLogger(__name__)

Duty = Callable[[Snapshot], Awaitable[None]]
"""What has to be done again and again, whether anybody looks or not. Raises AigwError: it is logged."""
DUTY = "duty"
MEASURES = ("requests", "tokens", "neurons", "cost", "errors", "cache")
"""What `m` cycles."""
FIRST_FOCUS = "models"
PALETTE = "Any panel, gateway, provider, model, window, measure or theme by its name"
KEYS = (
    ("enter", "narrow"),
    ("esc", "back"),
    ("/", "filter"),
    ("w", "window"),
    ("m", "measure"),
    ("p", "pause"),
    ("z", "zoom"),
    ("?", "help"),
    ("q", "quit"),
)


class Monitor(Dashboard):
    """The dashboard over one feed. Returns a word for what the person wants next, or None."""

    TITLE = "aigw-tui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    MEASURES = MEASURES
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "wider", "back", id="scope.back", tooltip="Undo the last narrowing, filter or zoom"),
        Binding("slash", "filter", "filter", key_display="/", id="scope.filter", tooltip="Models by regex; ! inverts"),
        Binding("w", "window", "window", id="scope.window", tooltip="Today, 24 h, 7 d, 30 d, 90 d, all"),
        Binding("m", "measure", "measure", id="view.measure", tooltip="What the chart shows"),
        Binding("p", "pause", "pause", id="view.pause", tooltip="Freeze the screen; fetching goes on"),
        Binding("r", "refresh", "refresh", id="view.refresh", tooltip="Ask Cloudflare now"),
        Binding("z", "zoom", "zoom", id="view.zoom", tooltip="Give the focused panel the whole screen"),
        Binding("tab", "app.focus_next", "next panel", show=False, id="panel.next"),
        Binding("shift+tab", "app.focus_previous", "previous panel", show=False, id="panel.previous"),
        *(Binding(str(n), f"panel('{n}')", f"panel {n}", show=False, id=f"panel.{n}") for n in range(1, 10)),
        Binding("question_mark,h", "help", "help", key_display="?", id="app.help", tooltip="All keys and panels"),
        Binding("q,ctrl+c", "quit", "quit", id="app.quit", priority=False, tooltip="Leave"),
    ]

    # var, not reactive: a reactive on the app repaints the screen (9 kB against 1 kB).
    scope: var[Scope] = var(Scope(), init=False)
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
        ring: Callable[[Sequence[Alert]], str] | None = None,
    ) -> None:
        super().__init__(theme, has_color)
        self._feed, self._zone = feed, zone
        self._duties, self._ring = duties, ring
        self._firing: frozenset[Place] | None = None
        """What fired at the last look; None: there was none."""
        self.metadata_keys = metadata_keys
        """What requests can be told apart by; the first is looked at."""
        self.set_reactive(Monitor.metadata_key, next(iter(metadata_keys), ""))
        self.freshness = Freshness()
        self.set_reactive(Monitor.scope, scope or Scope())
        self.scene: Scene | None = None
        self._curtain = ExitStack()

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
            if self._duties and not any(worker.group == DUTY for worker in self.workers):
                self._do_duties()

    @work(group=DUTY, exit_on_error=False)
    async def _do_duties(self) -> None:
        """Beside the rounds: a target that hangs holds up nothing."""
        for duty in self._duties:
            try:
                await duty(self._feed.look(Scope()))
            except AigwError as error:
                log.warning("%s", error)

    def _ring_for(self, alerts: Sequence[Alert]) -> None:
        """The terminal's own bell and notification for what began to fire since the last look: one for each rule."""
        firing = {one.place: one for one in alerts if one.phase is Phase.FIRING and not one.silenced_until}
        before, self._firing = self._firing, frozenset(firing)
        new: dict[tuple[str, str], list[Alert]] = {}
        for place, alert in firing.items():
            if before is not None and place not in before:
                new.setdefault((place.rule, place.account), []).append(alert)
        for group in new.values():
            if self._ring and self._driver:
                self._driver.write(self._ring(group))

    def _look(self) -> None:
        """Look at what history holds now; panels paint only where that differs."""
        snapshot = self._feed.look(self.scope)
        self._ring_for(snapshot.alerts)
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
        has_two_rows = self.size_class in ("slim", "tiny")
        notice = notice_lines(faults, freshness, now, width, has_two_rows)
        self.base.set_class(bool(faults), "-noticed")
        self.line("status").show([status_line(snapshot, freshness, now, width, self._zone)], palette)
        self.line("notice").show(notice or [()], palette)
        is_noted = self.line("notice").display
        aside = "" if is_noted and not faults else progress_words(freshness)
        self.line("keys").show([key_line(self._keys(), width, aside)], palette)

    def _keys(self) -> list[tuple[str, str]]:
        """Those that work now."""
        works = {
            "enter": isinstance(self.base.focused, Panel) and self.base.focused.can_narrow,
            "esc": bool(self.scope.steps or self.scope.pattern or self.zoomed),
            "m": self.panel("traffic").display,
            "p": not self.is_paused,
        }
        keys = [key for key in KEYS if works.get(key[0], True)]
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

    @on(Panel.Narrow)
    def _narrow(self, message: Panel.Narrow) -> None:
        message.stop()
        target = message.target
        self.zoom(None)
        self.scope = self.scope.narrow(target.period, **dict(target.narrow))

    @on(Alerts.Silence)
    def _silence(self, message: Alerts.Silence) -> None:
        message.stop()
        self._feed.alarms.silence(message.rule, self._feed.now(), message.name)
        self._look()

    def action_wider(self) -> None:
        if self.zoomed:
            self.zoom(None)
        elif self.scope.pattern:
            self.scope = replace(self.scope, pattern="")
        elif self.scope.parent:
            self.scope = self.scope.parent

    def action_window(self) -> None:
        names = [period.name for period in PERIODS]
        place = names.index(self.scope.period.name) if self.scope.period.name in names else -1
        self.show_period(PERIODS[(place + 1) % len(PERIODS)])

    def show_period(self, period: Period) -> None:
        """Look at another window; narrowing to an hour ends, other narrowing stays."""
        steps = tuple(replace(step, period=None) for step in self.scope.steps if step.values)
        self.scope = replace(self.scope, period=period, steps=steps)

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

    def narrow(self, field: str, value: str) -> None:
        """Show this one alone."""
        self.scope = self.scope.narrow(None, **{field: value})

    def named_bindings(self) -> Iterator[Binding]:
        """The app's own keys, each once, for palette and help."""
        for binding in self.BINDINGS:
            if isinstance(binding, Binding):
                yield binding

    def action_command_palette(self) -> None:
        if not self.screen.is_modal:
            self.push_screen(QuietPalette(id="--command-palette"))

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
        self.panel(FIRST_FOCUS).focus()
