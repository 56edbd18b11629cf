"""Time travel: the dashboard over one feed, at this moment or at one that has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import var

from aigw_tui.feed import Feed
from aigw_tui.insight.bases import Basis, chosen, following
from aigw_tui.model import HOUR, Freshness, Scope, Snapshot, State, heard
from aigw_tui.tui.dashboard import Dashboard
from aigw_tui.tui.lines import Line
from aigw_tui.tui.looks import ORDINARY, Looks
from aigw_tui.tui.replay import Moment, scrubber, step

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against


class TimeTravel(Dashboard):
    """Underneath, the feed goes on with the present: fetching, watching and alerts."""

    # var, not reactive: a reactive on the app repaints the screen (9 kB against 1 kB).
    scope: var[Scope] = var(Scope(), init=False)
    moment: var[Moment | None] = var(None, init=False)
    """None: now."""
    basis: var[str] = var("", init=False)
    """The id of what windows are set against; empty: nothing."""

    def __init__(self, feed: Feed, looks: Looks = ORDINARY) -> None:
        super().__init__(looks)
        self._feed = feed
        self.freshness = Freshness()
        self._compared: tuple[object, Against | None] = (None, None)

    def _look(self) -> None:
        """Look at what history holds, and show it."""

    def snapshot(self) -> Snapshot:
        """Of the moment that is looked at."""
        return self._feed.look_back(self.scope, self.moment.at) if self.moment else self._feed.look(self.scope)

    def against(self, snapshot: Snapshot, measure: str) -> Against | None:
        """What the window is set against, made anew when anything of it moved."""
        scope = snapshot.scope
        basis = chosen(scope.current_period, snapshot.window, self.basis)
        key = (basis, measure, scope, snapshot.revision, snapshot.hour, snapshot.is_past)
        if self._compared[0] != key:
            self._compared = key, _compare(snapshot, basis, measure) if basis else None
        return self._compared[1]

    def action_compare(self) -> None:
        """The next basis that this window has; after the last: none."""
        now = self.moment.at if self.moment else self._feed.now()
        self.basis = following(self.scope.current_period, self.scope.window(now), self.basis)

    def watch_basis(self) -> None:
        self._look()

    def action_travel(self, hours: int) -> None:
        self.moment = step(self.moment, HOUR * hours, self._feed.first_hour(self.scope), self._feed.now())

    def action_present(self) -> None:
        self.moment = None

    def watch_moment(self) -> None:
        self.base.set_class(self.moment is not None, "-replay")
        self.show_needs()
        self._look()

    def scrubbed(self, width: int) -> tuple[Line, ...]:
        """The line that stands in place of a notice in a replay; none now."""
        if self.moment is None:
            return ()
        return (scrubber(self.moment, self._feed.now(), width, self._news(), self.size_class == "line"),)

    def _news(self) -> str:
        """What is wrong now, and cannot be seen in a replay."""
        if self.freshness.state in (State.OFFLINE, State.STALE):
            return f"▲ {self.freshness.state.value}"
        count = len(heard(self._feed.alarms.current))
        return f"▲ {count} {'fires' if count == 1 else 'fire'}" if count else ""


def _compare(snapshot: Snapshot, basis: Basis, measure: str) -> Against:
    from aigw_tui.insight.against import against  # late: few compare, and it takes a dozen modules along

    return against(snapshot.views, snapshot.scope, basis, measure, snapshot.now)
