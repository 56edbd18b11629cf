"""`[[alert]]` in config.toml: each table a rule, or a complaint in one line that names the file and the rule."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from aigw_tui.config.kinds import LONGEST
from aigw_tui.config.settings import Config
from aigw_tui.errors import ConfigError
from aigw_tui.format import clean, did_you_mean
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import NARROWED
from aigw_tui.insight.readings import ACCOUNT_WIDE, EXPRESSIONS
from aigw_tui.insight.watchlist import DEFAULT_RULES

FIELDS = (
    "name", "when", "above", "below", "clear_below", "clear_above", "for", "keep_firing_for", "min_requests",
    "severity", "scope", "each", "on_no_data", "to",
)  # fmt: skip
SCOPE = ("account", "gateway", "provider", "model")
CHOICES = {"severity": ("warning", "critical"), "on_no_data": ("keep", "alert", "clear"), "each": NARROWED}
NUMBERS = ("above", "below", "clear_below", "clear_above")
SPANS = {"for": "wait", "keep_firing_for": "keep_firing_for"}
SPAN = re.compile(r"(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,7})s)?")
MOST_SPAN = timedelta(days=31)


class Rules(NamedTuple):
    """The rules that can be judged, and what is wrong with the others."""

    rules: tuple[Rule, ...]
    complaints: tuple[ConfigError, ...]


def load_rules(config: Config) -> Rules:
    """Those of config.toml; where it has none, the defaults. Never raises."""
    tables = config.later.get("alert")
    if tables is None:
        return Rules(DEFAULT_RULES, ())
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        return Rules((), (ConfigError(f"{config.path}: alert is no table", "write [[alert]] above each rule"),))
    rules: dict[str, Rule] = {}
    complaints = []
    for number, table in enumerate(tables, 1):
        try:
            rule = _rule(table, rules)
            rules[rule.name] = rule
        except ConfigError as error:
            complaints.append(ConfigError(f"{_place(config.path, table, number)}: {error.why}", error.remedy))
    return Rules(tuple(rules.values()), tuple(complaints))


def span_of(text: object) -> timedelta:
    """`90s`, `15m`, `2h`, `1d`, `1h30m`; raises ValueError for anything else, and for more than 31 days."""
    found = SPAN.fullmatch(text) if isinstance(text, str) and text else None
    if found is None:
        raise ValueError(text)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span > MOST_SPAN:
        raise ValueError(text)
    return span


def _place(path: Path, table: Mapping[str, Any], number: int) -> str:
    name = table.get("name")
    return f"{path}: alert {clean(name, 60)!r}" if isinstance(name, str) and name else f"{path}: alert {number}"


def _rule(table: Mapping[str, Any], others: Collection[str]) -> Rule:
    for key in table:
        if key not in FIELDS:
            remedy = did_you_mean(key, FIELDS, f"use {', '.join(FIELDS)}")
            raise ConfigError(f"there is no field {clean(key, 40)}", remedy)
    when = _text(table, "when")
    if when not in EXPRESSIONS:
        raise ConfigError(
            f"there is no expression {clean(when, 40)}",
            did_you_mean(when, EXPRESSIONS, f"use {', '.join(EXPRESSIONS)}"),
        )
    numbers = {key: _number(table, key) for key in NUMBERS if key in table}
    least = table.get("min_requests", 0)
    if not isinstance(least, int) or isinstance(least, bool) or not 0 <= least <= 10**12:
        raise ConfigError("min_requests is no count", "use a whole number from 0 on")
    spans = {field: _span(table, key) for key, field in SPANS.items() if key in table}
    words = {key: _choice(table, key) for key in CHOICES if key in table}
    if "each" in words and when in ACCOUNT_WIDE:
        raise ConfigError(f"{when} knows no {words['each']}", "it is the account's as a whole: leave each out")
    to = tuple(dict.fromkeys(_names(table["to"], "to"))) if "to" in table else ()
    scope = _scope(table.get("scope", {}), when)
    rule = Rule(_text(table, "name"), when, **numbers, **spans, **words, min_requests=least, scope=scope, to=to)  # type: ignore[arg-type]
    if rule.name in others:
        raise ConfigError("there is another rule of that name", "give each its own")
    _check_thresholds(rule)
    return rule


def _check_thresholds(rule: Rule) -> None:
    if (rule.above is None) is (rule.below is None):
        raise ConfigError("it needs either above or below", "write one of the two")
    if rule.is_above and rule.clear_above is not None:
        raise ConfigError("clear_above goes with below", "use clear_below")
    if not rule.is_above and rule.clear_below is not None:
        raise ConfigError("clear_below goes with above", "use clear_above")
    if rule.clear_below is not None and rule.clear_below > rule.threshold:
        raise ConfigError(
            f"clear_below = {rule.clear_below:g} is over above = {rule.threshold:g}, so it would clear while it fires",
            "use the threshold or less",
        )
    if rule.clear_above is not None and rule.clear_above < rule.threshold:
        raise ConfigError(
            f"clear_above = {rule.clear_above:g} is under below = {rule.threshold:g}, so it would clear while it fires",
            "use the threshold or more",
        )


def _text(table: Mapping[str, Any], key: str) -> str:
    text = table.get(key)
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or not text.isprintable():
        raise ConfigError(f"{key} is missing or no line of text", f'write {key} = "…"')
    return text.strip()


def _number(table: Mapping[str, Any], key: str) -> float:
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e15:
        raise ConfigError(f"{key} is no number", "use a number such as 0.05")
    return float(value)


def _span(table: Mapping[str, Any], key: str) -> timedelta:
    try:
        return span_of(table[key])
    except ValueError:
        raise ConfigError(f"{key} is no length of time", "use one such as 90s, 15m, 2h or 1h30m, at most 31d") from None


def _choice(table: Mapping[str, Any], key: str) -> str:
    value, allowed = table[key], CHOICES[key]
    if value not in allowed:
        word, others = clean(value, 40), f"use {', '.join(allowed[:-1])} or {allowed[-1]}"
        raise ConfigError(f"{key} cannot be {word}", did_you_mean(word, allowed, others))
    return str(value)


def _names(value: object, key: str) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(one, str) and one and len(one) <= LONGEST for one in words):
        raise ConfigError(f"{key} is no list of names", f'write {key} = ["…"]')
    return tuple(words)


def _scope(value: object, when: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ConfigError("scope is no table", 'write scope = { gateway = "prod-*" }')
    for field in value:
        if field not in SCOPE:
            remedy = did_you_mean(field, SCOPE, f"use {', '.join(SCOPE)}")
            raise ConfigError(f"scope has no {clean(field, 40)}", remedy)
        if when in ACCOUNT_WIDE and field != "account":
            raise ConfigError(f"{when} knows no {field}", "it is the account's as a whole: leave that out of its scope")
    return tuple((field, _names(value[field], f"scope.{field}")) for field in SCOPE if value.get(field))
