"""What fired in a window: what was seen, and of what nobody saw, what a replay finds; and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aigw_tui.format import UNKNOWN
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.readings import figure
from aigw_tui.insight.trials import PRESENT, Trial
from aigw_tui.model import DAY, HOUR, Episode, Place, Window

HISTORY = DAY * 9
"""Before the window: what paces and spikes need."""
SLACK = timedelta(minutes=30)
"""Late rows move the edges of an episode by so much."""
UNWATCHED = HOUR * 3
"""After which nobody is there to see the end of an episode: of hundreds of accounts each is judged every two hours."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was seen by who watched."""

    episodes: tuple[Episode, ...] = ()
    seen: Mapping[Place, datetime] = field(default_factory=dict)
    """When something was last known of it."""


@dataclass(frozen=True, slots=True)
class Firing:
    """An episode, in words."""

    episode: Episode
    label: str
    """The account's."""
    peak: str
    """`7.2 %`; `–` where it is not known."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A rule of which something cannot be told. Shares are of the window, up to now."""

    rule: str
    account: str
    label: str
    unknown: float
    """In which it has no value."""
    coarse: float
    """Of which only whole hours are stored, though the rule looks at less."""
    why: str


@dataclass(frozen=True, slots=True)
class Firings:
    """What is to be told of a window."""

    rules: int = 0
    """How many watch these accounts."""
    fired: tuple[Firing, ...] = ()
    """The critical first, then the newest."""
    doubts: tuple[Doubt, ...] = ()
    unread: tuple[str, ...] = ()
    """Why rules could not be read, a line each."""


def firings(
    told: Told, tried: Sequence[Trial], labels: Mapping[str, str], window: Window, unread: Sequence[str] = ()
) -> Firings:
    """`tried`: every rule over every account (`labels`) that it is about; `window`: up to now at the most."""
    rules = {one.rule.name: one.rule for one in tried}
    fired = [Firing(one, labels[one.account], peak(one, rules)) for one in fired_in(told, tried, labels, window)]
    fired.sort(key=lambda one: one.episode.severity != "critical")
    return Firings(len(rules), tuple(fired), tuple(_doubts(told, tried, labels, window)), tuple(unread))


def fired_in(told: Told, tried: Sequence[Trial], labels: Mapping[str, str], window: Window) -> list[Episode]:
    """Those that were on in the window, the newest first; one that goes on has no end."""
    rules = {one.rule.name: one.rule for one in tried}
    replayed = [one for own in tried for one in own.episodes]
    found = _by_place(replayed)
    seen = [
        _ended(one, told.seen.get(one.place), found.get(one.place, ()), rules, window.until)
        for one in told.episodes
        if one.account in labels and one.fired < window.until
    ]
    return merged([one for one in seen if one.resolved is None or one.resolved > window.since], replayed)


def merged(told: Sequence[Episode], replayed: Sequence[Episode]) -> list[Episode]:
    """What was seen, and of what was not, what a replay finds; the newest first."""
    seen = _by_place(told)
    unseen = [one for one in replayed if not any(_is_same(one, other) for other in seen.get(one.place, ()))]
    return sorted((*told, *unseen), key=lambda one: (-one.fired.timestamp(), one.place))


def peak(one: Episode, rules: Mapping[str, Rule]) -> str:
    """Its worst value in words; a bare number where the rule is gone."""
    if rule := rules.get(one.rule):
        return figure(rule, one.peak)
    return UNKNOWN if one.peak is None else f"{one.peak:g}"


def _ended(
    one: Episode, seen: datetime | None, replayed: Sequence[Episode], rules: Mapping[str, Rule], until: datetime
) -> Episode:
    """One that nobody watches any more goes on as the replay says; else it was over when it was last seen."""
    last = max(seen or one.fired, one.fired)
    if one.resolved is not None or until - last <= UNWATCHED:
        return one
    left = replace(one, resolved=last)
    for other in replayed:
        if _is_same(left, other):
            end = max(last, other.resolved) if other.resolved else None
            return replace(left, resolved=end, peak=rules[one.rule].worst(one.peak, other.peak))
    return left


def _by_place(found: Iterable[Episode]) -> Mapping[Place, Sequence[Episode]]:
    places: dict[Place, list[Episode]] = {}
    for one in found:
        places.setdefault(one.place, []).append(one)
    return places


def _is_same(one: Episode, other: Episode) -> bool:
    """Of one place: they overlap, or nearly so."""
    begins_before_end = other.resolved is None or one.fired <= other.resolved + SLACK
    return begins_before_end and (one.resolved is None or other.fired <= one.resolved + SLACK)


def _doubts(told: Told, tried: Sequence[Trial], labels: Mapping[str, str], window: Window) -> Iterator[Doubt]:
    for one in tried:
        seen = told.seen.get(Place(one.rule.name, one.account))
        is_seen = one.rule.when == PRESENT and seen is not None and seen >= window.since
        unknown = 0.0 if is_seen or one.rule.on_no_data != "keep" else one.unknown
        if unknown or one.coarse:
            why = one.why if unknown else ""
            yield Doubt(one.rule.name, one.account, labels[one.account], unknown, one.coarse, why)
