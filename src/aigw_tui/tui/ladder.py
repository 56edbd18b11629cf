"""The ladder of narrowing: account, gateway, provider, model, hour, failure class, requests, one request; and back."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from aigw_tui.feed import Feed
from aigw_tui.model import PERIODS, Period
from aigw_tui.tui.dashboard import FIRST_FOCUS
from aigw_tui.tui.looks import ORDINARY, Looks
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels.metadata import Metadata
from aigw_tui.tui.panels.requests import Requests
from aigw_tui.tui.scene import Scene
from aigw_tui.tui.screens.request import OneRequest
from aigw_tui.tui.timetravel import TimeTravel
from aigw_tui.tui.trail import Spot, Trail

BOTTOM = "requests"
"""The panel below all narrowing."""


class Ladder(TimeTravel):
    """The dashboard with a scope, which Enter narrows and Esc widens."""

    def __init__(self, feed: Feed, looks: Looks = ORDINARY) -> None:
        super().__init__(feed, looks)
        self._trail = Trail()
        self.scene: Scene | None = None
        self.logs_with: tuple[tuple[str, str], ...] = ()
        """The metadata of the requests that are looked at; empty: all of the scope."""

    @property
    def spot(self) -> Spot:
        focused = self.base.focused
        zoomed = (self.zoomed.id or "") if self.zoomed else ""
        return Spot(self.scope, zoomed, (focused.id or "") if isinstance(focused, Panel) else "", self.logs_with)

    @on(Panel.Narrow)
    def _narrow(self, message: Panel.Narrow) -> None:
        """To what the row stands for; where the scope is that already, to its requests."""
        message.stop()
        start, target = self.spot, message.target
        narrower = self.scope.narrow(target.period, **dict(target.narrow))
        if narrower is self.scope:
            self.action_requests()
            return
        if not (self.zoomed and self.zoomed.STAYS):
            self.zoom(None)
        self.scope = narrower
        self._trail.went(start, self.spot)

    def action_requests(self) -> None:
        """The request logs of this scope, on the whole screen."""
        start, panel = self.spot, self.panel(BOTTOM)
        if self.zoomed is panel:
            return
        self.show_panel(panel)
        self._trail.went(start, self.spot)

    @on(Metadata.Open)
    def _open_value(self, message: Metadata.Open) -> None:
        """The requests that carry it: a scope knows no metadata, so they alone are narrowed."""
        message.stop()
        start = self.spot
        self.zoom(None)
        self.logs_with = ((message.key, message.value),)
        self.show_panel(self.panel(BOTTOM))
        self._trail.went(start, self.spot)

    def zoom(self, panel: Panel | None) -> None:
        if panel is not self.panel(BOTTOM):
            self.logs_with = ()
        super().zoom(panel)

    @on(Requests.Open)
    def _open(self, message: Requests.Open) -> None:
        message.stop()
        labels = dict(self.scene.snapshot.labels) if self.scene else {}
        self.push_screen(OneRequest(message.row, labels.get(message.row.account, ""), self._feed.logs))

    def action_wider(self) -> None:
        """Undo the last way down; else the zoom, the filter, the last narrowing."""
        if spot := self._trail.back(self.spot):
            self._stand_at(spot)
        elif self.zoomed and not self._trail.is_filtered_end(self.spot):
            self.zoom(None)
        elif self.scope.pattern:
            self.scope = replace(self.scope, pattern="")
        elif self.scope.parent:
            self.scope = self.scope.parent

    def _stand_at(self, spot: Spot) -> None:
        self.logs_with = spot.logs_with
        self.zoom(self.panel(spot.zoomed) if spot.zoomed else None)
        self.scope = spot.scope
        self.call_after_refresh(self.panel(spot.focused or FIRST_FOCUS).focus)  # until then it may be hidden

    def action_window(self) -> None:
        names = [period.name for period in PERIODS]
        place = names.index(self.scope.period.name) if self.scope.period.name in names else -1
        self.show_period(PERIODS[(place + 1) % len(PERIODS)])

    def show_period(self, period: Period) -> None:
        """Look at another window; narrowing to an hour ends, other narrowing stays."""
        steps = tuple(replace(step, period=None) for step in self.scope.steps if step.values)
        self.scope = replace(self.scope, period=period, steps=steps)

    def narrow(self, field: str, value: str) -> None:
        """Show this one alone."""
        self.scope = self.scope.narrow(None, **{field: value})
