"""The expressions that a rule may name: how each is read from history, and how its values are written."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aigw_tui.format import UNKNOWN, age, clean, dollars, duration, percent
from aigw_tui.insight.alerting import EVERY, Replayed, Rule, replay
from aigw_tui.insight.ground import Ground, Reader, Reading
from aigw_tui.insight.parts import Named, Parts, parts, whole
from aigw_tui.insight.readcosts import cost_per_day
from aigw_tui.insight.readquotas import quota_projected, quota_used
from aigw_tui.insight.readrates import ERRORS_OVER, NO_MATCH, cache_hit_rate, error_rate, latency_p90
from aigw_tui.insight.spikes import token_spike
from aigw_tui.model import HOUR, Estimate


@dataclass(frozen=True, slots=True)
class Expression:
    """What a rule looks at."""

    read: Callable[[Rule, Ground], Reader | Named]
    """Of the account as a whole, or of any name in it."""
    words: str
    unit: str
    """Of its values: share, USD, ms, minutes, deviations."""
    say: Callable[[float], str]
    every: timedelta = EVERY
    """How densely the past is gone through: a projection takes long to make."""
    over: timedelta = HOUR
    """How long a stretch it looks at."""


def no_data(_: Rule, ground: Ground) -> Reader:
    """Minutes since the last good answer; no traffic is a good answer."""

    def read(moment: datetime) -> Reading:
        if ground.read_at is None:
            return Reading(None, "nothing was ever read")
        if moment < ground.read_at:
            return Reading(None, "only the newest answer's time is kept", is_quiet=True)
        return Reading((moment - ground.read_at) / timedelta(minutes=1))

    return read


EXPRESSIONS: Mapping[str, Expression] = {
    "quota_used": Expression(quota_used, "neurons used", "share", percent),
    "quota_projected": Expression(quota_projected, "neurons projected", "share", percent, timedelta(minutes=5)),
    "error_rate": Expression(error_rate, "error rate", "share", percent, over=ERRORS_OVER),
    "token_spike": Expression(token_spike, "tokens over usual", "deviations", lambda value: f"{value:.1f} × MAD"),
    "cost_per_day": Expression(cost_per_day, "cost today", "USD", dollars),
    "cache_hit_rate": Expression(cache_hit_rate, "cache hit rate", "share", percent),
    "no_data": Expression(no_data, "time without an answer", "minutes", lambda value: age(value * 60)),
    "latency_p90": Expression(latency_p90, "latency p90", "ms", duration),
}


ACCOUNT_WIDE = ("quota_used", "quota_projected", "no_data")
"""Expressions that know no gateway, provider or model."""


def reader(rule: Rule, ground: Ground) -> Reader:
    """How the rule's expression is read over `[ground.since, ground.now]`, as one sum."""
    found = EXPRESSIONS[rule.when].read(replace(rule, each=""), ground)
    return found.of("") if isinstance(found, Named) else found


def parts_of(rule: Rule, ground: Ground) -> Parts:
    """The same, of every name that the rule is judged for."""
    found = EXPRESSIONS[rule.when].read(rule, ground) if rule.each else reader(rule, ground)
    return parts(rule, ground, found) if isinstance(found, Named) else whole(found)


def replayed(rule: Rule, read: Reader, since: datetime, until: datetime) -> Replayed:
    """What the rule would have done over stored buckets: stepped through from `since` on, `until` the last step."""
    every = EXPRESSIONS[rule.when].every
    return replay(rule, lambda moment: read(moment).value, moments(since, until, every), interval=every)


def moments(since: datetime, until: datetime, every: timedelta) -> Iterator[datetime]:
    """Evenly spaced, `until` being the last."""
    for n in range(max((until - since) // every, 0), -1, -1):
        yield until - every * n


def nobody(rule: Rule, ground: Ground, moment: datetime) -> Reading:
    """What to say of a rule that finds no name to judge: nothing happens, unless nothing can be told."""
    found = reader(rule, ground)(moment)
    return Reading(None, NO_MATCH, is_quiet=True) if found.value is not None or found.is_quiet else found


def figure(rule: Rule, value: float | None) -> str:
    """A value of the rule's expression in words: `92 %`, `~92 %`."""
    if value is None:
        return UNKNOWN
    return ("~" if isinstance(value, Estimate) else "") + EXPRESSIONS[rule.when].say(value)


def condition(rule: Rule) -> str:
    """`error rate above 5.0 % for 15 min in prod-*`."""
    side = "above" if rule.is_above else "below"
    text = f"{EXPRESSIONS[rule.when].words} {side} {figure(rule, rule.threshold)}"
    if rule.wait:
        text += f" for {age(rule.wait)}"
    names = [name for field, words in rule.scope if field != "account" for name in words]
    return f"{text} in {clean(', '.join(names))}" if names else text


def condition_of_each(rule: Rule, count: int = 0, loud: int = 0, unknown: int = 0, rest: int = 0) -> str:
    """`error rate above 5.0 %, each of 48 models`; `loud`: how many of them are shown by themselves."""
    text = f"{condition(rule)}, each {rule.each}"
    if count:
        many = f"{count:,} {rule.each}{'' if count == 1 else 's'}"
        text = f"{condition(rule)}, each of {many}" + (f" but {loud:,}" if loud else "")
    if 0 < unknown < count:
        text += f"; {unknown:,} cannot be told"
    return f"{text}; {rest:,} more are not judged" if rest else text


def concerns(rule: Rule, account: str, label: str) -> bool:
    """Whether the rule is about that account: its scope may name ids, labels or globs of either."""
    words = dict(rule.scope).get("account", ())
    return not words or any(fnmatch.fnmatchcase(name, word) for word in words for name in (account, label))
