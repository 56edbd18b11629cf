"""How good the pace is: simulated days that are known to their end, projected at 06:00, 12:00 and 18:00 UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import mean, median
from typing import NamedTuple

from aigw_tui.insight.nowcast import NEURON_DELAY
from aigw_tui.insight.pace import pace
from aigw_tui.model import DAY, HOUR, day_of, hour_of
from benchmarks.simulated import KINDS, START, Kind, series

AT = (6, 12, 18)
HISTORY_DAYS = 28
JUDGED_DAYS = 28


class Trial(NamedTuple):
    """One projection beside the truth; errors are shares of the truth."""

    kind: str
    at: int
    error: float
    linear: float
    """The error of a straight line through today so far."""
    yesterday: float
    """The error of yesterday's same hours after today's so far."""
    is_inside: bool
    """The truth lies in the range."""
    width: float
    """Of the range, in truths."""


def seen_at(hours: Mapping[datetime, float], now: datetime) -> dict[datetime, float]:
    """What is measured by then: neurons come late, so the hour before is half there."""
    covered = now - NEURON_DELAY
    found = {hour: value for hour, value in hours.items() if hour + HOUR <= covered}
    running = hour_of(covered)
    return found | {running: hours[running] * ((covered - running) / HOUR)}


def trial(kind: Kind, hours: Mapping[datetime, float], now: datetime) -> Trial:
    """Nothing that happens after `now`, or that has not arrived by then, is known to any of the three."""
    day, covered = day_of(now), now - NEURON_DELAY
    truth = sum(hours[day + HOUR * n] for n in range(24))
    seen = {hour: value for hour, value in seen_at(hours, now).items() if hour >= day - DAY * HISTORY_DAYS}
    used = sum(value for hour, value in seen.items() if hour >= day)
    found = pace(seen, now, covered_until=covered)
    linear = used / ((covered - day) / DAY)
    rest = (
        hours[hour] * min(1.0, (hour + HOUR - (covered - DAY)) / HOUR)
        for hour in hours
        if covered - DAY - HOUR < hour < day
    )
    again = used + sum(rest)
    ours, straight, same = (abs(value - truth) / truth for value in (found.likely, linear, again))
    is_inside = found.low <= truth <= found.high
    return Trial(kind.name, now.hour, ours, straight, same, is_inside, (found.high - found.low) / truth)


def trials(seeds: Iterable[int], kinds: Sequence[Kind] = KINDS, days: int = JUDGED_DAYS) -> Iterator[Trial]:
    """Every judged day of every account, at each of `AT`."""
    for kind in kinds:
        for seed in seeds:
            hours = series(kind, HISTORY_DAYS + days, seed)
            for n in range(HISTORY_DAYS, HISTORY_DAYS + days):
                for hour in AT:
                    now = START + DAY * n + timedelta(hours=hour)
                    if sum(hours[day_of(now) + HOUR * one] for one in range(24)) > 0:
                        yield trial(kind, hours, now)


def by_hour(found: Sequence[Trial]) -> Iterator[str]:
    """Markdown, a line for each of `AT`."""
    yield from _heads("at")
    for hour in AT:
        yield _row(f"{hour:02d}:00 UTC", [one for one in found if one.at == hour])


def by_kind(found: Sequence[Trial]) -> Iterator[str]:
    """Markdown, a line for each kind of account."""
    yield from _heads("account")
    for kind in dict.fromkeys(one.kind for one in found):
        yield _row(kind, [one for one in found if one.kind == kind])


def _heads(first: str) -> Iterator[str]:
    heads = ("median error", "a straight line", "yesterday's same hours", "truth in the range", "width of the range")
    yield f"| {' | '.join((first, *heads))} |"
    yield f"|---|{'--:|' * len(heads)}"


def _row(title: str, found: Sequence[Trial]) -> str:
    errors = (median(getattr(one, name) for one in found) * 100 for name in ("error", "linear", "yesterday"))
    shares = mean(one.is_inside for one in found) * 100, median(one.width for one in found) * 100
    cells = [*(f"{error:.1f} %" for error in errors), *(f"{share:.0f} %" for share in shares)]
    return f"| {title} | {' | '.join(cells)} |"
