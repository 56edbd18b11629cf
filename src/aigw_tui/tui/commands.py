"""What the palette (ctrl-p) offers: gateways, providers, models, windows, measures, panels, themes, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets import Input

from aigw_tui.format import clean
from aigw_tui.model import PERIODS
from aigw_tui.tui.screens.closing import ClosedOnce

if TYPE_CHECKING:
    from aigw_tui.tui.app import Monitor

NARROWED = (("gateway", "requests"), ("provider", "requests"), ("model", "requests"))
"""Fields of the scope and the dataset whose names are offered for them."""


class Offer(NamedTuple):
    """One line of the palette."""

    text: str
    help: str
    run: Callable[[], object]


class QuietPalette(ClosedOnce, CommandPalette):
    """Textual's, without a blinking cursor: 2 kB a second over a line."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False

    def _action_command_list(self, action: str) -> None:
        # Textual's list raises KeyError when a page of it is turned and no line was laid out yet.
        if not action.startswith("page") or self.query_one(CommandList)._index_to_line:  # noqa: SLF001
            super()._action_command_list(action)


class Commands(Provider):
    """Foreign names stand in `Content`, never in markup."""

    async def discover(self) -> Hits:
        for offer in self._offers():
            yield DiscoveryHit(Content(offer.text), offer.run, offer.text, offer.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for offer in self._offers():
            if (score := matcher.match(offer.text)) > 0:
                yield Hit(score, Content(offer.text), offer.run, offer.text, offer.help)

    def _offers(self) -> Iterator[Offer]:
        app = cast("Monitor", self.app)
        yield from _narrower(app)
        for period in PERIODS:
            yield Offer(f"window: {period.name}", "Look at this window", partial(app.show_period, period))
        for measure in app.MEASURES:
            yield Offer(f"measure: {measure}", "Draw this in the chart", partial(setattr, app, "measure", measure))
        for key in app.metadata_keys:
            yield Offer(f"metadata: {clean(key)}", "Tell requests apart by it", partial(app.show_metadata, key))
        for panel in app.panels:
            yield Offer(f"panel: {panel.TITLE}", "Focus it, or show it alone", partial(app.show_panel, panel))
        for theme in app.themes:
            yield Offer(f"theme: {theme}", "Change the colours", partial(setattr, app, "theme", theme))
        for binding in app.named_bindings():
            if binding.action == "command_palette":
                continue  # it is open
            yield Offer(f"{binding.description}", binding.tooltip, partial(app.run_action, binding.action))


def _narrower(app: Monitor) -> Iterator[Offer]:
    """Everything that the scope can be narrowed to by name."""
    if app.scene is None:
        return
    for field, dataset in NARROWED:
        for name in app.scene.snapshot.views.names(dataset, field):
            if name:
                yield Offer(f"{field}: {clean(name)}", f"Show this {field} alone", partial(app.narrow, field, name))
    for account, label in app.scene.snapshot.labels:
        yield Offer(f"account: {clean(label)}", "Show this account alone", partial(app.narrow, "account", account))
