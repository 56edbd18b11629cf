"""Tells people who are not at the screen: alerts as they fire and end, and the daily report, once each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from aigw_tui.format import clean, iso
from aigw_tui.model import DAY, Episode, Fault, Message, Snapshot, Window, day_of
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


class Courier:
    """A duty of whoever runs the feed. Ids of messages follow from what they tell, and the outbox knows those it had:
    so neither a restart nor a second process tells anything twice."""

    def __init__(self, feed: Feed, rules: Sequence[Rule], targets: Sequence[Target], config: Config) -> None:
        self._feed, self._clock, self._targets, self._config = feed, feed.clock, tuple(targets), config
        # A name that is no target was told of at the start; nothing waits for it.
        names = {one.name for one in self._targets}
        self._to = {rule.name: tuple(name for name in rule.to if name in names) for rule in rules}
        self._report_to = tuple(name for name in config.report_to if name in names)
        self._posted: set[str] = set()
        self._deliver_at_s = 0.0

    async def __call__(self, snapshot: Snapshot) -> None:
        """Post what is new, and deliver what is due. Raises LocalError."""
        if not self._targets:
            return
        silenced = {one.rule for one in snapshot.alerts if one.silenced_until}
        for rule, message in messages(snapshot.episodes, dict(snapshot.labels), snapshot.now):
            if rule not in silenced:
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


def messages(episodes: Sequence[Episode], labels: Mapping[str, str], now: datetime) -> Iterator[tuple[str, Message]]:
    """(rule, message) of every episode that is news: firing, still firing after four hours and again, and its end.

    What fired, or ended, at the same moment by the same rule is one message.
    """
    running = [one for one in episodes if one.resolved is None]
    ended = [one for one in episodes if one.resolved is not None and now - one.resolved <= TOLD_FOR]
    for one, group in _together(running, lambda one: one.fired):
        yield one.rule, _message(one.rule, "firing", one.fired, group, labels)
        if again := (now - one.fired) // REPEATED_AFTER:
            at = one.fired + REPEATED_AFTER * again
            yield one.rule, _message(one.rule, "repeat", at, group, labels)
    for one, group in _together(ended, lambda one: one.resolved or one.fired):
        yield one.rule, _message(one.rule, "resolved", one.resolved or one.fired, group, labels)


def _together(
    episodes: Sequence[Episode], moment: Callable[[Episode], datetime]
) -> Iterator[tuple[Episode, tuple[Episode, ...]]]:
    ranked = sorted(episodes, key=lambda one: (moment(one), one.rule, one.account))
    for _, group in groupby(ranked, key=lambda one: (moment(one), one.rule)):
        found = tuple(group)
        yield found[0], found


def _message(rule: str, kind: str, at: datetime, group: Sequence[Episode], labels: Mapping[str, str]) -> Message:
    first = group[0]
    names = [labels.get(one.account) or one.account[:8] for one in group]
    whose = names[0] if len(names) == 1 else f"{len(names)} accounts"
    verb = {"firing": "fires", "repeat": "still fires", "resolved": "is over"}[kind]
    lines = [f"{name}: {one.words}" for name, one in zip(names, group, strict=True)][:MOST_LINES]
    more = [f"and {len(group) - MOST_LINES} more"] if len(group) > MOST_LINES else []
    return Message(
        id=f"{rule}.{first.fired:%Y%m%dT%H%M%S}.{kind}.{at:%Y%m%dT%H%M%S}",
        severity="info" if kind == "resolved" else "critical" if first.severity == "critical" else "warning",
        title=f"{clean(rule)} {verb}: {clean(whose)}",
        at=at,
        kind=kind,  # type: ignore[arg-type]
        lines=tuple(map(clean, (*lines, *more))),
        facts=(("since", iso(first.began)), *((("until", iso(at)),) if kind == "resolved" else ())),
    )


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
