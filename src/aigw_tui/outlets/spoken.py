"""Figures as a voice reads them well: no marks, no ranges with dashes, a subject a line."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from aigw_tui.format import UNKNOWN, clean, clock, dollars, model_name, percent, whole
from aigw_tui.insight.joined import Usage
from aigw_tui.insight.summary import Money, Summary
from aigw_tui.insight.verdict import in_words, judge, rounded
from aigw_tui.model import Alert, Fault, Freshness, Snapshot, State
from aigw_tui.outlets.quotatable import projection

LONGEST_NAME = 48
MOST_NAMES = 3
"""Of one rule that are named."""
RANGE = re.compile(r"(?<=\w)–(?=[$\d])")


@dataclass(frozen=True, slots=True)
class Said:
    """One subject and what is said of it."""

    subject: tuple[str, ...]
    text: str
    role: str = ""
    """`good`, `warn` or `bad` where that is news."""
    key: Hashable = None
    """It is said again when that differs; None: when the text does."""
    over: str = ""
    """What is said when the subject is gone; empty: nothing."""
    can_wait: bool = False
    """A figure that moves all the time: it need not be said the moment it does."""

    @property
    def is_about(self) -> Hashable:
        return self.text if self.key is None else self.key


def all_said(snapshot: Snapshot, freshness: Freshness, summary: Summary) -> Iterator[Said]:
    """Everything there is to say now, in the order in which it matters."""
    yield _where(snapshot, summary)
    yield state(freshness)
    yield _neurons(summary)
    yield Said(("requests",), _requests(summary), can_wait=True)
    yield Said(("cost",), _cost(summary.money), key=_owed(summary.money), can_wait=True)
    if summary.busiest:
        names = tuple((use.provider, use.model) for use in summary.busiest)
        yield Said(("models",), _busiest(summary.busiest), key=names, can_wait=True)
    labels = dict(snapshot.labels) if len(snapshot.labels) > 1 else {}
    yield from (_alerts(own, labels.get(own[0].account, "")) for own in _by_rule(summary.alerts))
    if not summary.alerts and snapshot.alerts:
        yield Said(("alerts",), "no alert fires")
    yield from (_fault(one, labels.get(one.account, "")) for one in snapshot.faults)
    if freshness.progress is not None:
        yield Said(("past",), "reading the past", key=True, over="the past is read")


def state(freshness: Freshness) -> Said:
    """Whether the figures are fresh, and if not, of when they are."""
    since = f"last answer {clock(freshness.good_at)} UTC" if freshness.good_at else "no answer yet"
    is_live = freshness.state is State.LIVE
    return Said(("state",), f"{freshness.state.value}, {since}", "good" if is_live else "warn", key=freshness.state)


def aloud(text: str) -> str:
    """Our own words without what a voice stumbles over: `19:10–21:40` is `19:10 to 21:40`, `–` alone is `unknown`."""
    said = RANGE.sub(" to ", text.lstrip("▲✓ "))
    for mark, word in ((UNKNOWN, "unknown"), ("<", "less than "), ("~", "about "), ("±", "about ")):
        said = said.replace(mark, word)
    return said


def _where(snapshot: Snapshot, summary: Summary) -> Said:
    now = snapshot.now
    where = ", ".join(clean(crumb, LONGEST_NAME) for crumb in summary.crumbs)
    return Said(("where",), f"{where}, {_period(snapshot)}, {now.day} {now:%B %Y}")


def _period(snapshot: Snapshot) -> str:
    period = snapshot.scope.current_period
    if period.hours:
        return "this hour" if period.hours == 1 else f"the last {period.hours} hours"
    if period.days > 1:
        return f"the last {period.days} days"
    if period.fixed:
        since, until = period.fixed.since, period.fixed.until
        return f"{since.day} {since:%B %H:%M} to {until.day} {until:%B %H:%M}"
    return period.name


def _neurons(summary: Summary) -> Said:
    """`7,214 of 10,000 neurons (72 %), runs out 17:40 to 19:10 UTC`; news is another share or another end."""
    quota, subject = summary.neurons, ("neurons",)
    if quota is None or quota.used is None:
        return Said(subject, "neurons are not counted yet", can_wait=True)
    more = f", about {whole(rounded(quota.nowcast))} more not counted yet" if quota.nowcast else ""
    whose = f"{clean(summary.owner, LONGEST_NAME)}, the worst off: " if summary.owner else ""
    all_ = " of the whole account" if summary.is_part else ""
    if not quota.limit:
        return Said(subject, f"{whose}{aloud(whole(quota.used))} neurons{all_}{more}", can_wait=True)
    said, share = in_words(judge(quota)), aloud(percent(quota.share))
    end = "no verdict yet" if said == UNKNOWN else aloud(said)
    text = f"{whose}{aloud(whole(quota.used))} of {whole(quota.limit)} neurons{all_}{more} ({share}), {end}"
    role = "" if summary.role == "muted" else summary.role
    return Said(subject, text, role, key=(summary.owner, share, end), can_wait=True)


def _requests(summary: Summary) -> str:
    """`1,204 requests, 14 errors (1.2 %), 38 % from the cache`; of a part of an account with its neurons."""
    use, read = summary.usage, summary.read
    if not read.known:
        return "requests were not read yet"
    missing = f"; {read.missing} of {read.hours} hours were not read" if read.missing else ""
    if use.requests is None:
        return f"no requests yet{missing}"
    about = "about " if use.is_sampled and use.requests else ""
    parts = [f"{about}{_counted(use.requests, 'request')}", *(_shares(use) if use.requests else ())]
    if summary.is_part and use.neurons is not None:
        parts.append(f"{'about ' if use.is_estimate else ''}{aloud(whole(use.neurons))} neurons")
    return ", ".join(parts) + missing


def _shares(use: Usage) -> tuple[str, str]:
    """How many of the requests failed, and how many the cache answered."""
    errors, hits, all_ = use.errors, use.cache_hits, use.requests or 1
    failed = "errors unknown" if errors is None else _counted(errors, "error")
    failed += f" ({aloud(percent(errors / all_))})" if errors else ""
    return failed, "cache hits unknown" if hits is None else f"{aloud(percent(hits / all_))} from the cache"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else f"no {noun}s"


def _owed(money: Money) -> tuple[str, int]:
    """What makes another cost: where it is heading moves all the time."""
    return dollars(money.listed if money.owed is None else money.owed), money.unpriced


def _cost(money: Money) -> str:
    """`cost $1.23 of $5.00 a day, $4.10 to $4.60 by midnight`."""
    lacking = f"; {_counted(money.unpriced, 'model')} without a price" if money.unpriced else ""
    if money.owed is None:
        if money.listed is None:
            return f"cost is unknown{lacking}"
        return f"nothing is owed; list price of Workers AI {aloud(dollars(money.listed))}{lacking}"
    limit = f" of {dollars(money.quota.limit)} a day" if money.quota and money.quota.limit else ""
    ahead = f", {aloud(projection(money.quota))} by midnight" if money.quota and money.quota.pace else ""
    return f"cost {aloud(dollars(money.owed))}{limit}{ahead}{lacking}"


def _busiest(uses: Sequence[Usage]) -> str:
    named = (f"{clean(model_name(use.model), LONGEST_NAME)} {_counted(use.requests or 0, 'request')}" for use in uses)
    return f"busiest: {', '.join(named)}"


def _by_rule(alerts: Sequence[Alert]) -> Iterator[Sequence[Alert]]:
    """Those of one rule and account together, in the order of their first."""
    found: dict[tuple[str, str], list[Alert]] = {}
    for one in alerts:
        found.setdefault((one.rule, one.account), []).append(one)
    yield from found.values()


def _alerts(own: Sequence[Alert], label: str) -> Said:
    """Of a rule that is judged by name some of the names; said again when it fires for others."""
    first = own[0]
    said = _alert(first, label)
    if not first.name:
        return said
    some = ", ".join(f"{clean(one.name, LONGEST_NAME)} {aloud(one.figure)}".strip() for one in own[:MOST_NAMES])
    more = f" and {len(own) - MOST_NAMES:,} more" if len(own) > MOST_NAMES else ""
    name = f"{clean(label, LONGEST_NAME)}: {clean(first.rule)}" if label else clean(first.rule)
    text = f"{first.severity} alert {name}, {some}{more}: {first.words}"
    return replace(said, text=text, key=frozenset(one.name for one in own))


def _alert(one: Alert, label: str) -> Said:
    name = f"{clean(label, LONGEST_NAME)}: {clean(one.rule)}" if label else clean(one.rule)
    value = f"{aloud(one.figure)}; " if one.figure else ""
    since = f", since {clock(one.since)} UTC" if one.since else ""
    role = "bad" if one.severity == "critical" else "warn"
    text = f"{one.severity} alert {name}: {value}{one.words}{since}"
    return Said(("alert", one.account, one.rule), text, role, key=True, over=f"alert {name} is over")


def _fault(one: Fault, label: str) -> Said:
    what = f"{clean(label, LONGEST_NAME)}: {clean(one.what)}" if label else clean(one.what)
    text = f"problem: {what}: {clean(one.why)}; to do: {clean(one.remedy)}"
    return Said(("fault", one.account, one.dataset, one.what), text, "bad", key=True, over=f"over: {what}")
