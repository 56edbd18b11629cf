"""Judges a Worker's own counter: whether it answers, for which day, and against which limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from aigw_tui.errors import CounterError
from aigw_tui.format import clock, whole
from aigw_tui.insight.checkup import Check, cannot_tell, fails, ok, warning
from aigw_tui.model import DAY, Count, day_of

NAME = "Worker's counter"
NEAR = timedelta(minutes=1)
"""Clocks that differ by less see the same midnight."""
AT_MIDNIGHT = "let the Worker begin a new day at 00:00 UTC, as Cloudflare does; else compare cannot tell"


def failed(error: CounterError) -> Check:
    """What the network does to the question says nothing about the counter."""
    return (cannot_tell if error.is_passing else fails)(NAME, error.why, error.remedy)


def of_several(accounts: int) -> Check:
    """One URL for all of them: its Worker counts for one account, and nobody says for which."""
    why = f"it is not asked: {whole(accounts)} accounts are watched, and quota_url does not say whose it counts"
    return warning(NAME, why, 'move quota_url into [account."ID"] in config.toml')


def counted(count: Count, limit: float, now: datetime) -> Iterator[Check]:
    """`limit`: neurons a UTC day, as configured for the account."""
    of, rest = ("", "; it names no limit") if count.limit is None else (f" of {whole(count.limit)}", "")
    yield ok(NAME, f"answers: {whole(count.used)} neurons{of} on {_day(count.day)}{rest}")
    if count.day not in {(now - NEAR).date(), (now + NEAR).date()}:
        yield warning("Worker's day", f"it counts {_day(count.day)}, and today is {_day(now)} (UTC)", AT_MIDNIGHT)
    elif count.resets_at is not None and not _is_midnight(count.resets_at):
        yield warning("Worker's day", f"it begins anew at {clock(count.resets_at)} UTC", AT_MIDNIGHT)
    if count.limit is not None and count.limit != limit:
        rest = f"it stops {whole(limit - count.limit)} early" if count.limit < limit else "it goes on beyond that"
        words = f"{whole(count.limit)} neurons a day, and neuron_limit is {whole(limit)}: {rest}"
        yield warning("Worker's limit", words, "make the two the same, unless that is meant")


def _day(day: date) -> str:
    return f"{day:%-d %b}"


def _is_midnight(moment: datetime) -> bool:
    since = moment - day_of(moment)
    return min(since, DAY - since) < NEAR
