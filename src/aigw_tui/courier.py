"""Tells people who are not at the screen: alerts as they fire and end, and the daily report, once each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from aigw_tui.format import clean, iso
from aigw_tui.model import DAY, Episode, Fault, Message, Silences, Snapshot, Window, day_of
from aigw_tui.outlets.notify import Outcome, deliver, post

if TYPE_CHECKING:
    from aigw_tui.config import Config
    from aigw_tui.feed import Feed
    from aigw_tui.insight.alerting import Rule
    from aigw_tui.outlets.notify import Target

log = logging.getLogger(__name__)

REPEATED_AFTER = timedelta(hours=4)
TOLD_FOR = DAY
"""An episode that ended longer ago than this is no news any more."""
DELIVERED_EVERY_S = 15.0
MOST_LINES = 20
SUBJECT = "delivery"
NOTHING: Mapping[str, str] = MappingProxyType({})
NOT_SILENCED = Silences()


class Courier:
    """A duty of whoever runs the feed. Ids of messages follow from what they tell, and the outbox knows those it had:
    so neither a restart nor a second process tells anything twice."""

    def __init__(self, feed: Feed, rules: Sequence[Rule], targets: Sequence[Target], config: Config) -> None:
        self._feed, self._clock, self._targets, self._config = feed, feed.clock, tuple(targets), config
        # A name that is no target was told of at the start; nothing waits for it.
        names = {one.name for one in self._targets}
        self._to = {rule.name: tuple(name for name in rule.to if name in names) for rule in rules}
        self._each = {rule.name: rule.each for rule in rules}
        self._report_to = tuple(name for name in config.report_to if name in names)
        self._posted: set[str] = set()
        self._deliver_at_s = 0.0

    async def __call__(self, snapshot: Snapshot) -> None:
        """Post what is new, and deliver what is due. Raises LocalError."""
        if not self._targets:
            return
        silences, labels = self._feed.alarms.silences, dict(snapshot.labels)
        for rule, message in messages(snapshot.episodes, labels, snapshot.now, self._each, silences):
            self._post(message, self._to.get(rule, ()), snapshot.now)
        await self._report(snapshot)
        if self._clock.monotonic() >= self._deliver_at_s:
            self._deliver_at_s = self._clock.monotonic() + DELIVERED_EVERY_S
            self._show(await deliver(self._feed.outbox, self._targets, self._clock), snapshot.now)

    def _post(self, message: Message, to: Sequence[str], now: datetime) -> None:
        if to and message.id not in self._posted:
            post(self._feed.outbox, to, message, now)
            self._posted.add(message.id)
            self._deliver_at_s = 0.0

    async def _report(self, snapshot: Snapshot) -> None:
        """Yesterday's, from the configured time of day on."""
        at, to = self._config.report_at, self._report_to
        day = day_of(snapshot.now) - DAY
        if at is None or not to or snapshot.now.time() < at or report_id(day) in self._posted:
            return
        self._post(await report_message(self._feed, self._config, snapshot, day), to, snapshot.now)

    def _show(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """A message that did not arrive is a fault until one does."""
        failed = next((one for one in outcomes if one.state != "delivered"), None)
        if failed is not None:
            what = "message given up" if failed.state == "given up" else "message not delivered"
            why = f"{clean(failed.target)}: {clean(failed.why)}"
            remedy = clean(failed.remedy) or f"check [target.{clean(failed.target)}] in config.toml"
            self._feed.note(Fault("DeliveryError", what, why, remedy, now, dataset=SUBJECT))
        elif outcomes:
            self._feed.is_well(SUBJECT)


def messages(
    episodes: Sequence[Episode],
    labels: Mapping[str, str],
    now: datetime,
    each: Mapping[str, str] = NOTHING,
    silences: Silences = NOT_SILENCED,
) -> Iterator[tuple[str, Message]]:
    """(rule, message) of every episode that is news: firing, still firing after four hours and again, and its end.

    What fired, or ended, at the same moment by the same rule is one message. `each`: rule → what it is judged for each
    of. What is silenced is left out; the message it would be in stays the same one.
    """
    running = [one for one in episodes if one.resolved is None]
    ended = [one for one in episodes if one.resolved is not None and now - one.resolved <= TOLD_FOR]
    found: list[tuple[Episode, str, datetime, tuple[Episode, ...]]] = []
    for one, group in _together(running, lambda one: one.fired):
        found.append((one, "firing", one.fired, group))
        if again := (now - one.fired) // REPEATED_AFTER:
            found.append((one, "repeat", one.fired + REPEATED_AFTER * again, group))
    for one, group in _together(ended, lambda one: one.resolved or one.fired):
        found.append((one, "resolved", one.resolved or one.fired, group))
    for one, kind, at, group in found:
        if heard := [each_ for each_ in group if not silences.of(each_.rule, each_.name)]:
            yield one.rule, _message(one, kind, at, heard, labels, each.get(one.rule, ""))


def _together(
    episodes: Sequence[Episode], moment: Callable[[Episode], datetime]
) -> Iterator[tuple[Episode, tuple[Episode, ...]]]:
    ranked = sorted(episodes, key=lambda one: (moment(one), one.place))
    for _, group in groupby(ranked, key=lambda one: (moment(one), one.rule)):
        found = tuple(group)
        yield found[0], found


def _message(
    first: Episode, kind: str, at: datetime, group: Sequence[Episode], labels: Mapping[str, str], each: str
) -> Message:
    """`first`: of all that belong together, also those that are silenced; so its id stays the same."""
    shown = group[:MOST_LINES]
    title = group[0].title if len(group) == 1 else first.rule
    verb = {"firing": "fires", "repeat": "still fires", "resolved": "is over"}[kind]
    lines = [f"{_owner(one, labels)}{f', {one.name}' if one.name else ''}: {one.words}" for one in shown]
    more = [f"and {len(group) - MOST_LINES} more"] if len(group) > MOST_LINES else []
    return Message(
        id=f"{first.rule}.{first.fired:%Y%m%dT%H%M%S}.{kind}.{at:%Y%m%dT%H%M%S}",
        severity="info" if kind == "resolved" else "critical" if first.severity == "critical" else "warning",
        title=f"{clean(title)} {verb}: {clean(_whose(group, labels, each))}",
        at=at,
        kind=kind,  # type: ignore[arg-type]
        lines=tuple(map(clean, (*lines, *more))),
        facts=(("since", iso(group[0].began)), *((("until", iso(at)),) if kind == "resolved" else ())),
    )


def _whose(group: Sequence[Episode], labels: Mapping[str, str], each: str) -> str:
    """`acme`, `12 accounts`, `500 models, acme`."""
    accounts = {one.account for one in group}
    whose = _owner(group[0], labels) if len(accounts) == 1 else f"{len(accounts)} accounts"
    names = len({one.name for one in group if one.name})
    return f"{names} {each or 'name'}s, {whose}" if names > 1 else whose


def _owner(one: Episode, labels: Mapping[str, str]) -> str:
    return labels.get(one.account) or one.account[:8]


def report_id(day: datetime) -> str:
    return f"report.{day:%Y-%m-%d}"


async def report_message(feed: Feed, config: Config, snapshot: Snapshot, day: datetime) -> Message:
    """The report of that UTC day, for mail as a page. Raises LocalError."""
    from aigw_tui.outlets.report import written
    from aigw_tui.reporting import report_of

    found = await report_of(feed, config, snapshot, "day", Window(day, day + DAY))
    title, *lines = written(found, "markdown").splitlines()
    page, name = written(found, "html"), title.removeprefix("# ")
    return Message(report_id(day), "info", name, snapshot.now, "report", tuple(lines), html=page)


def courier_of(feed: Feed, config: Config) -> Courier:
    """Made of what is configured; the feed tells of what cannot be."""
    from aigw_tui.config.alerts import load_rules
    from aigw_tui.config.targets import load_targets

    return Courier(feed, load_rules(config).rules, load_targets(config).targets, config)
