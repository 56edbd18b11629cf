"""Pulse: the last 60 minutes by the minute, with how late they are."""

from __future__ import annotations

from aigw_tui.format import clean, clock
from aigw_tui.insight.pulse import Minute, Pulse, pulse
from aigw_tui.insight.scoped import is_covered
from aigw_tui.model import Sheet, Snapshot
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.pulselines import Seen, drawing
from aigw_tui.tui.scene import Area, Scene
from aigw_tui.tui.tiles import reason


class PulsePanel(Panel):
    """What goes on now."""

    TITLE = "Pulse"
    NEEDS = ("pulse",)
    HAS_MINUTES = True
    HELP = (
        "Requests of the last 60 minutes, a bar a minute, whatever the window is; failed ones are red, on top, with × "
        "above. Minutes come 3 to 6 minutes late: lighter bars still fill, – is a minute that was not counted yet or "
        "never read. The rate is of the newest five minutes that are final. Minutes are known by gateway: in a scope "
        "narrowed further they are those of the whole gateway, and the panel says so."
    )

    def look(self, scene: Scene, area: Area) -> Seen:  # noqa: ARG002
        found = pulse(scene.snapshot)
        is_wider = not is_covered(scene.snapshot.scope, "pulse")
        return Seen(found, is_wider, "" if found.requests else _why(scene.snapshot, found))

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        rows = ((one.start, one.requests, one.errors, _trust(one)) for one in pulse(scene.snapshot).minutes)
        return Sheet(self.TITLE, ("since", "requests", "errors", "trust"), tuple(rows))

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        return drawing(seen, area)


def _trust(one: Minute) -> str | None:
    return None if one.requests is None else "filling" if one.is_filling else "settled"


def _why(snapshot: Snapshot, found: Pulse) -> str:
    """Why there is no request to show: they may not be seen, were not read, or there were none."""
    if not found.known:
        refused = next((one.why for one in snapshot.missing if one.dataset == "pulse" and not one.measure), "")
        return clean(refused) or "not read yet; the first minutes come with the next answer"
    where = "through this gateway" if snapshot.scope.values("gateway") else "through these gateways"
    newest = f"the account's newest was at {clock(found.newest)} UTC" if found.newest else "nor in the last 24 hours"
    return f"no requests {where} in the last 60 minutes; {newest}; new ones take 3–6 minutes to appear"
