"""Latency: how long requests take, over time and by model; quantiles of parts are never made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from itertools import chain
from typing import Any

from aigw_tui.format import model_name
from aigw_tui.insight.coverage import trust_of
from aigw_tui.insight.families import short_names
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import DAY, Live, Query, Sheet, Snapshot, Trust, Window, day_of
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.latencylines import NO_TIME, RANGE_FROM, SORTINGS, Entry, Seen, Times, drawing, share
from aigw_tui.tui.livewords import NOT_YET, refusal, shorter
from aigw_tui.tui.logchart import Across, scale
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import ordered
from aigw_tui.tui.tiles import reason
from aigw_tui.tui.timetable import HOURLY_UP_TO
from aigw_tui.tui.words import NO_PART, nothing

SEVERAL = "quantiles of several accounts do not add up; narrow to one"
STORED = "from history; p99 comes with the next answer"
STORED_ALONE = "from history; p99 is not kept"


COLUMNS = ("requests", "latency_p50_ms", "latency_p90_ms", "latency_p99_ms")


class Latency(Panel):
    """How long requests take."""

    TITLE = "Latency"
    NEEDS = ("latency", "requests")
    SORTINGS = SORTINGS
    HELP = (
        "How long requests took: half of them at most p50, nine in ten at most p90, 99 in 100 at most p99, over the "
        "whole scope and window, by hour (by day beyond 14 days) on a log scale, and by model with the slowest "
        "first. Paler parts of a line still fill. Quantiles do not add up: each figure is Cloudflare's own answer to "
        "its own question, and of several accounts there is none. Answers from the cache count too. {row.narrow} "
        "narrows to the model."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        return look_at(scene.snapshot, area)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """The rows of the table; where it has none, what is known of the whole scope."""
        seen = look_at(scene.snapshot, everything(area))
        names = ("account",) if seen.by == "account" else ("provider", "model")
        found = [(dict(entry.narrow), entry.times) for entry in seen.entries] or [({}, seen.all)]
        rows = ((*(of.get(name) for name in names), *astuple(times)) for of, times in found)
        return Sheet(self.TITLE, (*names, *COLUMNS), tuple(rows) if not seen.empty else ())

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.empty:
            return Drawing(reason(seen.empty, area))
        return drawing(seen, area)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(entry.narrow, entry.narrow) for entry in seen.entries)


def look_at(snapshot: Snapshot, area: Area) -> Seen:
    """The scope's times; of the table the rows that this area has room for."""
    if not is_covered(snapshot.scope, "latency"):
        return Seen(empty="how long requests took is not known by status; {scope.back} goes back")
    whole = snapshot.answers("latency")
    accounts = snapshot.scope.values("account") or tuple(account for account, _ in snapshot.labels)
    if len({*accounts, *(one.account for one in whole)}) > 1:
        return _several(snapshot, whole, area)
    if not whole or refusal(whole):
        return _stored(snapshot, refusal(whole) or _not_yet(snapshot))
    together = _times(whole[0])
    if not together.get((), Times()).requests:
        return Seen(empty=nothing(snapshot, is_known=True))
    by_model = snapshot.answers("latency", "provider", "model")
    names = _names(by_model, area)
    rows = [
        Entry(names[model], provider, times, (("provider", provider), ("model", model)))
        for one in by_model
        for (provider, model), times in _times(one).items()
    ]
    note = "" if rows else refusal(by_model) or "models: not answered yet"
    return _seen(snapshot, whole, together[()], "model", rows, note, area)


def _names(answers: Sequence[Live], area: Area) -> dict[str, str]:
    """What each model is called: in full where there is room."""
    models = {row[1] for one in answers for row in one.rows}
    return {model: model_name(model) for model in models} if area.width >= RANGE_FROM else short_names(models)


def _several(snapshot: Snapshot, answers: Sequence[Live], area: Area) -> Seen:
    """An account a row, and no figure in common."""
    if not answers or refusal(answers):
        return Seen(empty=refusal(answers) or _not_yet(snapshot))
    labels = dict(snapshot.labels)
    rows = [
        Entry(labels.get(one.account, one.account), "", _times(one).get((), Times()), (("account", one.account),))
        for one in answers
    ]
    return _seen(snapshot, answers, Times(), "account", rows, SEVERAL, area)


def _seen(
    snapshot: Snapshot, answers: Sequence[Live], together: Times, by: str, rows: list[Entry], note: str, area: Area
) -> Seen:
    across, over_time = _over_time(snapshot) if by == "model" else (NO_TIME, ())
    rows.sort(key=lambda entry: (-(entry.times.p90 or -1.0), -(entry.times.requests or 0), entry.name))
    _, visible = share(area, len(rows), bool(over_time), bool(note and rows))
    top = max(0, min(area.top, len(rows) - visible))
    times = chain.from_iterable((entry.times.p50, entry.times.p90, entry.times.p99) for entry in rows)
    return Seen(
        together,
        by,
        ordered(rows, area.sort, SORTINGS)[top : top + visible],
        len(rows),
        top,
        scale(list(times)),
        across,
        over_time,
        shorter(answers, snapshot.window) or snapshot.scope.current_period.name,
        note,
    )


def _over_time(snapshot: Snapshot) -> tuple[Across, tuple[Times, ...]]:
    """Every hour or day of what was answered; one without requests has no times."""
    is_long = snapshot.window.length > HOURLY_UP_TO
    found = next((one for one in snapshot.answers("latency", "day" if is_long else "hour") if not one.why), None)
    if found is None or not found.rows:
        return NO_TIME, ()
    window, account = found.window, snapshot.scope.values("account")
    known = snapshot.views.known("requests", window, account)
    times = _times(found)
    starts: tuple[datetime, ...] = window.hours
    filling = tuple(known.get(start) is not Trust.SETTLED for start in starts)
    if is_long:
        first = day_of(window.since)
        starts = tuple(first + DAY * n for n in range(-((first - window.until) // DAY)))
        filling = tuple(trust_of(Window(day, day + DAY).hours, known) is Trust.FILLING for day in starts)
    across = Across(starts, "day" if is_long else "hour", filling)
    return across, tuple(times.get((start,), Times()) for start in starts)


def _stored(snapshot: Snapshot, why: str) -> Seen:
    """What history says of one gateway's model in one hour: that one stored row is the whole scope."""
    names = ("requests", "duration_p50", "duration_p90")
    pairs = where(snapshot.views, snapshot.scope, "requests")
    is_one = all(len(snapshot.scope.values(key)) == 1 for key in ("gateway", "provider", "model"))
    if not is_one or len(snapshot.window.hours) != 1:
        return Seen(empty=why)
    requests, p50, p90 = snapshot.views.view(Query("requests", snapshot.window, (), names, pairs)).total.values
    if p50 is None and p90 is None:
        return Seen(empty=why)
    note = STORED_ALONE if snapshot.is_past else STORED
    return Seen(Times(requests, p50, p90), period=snapshot.scope.current_period.name, note=note)


def _not_yet(snapshot: Snapshot) -> str:
    return (
        f"how long requests took is kept by hour, gateway and model alone: {NO_PART}" if snapshot.is_past else NOT_YET
    )


def _times(answer: Live) -> dict[tuple[Any, ...], Times]:
    """What a row is of → its times."""
    keys = len(answer.by)
    return {row[:keys]: Times(*row[keys:]) for row in answer.rows}
