"""Made-up accounts whose every hour is known: rhythms, weekends, bursts, outages, new regimes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from aigw_tui.model import DAY, HOUR

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
OFFICE = (2, 1, 1, 1, 1, 2, 6, 20, 60, 90, 100, 95, 70, 85, 100, 95, 80, 50, 25, 12, 8, 6, 4, 3)
SHOP = (20, 14, 10, 8, 8, 10, 18, 30, 42, 50, 55, 60, 66, 60, 55, 55, 60, 70, 85, 100, 95, 80, 55, 35)
FLAT = (50,) * 24
SEEDS = 10
"""Accounts of a kind in the README's tables."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How an account lives. Levels are relative to an ordinary weekday."""

    name: str
    shape: tuple[int, ...]
    weekend: float = 1.0
    hourly: float = 0.2
    """Standard deviation of the logarithm of each hour, by itself."""
    daily: float = 0.12
    """The same of whole days."""
    bursts: float = 0.0
    """A day: how often a few hours are 3 to 8 times as busy."""
    outages: float = 0.0
    """A day: how often 2 to 6 hours are empty."""
    regimes: float = 0.0
    """A day: how often the level becomes another for good, at any hour."""
    growth: float = 0.0
    """A day."""
    batch: float = 0.0
    """Of a day's use: a job in one evening hour, on four days of five."""
    level: float = 1.0
    """Of 7,000 neurons a weekday."""
    idle: float = 0.0
    """Share of the hours in which nothing happens."""


KINDS = (
    Kind("office hours, quiet weekends", OFFICE, weekend=0.15),
    Kind("shop, busy evenings and weekends", SHOP, weekend=1.4),
    Kind("all day the same", FLAT, hourly=0.3),
    Kind("bursts", SHOP, bursts=0.5),
    Kind("outages", OFFICE, weekend=0.5, outages=0.15),
    Kind("new regimes", SHOP, regimes=0.08),
    Kind("growing 4 % a day", OFFICE, weekend=0.3, growth=0.04),
    Kind("a batch job in the evening", OFFICE, weekend=0.4, batch=0.4),
    Kind("restless days", SHOP, daily=0.45, hourly=0.4),
)
LITTLE = Kind("little, now and then", OFFICE, weekend=0.3, hourly=0.8, level=0.05, idle=0.3)


def series(kind: Kind, days: int, seed: int) -> Mapping[datetime, float]:
    """Every hour from `START` on, in neurons."""
    chance = Random(f"{kind.name} {seed}")  # noqa: S311 - no secret
    found: dict[datetime, float] = {}
    level = kind.level * 7_000 / sum(kind.shape) * math.exp(chance.gauss(0, 0.3))
    busy = calm = 0
    factor = 1.0
    for n in range(days):
        day = START + DAY * n
        mood = math.exp(chance.gauss(0, kind.daily)) * (kind.weekend if day.weekday() >= 5 else 1.0)
        job = chance.choice((20, 21, 21, 22)) if kind.batch and chance.random() < 0.8 else None
        for hour in range(24):
            if chance.random() < kind.regimes / 24:
                level *= math.exp(chance.choice((-1, 1)) * chance.uniform(0.4, 1.1))
            if not busy and chance.random() < kind.bursts / 24:
                busy, factor = chance.randint(1, 4), chance.uniform(3, 8)
            if not calm and chance.random() < kind.outages / 24:
                calm = chance.randint(2, 6)
            value = level * mood * kind.shape[hour] * math.exp(chance.gauss(0, kind.hourly)) * (1 + kind.growth) ** n
            value *= factor if busy else 1.0
            value += level * sum(kind.shape) * kind.batch * math.exp(chance.gauss(0, 0.2)) if hour == job else 0.0
            is_idle = bool(kind.idle) and chance.random() < kind.idle
            found[day + HOUR * hour] = 0.0 if calm or is_idle else value
            busy, calm = max(busy - 1, 0), max(calm - 1, 0)
    return found
