"""A Worker in front of the built-in account that keeps its own count: every reply, at one flat price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta

from aigw_tui.demo.account import Account
from aigw_tui.demo.envelope import Json
from aigw_tui.demo.event import Event
from aigw_tui.demo.reply import Reply, reply
from aigw_tui.model import Count

PATH = "/worker/quota"
WORKER_TOKEN = "worker_demo_opens_only_the_quota_of_the_built_in_account_0003"  # noqa: S105 - fake, as the others
EACH = 8.0
"""Neurons a call, whatever the model, also when the cache answered: that is how it drifts."""
LIMIT = 9_500
STEP = timedelta(minutes=10)
BEARER = re.compile(r"Bearer (\S+)")


def quota(account: Account, method: str, headers: Mapping[str, str], now: datetime) -> Reply:
    """What its quota endpoint answers. Header names are in lower case."""
    found = BEARER.fullmatch(headers.get("authorization", ""))
    if found is None or found[1] != WORKER_TOKEN:
        return reply(401, {"success": False, "error": "Unauthorized"}, now, headers)
    if method != "GET":
        return reply(405, {"success": False, "error": "Method not allowed"}, now, headers)
    (count,) = counts(account, now)
    said: Json = {
        "date": count.day.isoformat(),
        "neuronsUsed": count.used,
        "neuronsLimit": LIMIT,
        "neuronsRemaining": max(LIMIT - count.used, 0.0),
        "isExceeded": count.used >= LIMIT,
        "resetAt": (_midnight(now) + timedelta(days=1)).isoformat().replace("+00:00", ".000Z"),
        "inferenceCount": count.inferences,
    }
    return reply(200, {"success": True, "quota": said}, now, headers)


def counts(account: Account, *moments: datetime) -> Iterator[Count]:
    """What it counts at these moments of one UTC day, oldest first."""
    if not moments:
        return
    events = account.events(_midnight(moments[0]).timestamp(), moments[-1].timestamp())
    calls, after = 0, next(events, None)
    for moment in moments:
        while after is not None and after.at < moment.timestamp():
            calls += _is_its_own(after)
            after = next(events, None)
        yield Count(moment, moment.date(), calls * EACH, float(LIMIT), calls)


def _is_its_own(event: Event) -> bool:
    return bool(event.gateway) and event.model.burns_neurons and event.status < 400


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)
