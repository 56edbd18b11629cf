"""What a gateway is set to, in words: logging, caching, rate limit, spend limits."""

from __future__ import annotations

from aigw_tui.format import age, clean, dollars, whole
from aigw_tui.model import Gateway, SpendLimit

UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))
"""Seconds in one, and its name."""


def settings(gateway: Gateway) -> tuple[str, ...]:
    """All that is known of it: in full, in brief, and as much of that as little room allows."""
    pairs = [pair for pair in (_logs(gateway), _cache(gateway), _rate(gateway), _spending(gateway)) if pair]
    full, brief = ([pair[n] for pair in pairs] for n in (0, 1))
    fewer = (" · ".join(brief[:n]) + " …" for n in range(len(brief) - 1, 0, -1))
    return (" · ".join(full), " · ".join(brief), *fewer)


def span(seconds: float | None) -> str:
    """`15 min`, `1 h`, `7 d`: in the largest unit of which it is a whole number."""
    for size, name in UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds // size:.0f} {name}"
    return age(seconds)


def _logs(gateway: Gateway) -> tuple[str, str] | None:
    if gateway.collects_logs is None:
        return None
    text = "logs on" if gateway.collects_logs else "logs off"
    return text, text


def _cache(gateway: Gateway) -> tuple[str, str] | None:
    if gateway.cache_ttl_s is None:
        return None
    if not gateway.cache_ttl_s:
        return "cache off", "cache off"
    return f"cached for {span(gateway.cache_ttl_s)}", f"cache {span(gateway.cache_ttl_s)}"


def _rate(gateway: Gateway) -> tuple[str, str] | None:
    if gateway.rate_limit is None:
        return None
    if not gateway.rate_limit:
        return "no rate limit", "no rate limit"
    over = f"in {span(gateway.rate_interval_s)}"
    return f"at most {whole(gateway.rate_limit)} requests {over}", f"{whole(gateway.rate_limit)} {over}"


def _spending(gateway: Gateway) -> tuple[str, str]:
    """No rules, and rules that nobody told, are the same on the wire."""
    rules = gateway.spend_limits
    if not rules:
        return "no spend limit", "no spend limit"
    brief = _rule(rules[0]) if len(rules) == 1 else f"{len(rules)} spend limits"
    return f"may spend {', '.join(map(_rule, rules))}", brief


def _rule(rule: SpendLimit) -> str:
    only = rule.model or rule.provider
    return f"{dollars(rule.limit_usd)} in {span(rule.window_s)}{f' for {clean(only)}' if only else ''}"
