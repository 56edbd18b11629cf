"""A Worker's own counter beside Cloudflare's, over the same hours of the same UTC day: a verdict, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aigw_tui.format import clock
from aigw_tui.insight.alignment import Standing, reset_at, standing
from aigw_tui.insight.gap import Burned, Price, Reason, burned, causes, price_of, remarks
from aigw_tui.model import HOUR, Count, Counter, Query, Snapshot, Views, Window, day_of, hour_of

Verdict = Literal["agrees", "drifts", "cannot tell"]
UNSURE = 0.5
"""An estimate that lies this close to the tolerance, as a share of it, decides nothing."""
MOVED = 0.03
"""A ratio that changed less over the day is not worth a word."""


@dataclass(frozen=True, slots=True)
class Point:
    """Both counts from 00:00 UTC up to the end of an hour."""

    at: datetime
    worker: float
    measured: float
    is_estimate: bool = False

    @property
    def ratio(self) -> float | None:
        return self.worker / self.measured if self.measured else None

    @property
    def gap(self) -> float:
        return self.worker - self.measured


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is known of both. None is unknown, or cannot be compared yet."""

    account: str
    verdict: Verdict
    why: str
    """Of the verdict, in one line."""
    remedy: str = ""
    point: Point | None = None
    """Both counts, up to the end of the newest hour that can be compared."""
    curve: tuple[Point, ...] = ()
    """The same at the end of every hour of the day near which the Worker was asked: the drift."""
    reasons: tuple[Reason, ...] = ()
    price: Price | None = None
    burned: Burned | None = None
    now: Count | None = None
    """The Worker's newest answer of the day."""
    limit: float | None = None
    """The account's own."""
    tolerance: float = 0.1
    delay_s: float = 2400.0
    polls: int = 0
    """How often it was asked today, with an answer."""


def compare(views: Views, counter: Counter, limit: float | None, now: datetime) -> Comparison:
    """`limit`: neurons of the account a day · `now`: when history was last brought up to date."""
    today = now.date()
    polls = tuple(one for one in counter.polls if one.day == today and one.at >= day_of(now))
    newest = polls[-1] if polls else None
    point, curve, hole = _points(views, counter, now)
    found = burned(views, counter.account, Window(day_of(now), point.at), now) if point else None
    price = price_of(polls)
    reasons: list[Reason] = []
    if point and found and newest:
        there = standing(views, counter.account, polls, point.at) or Standing(point.at, point.worker)
        reasons += [*causes(found, there, price), *_drift(curve), *remarks(there, newest, limit, point.measured)]
    verdict, why, remedy = _verdict(counter, newest, point, hole, now)
    return Comparison(
        counter.account, verdict, why, remedy, point, curve, tuple(reasons), price, found, newest, limit,
        counter.tolerance, counter.delay_s, len(polls),
    )  # fmt: skip


def compare_in(snapshot: Snapshot) -> tuple[Comparison, ...]:
    """All counters of a snapshot's scope; where an account's figures are old, up to when they were read."""
    limits = {quota.account: quota.limit for quota in snapshot.quotas if quota.name == "neurons"}
    read_at = {one.id: one.as_of for one in snapshot.accounts}
    return tuple(
        compare(snapshot.views, one, limits.get(one.account), read_at.get(one.account) or snapshot.now)
        for one in snapshot.counters
    )


def _points(views: Views, counter: Counter, now: datetime) -> tuple[Point | None, tuple[Point, ...], str]:
    """The newest hour's end at which both are known, the curve, and why there is none."""
    midnight, delay = day_of(now), timedelta(seconds=counter.delay_s)
    polls = tuple(one for one in counter.polls if one.day == now.date() and one.at >= midnight)
    last = hour_of(min(now - delay, polls[-1].at if polls else now))
    if last <= midnight:
        return None, (), f"the first hour of the day can be compared from {clock(midnight + HOUR + delay)} UTC on"
    window = Window(midnight, last)
    known = views.known("neurons", window, (counter.account,))
    missing = next((hour for hour in window.hours if hour not in known), None)
    query = Query("neurons", window, ("hour",), ("neurons",), (("account", (counter.account,)),))
    hours = {row.key[0]: float(row.values[0] or 0.0) for row in views.view(query).rows}
    measured, curve, newest, why = 0.0, [], None, ""
    for hour in window.hours:
        if hour == missing:
            why = f"Cloudflare's neurons of {clock(hour)} UTC were not read yet"
            break
        measured += hours.get(hour, 0.0)
        end = hour + HOUR
        there = standing(views, counter.account, polls, end)
        if there is None:
            continue
        newest = Point(end, there.used, measured, there.is_estimate)
        if not there.is_estimate:
            curve.append(newest)
    if newest is None and not why:
        why = f"nobody asked the Worker around {clock(last)} UTC, and no gateway's traffic tells what it had counted"
    return newest, tuple(curve), why


def _verdict(
    counter: Counter, newest: Count | None, point: Point | None, hole: str, now: datetime
) -> tuple[Verdict, str, str]:
    """With its reason and, where something can be done, a remedy."""
    asked = counter.polls[-1] if counter.polls else None
    if counter.why:
        return "cannot tell", counter.why, counter.remedy
    if asked is None:
        return "cannot tell", "the Worker was not asked yet", ""
    if asked.day != now.date() or newest is None:
        return "cannot tell", f"the Worker counts {asked.day:%-d %b}, and today is {now:%-d %b} (UTC)", ""
    of_today = tuple(one for one in counter.polls if one.day == now.date() and one.at >= day_of(now))
    if reset := reset_at(of_today):
        return "cannot tell", f"the counter went back at {clock(reset)} UTC: it no longer counts the whole day", ""
    if point is None:
        return "cannot tell", hole, ""
    if point.ratio is None and not point.worker:
        return "cannot tell", f"neither has counted anything up to {clock(point.at)} UTC", ""
    if point.ratio is None:
        return "drifts", f"the Worker counts {point.worker:,.0f} neurons, and Workers AI burned none", ""
    off, about = abs(point.ratio - 1), "~" if point.is_estimate else ""
    if point.is_estimate and abs(off - counter.tolerance) < UNSURE * counter.tolerance:
        why = f"~{point.ratio:.2f} times is too near to the tolerance for an estimate"
        return "cannot tell", f"{why}; the Worker was not asked around {clock(point.at)} UTC", "ask again in an hour"
    times = f"the Worker counts {about}{point.ratio:.2f} times what Workers AI burned"
    verdict: Verdict = "agrees" if off <= counter.tolerance else "drifts"
    return verdict, f"{times}, up to {clock(point.at)} UTC", ""


def _drift(curve: tuple[Point, ...]) -> Iterator[Reason]:
    """How the ratio moved over the day."""
    known = [(point, point.ratio) for point in curve if point.ratio is not None]
    if len(known) < 3:
        return
    (first, before), (last, after) = known[0], known[-1]
    if abs(after - before) < MOVED:
        still = f"the ratio stood still: {before:.2f} at {clock(first.at)}, {after:.2f} at {clock(last.at)} UTC"
        yield Reason("drift", still)
        return
    an_hour = (last.gap - first.gap) / ((last.at - first.at) / HOUR)
    words = f"the ratio went from {before:.2f} at {clock(first.at)} to {after:.2f} at {clock(last.at)} UTC"
    yield Reason("drift", f"{words}; the gap moved by {an_hour:+,.0f} neurons an hour")
