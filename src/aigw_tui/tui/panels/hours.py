"""⁷ Hours: one line an hour, newest first; Space unfolds its models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aigw_tui.insight.coverage import trust_of
from aigw_tui.insight.families import ROLES, Model, account_tints, tint
from aigw_tui.insight.joined import Usage, total, usage
from aigw_tui.insight.sampling import hourly_intervals
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.model import Interval, Query, Scope, Sheet, Snapshot, Trust, Window, day_of, period_of
from aigw_tui.tui.folding import Folds
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.hourlines import Entry, Seen, drawing
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target
from aigw_tui.tui.tiles import hint
from aigw_tui.tui.timetable import LENGTHS, Timetable, timetable
from aigw_tui.tui.usagesheet import usage_sheet
from aigw_tui.tui.words import nothing, paragraph, wider

ANY = (("requests", "requests"), ("neurons", "neurons"))
HOURS_IN_SIGHT = 8
"""Hours that must stay visible when one is unfolded by itself, so that an outage shows without scrolling."""


class HoursPanel(Panel):
    TITLE = "Hours"
    KEY = "7"
    NEEDS = ("requests", "neurons")
    HELP = (
        "One line an hour (UTC), the newest first; a line a day where the window is longer than 14 days. The thin "
        "bar is its requests by model, failed ones red at the end. {row.fold} unfolds the models of an hour. "
        "`filling` means that figures will still grow; `neurons` that only the neurons will: they come 40 minutes "
        "late. – is unknown. {row.narrow} narrows to the hour, or to the model."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot = scene.snapshot
        table = timetable(snapshot)
        if table is None or not has_any(snapshot, table):
            return Seen(note=nothing(snapshot, table is not None))
        folds = folds_of(snapshot, table, area)
        room = max(area.height - (area.form == "box"), 0)
        top = max(0, min(area.top, folds.rows - room))
        return Seen(
            entries(snapshot, table, folds, top, room),
            folds.rows,
            table.step,
            can_unfold(snapshot.scope),
            table.step == "hour" and day_of(table.newest) != day_of(table.start(table.groups - 1)),
            snapshot.scope.current_period.name,
            wider(snapshot.scope),
            against=scene.against,
        )

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """An hour's row has no model; the models of an hour that stands open are below it."""
        snapshot = scene.snapshot
        table = timetable(snapshot)
        folds = folds_of(snapshot, table, area) if table else Folds(0)
        found = entries(snapshot, table, folds, 0, folds.rows) if table else ()
        rows = (((one.since, one.use.provider or None, one.use.model or None), one.use) for one in found)
        return usage_sheet(self.TITLE, ("since", "provider", "model"), rows)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if seen.note:
            return Drawing(paragraph(hint(seen.note, area), area.width, area.height))
        return drawing(seen, area)

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        length = LENGTHS[seen.step]
        return tuple(
            Target(entry.id, (("provider", entry.use.provider), ("model", entry.use.model)))
            if entry.tint
            else Target(entry.id, period=period_of(Window(entry.since, entry.since + length)))
            for entry in seen.entries
        )


FRESH = timedelta(minutes=10)
"""Gateway rows come up to six minutes late; once three hours read 0 while there were logs 14 minutes old."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One hour (or day) with its models, the busiest first."""

    since: datetime
    models: tuple[Usage, ...]
    trust: Trust | None
    """Of what went through the gateways; None: never read."""
    neurons_trust: Trust
    interval: Interval | None = None
    """Of an hour's requests."""
    is_fresh: bool = False
    """So young that no rows mean nothing yet, rather than 0."""


def has_any(snapshot: Snapshot, table: Timetable) -> bool:
    """Whether there is a request or a neuron in any of its hours."""
    window = table.window(0, table.groups - 1)
    asked = [Query(name, window, (), (measure,), where(snapshot.views, snapshot.scope, name)) for name, measure in ANY]
    return any(snapshot.views.view(query).total.values[0] for query in asked)


def can_unfold(scope: Scope) -> bool:
    """An hour of one model has nothing below it."""
    return len(scope.values("model")) != 1


def folds_of(snapshot: Snapshot, table: Timetable, area: Area) -> Folds:
    return Folds(table.groups, unfolded(snapshot, table, area) if can_unfold(snapshot.scope) else {})


