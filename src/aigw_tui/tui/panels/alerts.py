"""Alerts: what fires, what may fire soon, when something fired, and what is watched."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from aigw_tui.format import age, clean, clock, model_name
from aigw_tui.insight.parts import text_of
from aigw_tui.insight.undelivered import Sentence, sentences
from aigw_tui.model import HOUR, Alert, Episode, Period, Phase, Place, Sheet, Window, hour_of, period_of, titled
from aigw_tui.tui.alertlines import drawn, head
from aigw_tui.tui.alertsheet import Kind, alert_sheet, kind_of, listed
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import line, width_of
from aigw_tui.tui.owners import names_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target
from aigw_tui.tui.tiles import explained
from aigw_tui.tui.undeliveredlines import room_for, undelivered_lines

NOT_YET = "no rule was judged yet; that comes with the first answer, if config.toml leaves one to judge"
NONE_THEN = "no alert is noted for that time; rules are judged only while this program runs"


@dataclass(frozen=True, slots=True)
class Row:
    """One alert or episode, in words."""

    id: Hashable
    kind: Kind
    place: Place
    title: str
    """The rule, and the name that it is judged for."""
    is_critical: bool
    figure: str
    """Its value, or how long it lasted."""
    when: str
    """Since when, or when it fired."""
    words: str
    owner: str = ""
    """Empty while one account is watched."""
    narrow: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible rows, and what was counted."""

    rows: tuple[Row, ...] = ()
    count: int = 0
    top: int = 0
    firing: int = 0
    critical: int = 0
    pending: int = 0
    watched: int | None = 0
    """None: not known, in a replay."""
    has_more: bool = False
    undelivered: tuple[Sentence, ...] = ()
    """Those that are said; there may be `unsaid` more."""
    unsaid: int = 0


class Alerts(Panel):
    """Rules and episodes of every watched account, whatever the scope is narrowed to."""

    TITLE = "Alerts"
    KEY = "8"
    NEEDS = ("pulse", "requests", "neurons")
    HELP = (
        "What fires now, the worst first; what may fire soon (pending: its condition holds, but not for long enough "
        "yet); when something fired in the last 30 days and for how long; and every other rule that is watched. The "
        "scope changes nothing here. Rules are judged from stored hours and minutes once they are counted, so an "
        "alert comes some minutes after its cause. {row.narrow} narrows to what fired, and to its hours; "
        "{row.silence} silences the rule for 2 hours, or ends its silence. A rule that is judged for each model (or "
        "gateway, provider) has a line for each that is not at rest, and one for the others. Rules of your own are "
        "[[alert]] in config.toml. At the foot: messages that wait for a target because it could not be reached (◌), "
        "and those that never reached it in the last 24 hours (▲)."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "s",
            "silence",
            "silence for 2 h",
            id="row.silence",
            tooltip="In Alerts: silence this rule for 2 h, or end that",
        )
    ]

    class Silence(Message):
        """The person wants to hear nothing of a rule, or of one of its names, for a while, or to hear of it again."""

        def __init__(self, rule: str, name: str) -> None:
            super().__init__()
            self.rule, self.name = rule, name

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot = scene.snapshot
        owners = {id_: name.text for id_, name in names_of(snapshot.accounts).items()} if _is_many(scene) else {}
        now = snapshot.now
        each = {one.rule: one.each for one in snapshot.alerts}
        rows = [
            _episode(one, owners, each.get(one.rule, ""), now) if isinstance(one, Episode) else _alert(one, owners, now)
            for one in listed(snapshot)
        ]
        said = sentences(snapshot.undelivered, now)
        notes = room_for(len(said), area.height)
        room = max(area.height - 1 - _space(notes, area) - notes, 0)
        top = max(0, min(area.top, len(rows) - room))
        firing = [one for one in snapshot.alerts if one.phase.is_on]
        return Seen(
            tuple(rows[top : top + room]),
            len(rows),
            top,
            len(firing),
            sum(one.severity == "critical" for one in firing),
            sum(one.phase is Phase.PENDING for one in snapshot.alerts),
            None if snapshot.is_past else sum(not one.name for one in snapshot.alerts),
            len(rows) > room,
            said[:notes],
            len(said) - notes,
        )

    def sheet(self, scene: Scene, area: Area) -> Sheet:  # noqa: ARG002
        return alert_sheet(self.TITLE, listed(scene.snapshot))

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(row.id, row.narrow, row.period) for row in seen.rows)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        notes = undelivered_lines(seen.undelivered, seen.unsaid, area.width)
        above = area.height - len(notes)
        if not seen.watched and not seen.count:
            why = NONE_THEN if seen.watched is None else NOT_YET
            lines = [*explained(area.width, above, why, why.partition(";")[0])]
        else:
            lines = [head(seen.firing, seen.critical, seen.pending, seen.watched, area.width)]
            lines += [(), *drawn(seen.rows, area)] if _space(len(notes), area) else drawn(seen.rows, area)
        lines = [*lines[:above], *[()] * (above - len(lines)), *notes] if notes else lines[: area.height]
        foot = line(f"{seen.top + 1}–{seen.top + len(seen.rows)} of {seen.count}")
        is_shown = seen.has_more and width_of(foot) + 4 <= area.width
        tint = "bad" if seen.critical else "warn" if seen.firing or notes else ""
        return Drawing(tuple(lines), aside=line("UTC"), foot=foot if is_shown else (), tint=tint)

    def action_silence(self) -> None:
        for row in self._seen.rows if self._seen is not None else ():
            if row.id == self._cursor:
                self.post_message(self.Silence(row.place.rule, row.place.name))


