"""Whom alert rules and the daily report are to reach: each name must be that of a target, else there is one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aigw_tui.config.settings import Config
from aigw_tui.errors import ConfigError
from aigw_tui.format import clean, did_you_mean
from aigw_tui.insight.alerting import Rule


def bad_targets(config: Config) -> tuple[ConfigError, ...]:
    """What is wrong with `[target.NAME]` tables; without any, nothing is loaded for it."""
    if config.target_tables is None:
        return ()
    from aigw_tui.config.targets import load_targets

    return tuple(load_targets(config).complaints.values())


def strangers_of_rules(config: Config, rules: Sequence[Rule]) -> tuple[ConfigError, ...]:
    """Names in `to` that are no target. Such a rule is judged and shown like any other."""
    return tuple(
        error
        for rule in rules
        for error in _strangers(config, f"{config.path}: alert {clean(rule.name, 60)!r}: to", rule.to)
    )


def strangers_of_report(config: Config) -> tuple[ConfigError, ...]:
    """Names in `report_to` that are no target."""
    return tuple(_strangers(config, f"{config.sources.get('report_to', 'report_to')}: it", config.report_to))


def _strangers(config: Config, place: str, names: Sequence[str]) -> Iterator[ConfigError]:
    known = _known(config)
    if known is None:
        return
    for name in map(clean, names):
        if name not in known:
            use = f"use {', '.join(known)}" if known else f"write a [target.{name}] table"
            yield ConfigError(f"{place} names {clean(name, 40)!r}, which is no target", did_you_mean(name, known, use))


def _known(config: Config) -> tuple[str, ...] | None:
    """Also those that have a mistake, which is told already; None where nobody is told anything."""
    if config.is_demo:
        return None
    tables = config.target_tables.tables if config.target_tables else {}
    return tuple(map(clean, tables)) if isinstance(tables, dict) else None
