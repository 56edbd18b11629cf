"""Judges the gateways' settings, and whether the ones that are asked for exist."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence

from aigw_tui.format import UNKNOWN, age, did_you_mean, dollars, whole
from aigw_tui.insight.checkup import Check, State, cannot_tell, fails, ok, warning
from aigw_tui.insight.logstorage import judge
from aigw_tui.model import Gateway

CREATE = "aigw-tui setup --create-gateway NAME makes one"
LOGS_OFF = "logs are off"
CACHE_OFF = "caching is off"
IN_DASHBOARD = "the gateway's settings in the dashboard"


def exist(wanted: Sequence[str], known: Sequence[str]) -> Iterator[Check]:
    """A check for each gateway (or glob) that was asked for and is not there; one for an account without any."""
    if not known:
        yield warning("gateways", "there is none, so nothing can go through one", CREATE)
        return
    for name in wanted:
        if not fnmatch.filter(known, name):
            remedy = did_you_mean(name, known, f"use one of {', '.join(known)}")
            yield fails("gateway id", f"there is no gateway {name}", remedy)


def settings(gateway: Gateway, stored: int | None) -> Check:
    """One line of all that its figures depend on; `stored`: its log rows now, None for unknown."""
    words, remedies = [], []
    if gateway.collects_logs is False:
        words.append(LOGS_OFF)
        remedies.append("turn on Collect logs, or request logs stay empty (usage is counted all the same)")
    else:
        words.append(UNKNOWN if gateway.collects_logs is None else f"logs are on, {_storage(gateway, stored)}")
    words.append(cached(gateway))
    if gateway.cache_ttl_s == 0:
        remedies.append("turn on Cache responses, if equal questions may get equal answers")
    words += [_rate(gateway), _spending(gateway)]
    if gateway.is_authenticated is not None:
        words.append("authenticated" if gateway.is_authenticated else "open to whoever knows its address")
    found = judge(gateway, stored)
    if found.role in ("warn", "bad"):
        remedies.append("delete logs, or raise the limit: the log store is (nearly) full")
    said = " · ".join(filter(None, words))
    remedy = f"{'; '.join(remedies)} ({IN_DASHBOARD})" if remedies else ""
    return Check(f"gateway {gateway.id}", State.WARNING if remedies else State.OK, said, remedy)


def cached(gateway: Gateway) -> str:
    """`cached for 15 min`."""
    if gateway.cache_ttl_s is None:
        return ""
    return f"cached for {age(gateway.cache_ttl_s)}" if gateway.cache_ttl_s else CACHE_OFF


def skew(seconds: float | None) -> Check:
    """How far this machine's clock is from the server's; positive: it is behind."""
    if seconds is None:
        return cannot_tell("clock", "no answer carried the server's time")
    if abs(seconds) <= 60:
        return ok("clock", "within a minute of Cloudflare's" if abs(seconds) > 2 else "agrees with Cloudflare's")
    side = "behind" if seconds > 0 else "ahead of"
    return warning(
        "clock",
        f"this machine is {age(abs(seconds))} {side} Cloudflare's time; questions use the corrected time",
        "set the clock, or turn on NTP",
    )


def _storage(gateway: Gateway, stored: int | None) -> str:
    if stored is None:
        return f"at most {whole(gateway.log_limit)} kept" if gateway.log_limit else "stored rows unknown"
    found = judge(gateway, stored)
    of = f" of {whole(found.limit)}" if found.limit else ""
    return f"{whole(stored)}{of} rows stored"


def _rate(gateway: Gateway) -> str:
    if gateway.rate_limit is None:
        return ""
    if not gateway.rate_limit:
        return "no rate limit"
    return f"at most {whole(gateway.rate_limit)} requests in {age(gateway.rate_interval_s)}"


def _spending(gateway: Gateway) -> str:
    rules = [
        f"{dollars(rule.limit_usd)} in {age(rule.window_s)}"
        + (f" for {only}" if (only := rule.model or rule.provider) else "")
        for rule in gateway.spend_limits
    ]
    return f"may spend {', '.join(rules)}" if rules else "no spend limits"