def _space(notes: int, area: Area) -> int:
    """Empty lines below the first: none where what stands at the foot needs it."""
    return 0 if notes and area.height < 5 else 1


def _is_many(scene: Scene) -> bool:
    return len(scene.snapshot.accounts) > 1


def _alert(one: Alert, owners: dict[str, str], now: datetime) -> Row:
    words = one.words
    if one.why:
        words = f"cannot tell, {one.why}: {words}"
    if one.phase is Phase.RECOVERING:
        words = f"recovering: {words}"
    if one.silenced_until:
        words = f"silent until {clock(one.silenced_until)}: {words}"
    return Row(
        one.place,
        kind_of(one),
        one.place,
        _title(one),
        one.severity == "critical",
        one.figure or ("silent" if one.silenced_until else ""),
        _when(one.since, now) if one.since else "",
        words,
        owners.get(one.account, ""),
        one.narrow,
        _hours(one.since, now) if one.since else None,
    )


def _episode(one: Episode, owners: dict[str, str], each: str, now: datetime) -> Row:
    over = one.resolved or now
    whose: tuple[tuple[str, tuple[str, ...]], ...] = (("account", (one.account,)),)
    return Row(
        (one.place, one.fired),
        "over",
        one.place,
        _title(one),
        one.severity == "critical",
        age(over - one.fired),
        _when(one.fired, now),
        one.words,
        owners.get(one.account, clean(one.account[:8]) if owners else ""),
        (*whose, (each, (text_of(one.name),))) if one.name and each else whose,
        _hours(one.began, over),
    )


def _title(one: Alert | Episode) -> str:
    """With as much of a model's name as tells it from others."""
    return titled(one.rule, model_name(one.name) if one.name.startswith("@") else one.name)


def _hours(since: datetime, until: datetime) -> Period:
    """With an hour before and after, so that what was usual stands beside it."""
    return period_of(Window(hour_of(since) - HOUR, hour_of(until) + 2 * HOUR))


def _when(moment: datetime | None, now: datetime) -> str:
    if moment is None or moment.date() == now.date():
        return clock(moment)
    return f"{moment.day} {moment:%b %H:%M}"
