"""¹ Neurons today: whether the day's allowance lasts, how much of it is used, and by whom."""

from __future__ import annotations

from dataclasses import replace

from aigw_tui.insight.bypass import Routed, bypass
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.insight.verdict import judge, rounded
from aigw_tui.insight.worst import owner, quota_of
from aigw_tui.model import DAY, Pace, Query, Sheet, Snapshot, Window, day_of
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.neuronlines import Seen, above, drawing, rows
from aigw_tui.tui.neuronpart import part_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target
from aigw_tui.tui.series import Series, filled, frame_of
from aigw_tui.tui.seriessheet import figures_sheet, series_sheet

ZOOMED_FROM = 9
"""Rows from which there is room for the hours and the models."""


class Neurons(Panel):
    """The gauge that matters most."""

    TITLE = "Neurons today"
    KEY = "1"
    NEEDS = ("neurons", "requests", "failures")
    HELP = (
        "Neurons of the UTC day against the daily allowance, for the whole account: neurons know no gateway. "
        "The gauge shows what is used, what is surely expected and what may come; ┃ is the limit. "
        "Neurons arrive about 40 minutes late; what the gateways' tokens say has been burned since stands beside (~). "
        "Zoomed it lists the models; {row.narrow} narrows to one."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot = scene.snapshot
        quota = quota_of(snapshot, "neurons")
        pace = quota.pace if quota else None
        has_room = area.height >= ZOOMED_FROM
        seen = Seen(
            verdict=judge(quota),
            used=quota.used if quota else None,
            is_sampled=is_sampled(snapshot.views, snapshot.scope, _today(snapshot), "neurons"),
            nowcast=rounded(quota.nowcast) if quota and quota.nowcast else None,
            limit=quota.limit if quota else None,
            share=quota.share if quota else None,
            low=rounded(pace.low) if pace else None,
            high=rounded(pace.high) if pace else None,
            part=part_of(snapshot),
            account=owner(snapshot, quota),
            hours=_hours(snapshot, pace) if has_room else None,
            models=_models(snapshot) if has_room else (),
            bypass=_bypass(snapshot) if has_room else None,
            is_read=bool(snapshot.views.known("neurons", _today(snapshot), snapshot.scope.values("account"))),
            is_past=snapshot.is_past,
        )
        return replace(seen, models=seen.models[: rows(seen, area.height - above(seen))])

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(model, (("model", model),)) for model, _ in seen.models)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """The day by the hour where that is shown, else the day's figures."""
        seen = self.look(scene, area)
        if seen.hours:
            return series_sheet(self.TITLE, ("neurons",), seen.hours, "neurons_expected")
        return figures_sheet(self.TITLE, _figures(seen))

    def draw(self, seen: Seen, area: Area) -> Drawing:
        return drawing(seen, area)


def _figures(seen: Seen) -> tuple[tuple[str, float | None], ...]:
    """The account's; in a narrowed scope the scope's own part too."""
    part = seen.part
    own = (("neurons_of_selection" + "_estimated" * part.is_estimate, part.value),) if part else ()
    return (
        *own,
        ("neurons", seen.used),
        ("neurons_estimated", seen.nowcast),
        ("neurons_limit", seen.limit),
        ("used_share" + "_estimated" * bool(seen.nowcast), seen.share),
        ("neurons_by_midnight_low_estimated", seen.low),
        ("neurons_by_midnight_high_estimated", seen.high),
    )


def _today(snapshot: Snapshot) -> Window:
    return Window(day_of(snapshot.now), snapshot.now)


def _hours(snapshot: Snapshot, pace: Pace | None) -> Series:
    """The day by the hour: of the scope's models where neurons know them, else of the account with what is expected."""
    day = day_of(snapshot.now)
    frame = frame_of(snapshot, "neurons", Window(day, day + DAY))
    query = Query("neurons", Window(day, snapshot.now), ("hour",), ("neurons",), _visible(snapshot))
    rows = {row.key[0]: row.values for row in snapshot.views.view(query).rows}
    is_whole = pace is not None and _visible(snapshot) == tuple(p for p in snapshot.scope.where if p[0] == "account")
    expected = {hour: (value,) for hour, value in pace.expected if hour >= snapshot.now} if pace and is_whole else {}
    return filled(frame, {**expected, **rows}, 1)


def _models(snapshot: Snapshot) -> tuple[tuple[str, float], ...]:
    """Who burned most today."""
    query = Query("neurons", _today(snapshot), ("model",), ("neurons",), _visible(snapshot), ("-neurons",), limit=12)
    return tuple((row.key[0], row.values[0]) for row in snapshot.views.view(query).rows if row.values[0])


def _bypass(snapshot: Snapshot) -> Routed | None:
    found = bypass(snapshot.views, snapshot.scope, _today(snapshot), snapshot.now)
    return found.all if found and found.all.inferences else None


def _visible(snapshot: Snapshot) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = where(snapshot.views, snapshot.scope, "neurons")
    return pairs if is_covered(snapshot.scope, "neurons") else tuple(pair for pair in pairs if pair[0] == "account")
