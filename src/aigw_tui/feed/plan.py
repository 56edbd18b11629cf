"""Which windows of which datasets to ask for next: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aigw_tui.datasets import Dataset
from aigw_tui.model import DAY, HOUR, Window, day_of, hour_of
from aigw_tui.source import Bounds, Question

MINUTE = timedelta(minutes=1)
WEEK = 7 * DAY
"""The backfill's first stretch: what paces and sparklines need."""
AT_ONCE = 4
"""Windows of one dataset in one request for the past: with more, Cloudflare might find it too many nodes."""
ROWS_AT_ONCE = 10_000
"""So many rows of one dataset are one answer, also where a page holds fewer: 3 MB."""


def open_window(dataset: Dataset, now: datetime) -> Window:
    """What every tick looks after: today, and the hours before midnight that may still change."""
    return Window(min(day_of(now), hour_of(now - dataset.settle - HOUR)), now)


def past_window(dataset: Dataset, bounds: Bounds, now: datetime, reach: timedelta | None = None) -> Window:
    """What the backfill looks after: from as far back as may be asked up to the open window."""
    until = open_window(dataset, now).since
    back = min(dataset.reach if reach is None else reach, dataset.reach, bounds.oldest)
    since = hour_of(now - back) + HOUR  # the hour that is only half within reach is not asked for
    return Window(min(since, until), until)


def stretches(hours: Sequence[datetime], until: datetime, longest: timedelta) -> tuple[Window, ...]:
    """Windows that cover exactly these hours (oldest first), each at most `longest`, none past `until`."""
    found: list[Window] = []
    for hour in hours:
        end = min(hour + HOUR, until)
        if found and found[-1].until == hour and end - found[-1].since <= longest:
            found[-1] = Window(found[-1].since, end)
        else:
            found.append(Window(hour, end))
    return tuple(found)


def newest(hours: Sequence[datetime], longest: timedelta) -> Window | None:
    """The newest run of hours without a gap, at most `longest` long; None when there are no hours."""
    if not hours:
        return None
    since = until = hours[-1]
    for hour in reversed(hours):
        if since - hour > HOUR or until + HOUR - hour > max(longest, HOUR):
            break
        since = hour
    return Window(since, until + HOUR)


def halves(question: Question) -> tuple[Question, ...]:
    """The same question in two parts, cut at an hour, or at a minute within one; empty when it cannot be cut."""
    for step in (HOUR, MINUTE):
        try:
            return tuple(replace(question, window=part) for part in question.window.halves(step))
        except ValueError:
            continue
    return ()


def past_windows(
    hours: Sequence[datetime], dataset: Dataset, bounds: Mapping[str, Bounds], slices: Mapping[str, timedelta]
) -> tuple[Window, ...]:
    """The newest of these hours in windows for one request, newest first: several where pages or windows are short."""
    known, piece = bounds.get(dataset.name, Bounds()), longest(dataset, bounds, slices)
    span = min(max(slices.get(dataset.name, DAY), piece * (ROWS_AT_ONCE // known.page)), piece * AT_ONCE)
    found = newest(hours, span)
    return stretches(found.hours, found.until, piece)[::-1] if found else ()


def longest(dataset: Dataset, bounds: Mapping[str, Bounds], slices: Mapping[str, timedelta]) -> timedelta:
    """The longest window worth asking for: what is allowed, and what has been found to fit on a page."""
    known = bounds.get(dataset.name, Bounds())
    return min(known.max_window, slices.get(dataset.name, DAY))
