"""Worker's counter: what a Worker of one's own counts beside what Cloudflare does, and why they differ."""

from __future__ import annotations

from aigw_tui.format import clean
from aigw_tui.insight.comparing import compare_in
from aigw_tui.model import Sheet
from aigw_tui.tui.comparelines import Seen, lines
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import foreign, line, width_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene
from aigw_tui.tui.tiles import explained

NOT_SET = (
    "no Worker's counter is configured; set quota_url in config.toml to the address where your Worker says how many "
    "neurons it has counted today, and quota_token_command where it wants a token"
)
ORDER = ("drifts", "cannot tell", "agrees")


class WorkersCounter(Panel):
    """Whether a Worker's own count can be trusted."""

    TITLE = "Worker's counter"
    NEEDS = ("neurons", "requests", "failures", "pulse")
    NOT_KEPT = "a Worker's count is compared for today alone"
    HELP = (
        "Many Workers count neurons themselves and serve that count; set quota_url to see it beside Cloudflare's, over "
        "the same hours of the UTC day. The three counters have three scopes, so they never are quite equal: gateways "
        "count what passes them, a Worker its own replies at its own price, Workers AI all that burned neurons. "
        "Signed figures are neurons, and together they are the gap. The curve is the ratio over the day between the "
        "ends of what still agrees (quota_tolerance). The newest hours are left out, because neurons come 40 minutes "
        "late. ~ is estimated from the gateways' traffic, where nobody asked the Worker at that time."
    )

    def look(self, scene: Scene, area: Area) -> Seen:  # noqa: ARG002
        snapshot = scene.snapshot
        found = sorted(compare_in(snapshot), key=lambda one: ORDER.index(one.verdict))
        if not found:
            is_whose = len(snapshot.labels) > 1 and not snapshot.scope.values("account")
            more = '; of several accounts, below [account."…"]' if is_whose else ""
            return Seen(empty=NOT_SET + more)
        one = found[0]
        account = dict(snapshot.labels).get(one.account, one.account) if len(found) > 1 else ""
        return Seen(
            one.verdict, one.why, one.remedy, one.point, one.curve, one.reasons, one.tolerance, account
        )  # fmt: skip

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """Both counts from 00:00 up to `until`: the curve, and behind it the newest hour where that is estimated."""
        seen = self.look(scene, area)
        points = (*seen.curve, seen.point) if seen.point and seen.point not in seen.curve else seen.curve
        rows = (
            (one.at, *((None, one.worker) if one.is_estimate else (one.worker, None)), one.measured, one.ratio)
            for one in points
        )
        return Sheet(
            self.TITLE, ("until", "worker_neurons", "worker_neurons_estimated", "neurons", "ratio"), tuple(rows)
        )

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            texts = (seen.empty, "no Worker's counter is configured; set quota_url", "not configured")
            return Drawing(explained(area.width, area.height, *texts))
        foot = line(foreign(clean(seen.account, 40), "muted")) if seen.account else ()
        is_cut = width_of(foot) + 4 <= area.width
        return Drawing(tuple(lines(seen, area.width, area.height)), foot=foot if is_cut else ())