def unfolded(snapshot: Snapshot, table: Timetable, area: Area) -> dict[int, int]:
    """Group → its number of models, of all hours that stand open: by hand, or because the newest full hour does."""

    def models(group: int) -> int:
        return len(usage(snapshot.views, snapshot.scope, table.window(group, group), table.step))

    by_hand = {table.group(since) for since in area.unfolded if isinstance(since, datetime)}
    newest = table.newest_full(snapshot.now)
    has_room = area.height > HOURS_IN_SIGHT and 0 <= newest < table.groups
    by_itself = {newest} if has_room and models(newest) + HOURS_IN_SIGHT <= area.height else set()
    return {group: models(group) for group in by_hand ^ by_itself if 0 <= group < table.groups}


def entries(snapshot: Snapshot, table: Timetable, folds: Folds, top: int, room: int) -> tuple[Entry, ...]:
    """The lines `top` … `top + room`; asks only for the hours in them."""
    places = tuple(folds.visible(top, room))
    if not places:
        return ()
    found = stretches(snapshot, table, places[0][0], places[-1][0])
    tints = account_tints(snapshot.views, snapshot.scope, snapshot.now)
    return tuple(
        _of_hour(found[group], tints, group in folds.unfolded)
        if below < 0
        else _of_model(found[group], found[group].models[below], tints)
        for group, below in places
    )


def stretches(snapshot: Snapshot, table: Timetable, first: int, last: int) -> dict[int, Stretch]:
    """Group → its stretch, from group `first` (newest) to `last`."""
    views, scope, shown = snapshot.views, snapshot.scope, table.window(first, last)
    account = scope.values("account")
    marks = views.known("requests", shown, account)
    neurons = views.known("neurons", shown, account) if is_covered(scope, "neurons") else None
    intervals = hourly_intervals(views, scope, shown) if table.step == "hour" else {}
    models: dict[datetime | None, list[Usage]] = {}
    for use in usage(views, scope, shown, table.step):
        models.setdefault(use.since, []).append(use)
    found = {}
    for group in range(first, last + 1):
        since = table.start(group)
        hours = [hour for hour in Window(since, since + table.length).hours if hour <= snapshot.now]
        trust = trust_of(hours, marks)
        late = [Trust.SETTLED if neurons is None else neurons.get(hour, Trust.FILLING) for hour in hours]
        found[group] = Stretch(
            since,
            tuple(models.get(since, ())),
            trust,
            max(late, default=Trust.SETTLED),
            intervals.get(since),
            since + table.length + FRESH > snapshot.now and trust is not Trust.SETTLED,
        )
    return found


def _of_hour(stretch: Stretch, tints: Mapping[Model, str], is_unfolded: bool) -> Entry:
    together = total(stretch.models, stretch.since, stretch.interval)
    if stretch.trust is not None and not stretch.models:
        nothing_burned = 0.0 if stretch.neurons_trust is Trust.SETTLED else None
        together = Usage("", "", stretch.since, 0, 0, 0, 0, 0, owed_usd=0.0, neurons=nothing_burned)
    answered: dict[str, int] = {}
    for use in stretch.models:
        role = tint(tints, use.provider, use.model)
        answered[role] = answered.get(role, 0) + max((use.requests or 0) - (use.errors or 0), 0)
    is_unknown = stretch.trust is None or (stretch.is_fresh and not stretch.models)
    return Entry(
        stretch.since,
        unread(together) if is_unknown else together,
        parts=(*((answered[role], role) for role in ROLES if role in answered), (together.errors or 0, "bad")),
        is_unfolded=is_unfolded,
        trust=stretch.trust or Trust.SETTLED,
        neurons_trust=stretch.neurons_trust if any(use.burns for use in stretch.models) else Trust.SETTLED,
    )


def _of_model(stretch: Stretch, use: Usage, tints: Mapping[Model, str]) -> Entry:
    role = tint(tints, use.provider, use.model)
    return Entry(
        stretch.since, use if stretch.trust is not None else unread(use), role, trust=stretch.trust or Trust.SETTLED
    )


def unread(use: Usage) -> Usage:
    """Usage of an hour whose requests were never read: the neurons may be known, nothing else is."""
    return replace(use, requests=None, errors=None, cache_hits=None, tokens_in=None, tokens_out=None, owed_usd=None)
