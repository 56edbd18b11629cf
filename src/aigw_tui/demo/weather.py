"""What kind of day it is: how much traffic, which troubles, and on the story's day an outage and a runaway key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from aigw_tui.demo.catalogue import WORKERS_AI

RHYTHM = (40, 22, 18, 18, 18, 22, 42, 82, 116, 150, 176, 184, 176, 180, 172, 160, 140, 118, 100, 85, 70, 58, 48, 42)
"""Requests of each hour of an ordinary weekday: quiet from 01 to 05, busy from 10 to 16 UTC."""
WEEKEND = 0.45


@dataclass(frozen=True, slots=True)
class Trouble:
    """An hour in which a provider is in difficulties."""

    hour: int
    provider: str
    chance: float
    """The part of its calls that fail."""
    traffic: float = 1.0
    """The part of the usual traffic that still comes."""
    slowness: float = 1.0
    """By how much calls take longer."""


OUTAGE = Trouble(9, WORKERS_AI, chance=0.38, traffic=0.5, slowness=2.6)
REINDEX = {10: 30, 11: 26, 12: 18, 13: 10, 14: 6, 15: 5, 16: 3, 17: 2, 18: 2, 19: 1, 20: 1, 21: 1, 22: 1}
"""Calls of the runaway key by hour: a job that retries without end, each time after a longer pause."""


@dataclass(frozen=True, slots=True)
class Weather:
    volume: float
    """In proportion to an ordinary weekday."""
    troubles: tuple[Trouble, ...] = ()
    is_story: bool = False

    def trouble(self, hour: int) -> Trouble | None:
        return next((trouble for trouble in self.troubles if trouble.hour == hour), None)


def story_start(today: date) -> datetime:
    """When the demo begins: 14:05 UTC, late enough to have had its outage, early enough to still run out."""
    return datetime.combine(today, time(14, 5), UTC)


def weather(random: Random, day: date, *, is_story: bool) -> Weather:
    """The weather of `day`. The story's day is a weekday with both its troubles, whatever the calendar says."""
    if is_story:
        return Weather(random.uniform(0.96, 1.0), (OUTAGE,), is_story=True)
    volume = random.uniform(0.94, 1.14) * (WEEKEND if day.weekday() >= 5 else 1)
    if random.random() < 0.06:
        volume *= 1.3
    troubles: tuple[Trouble, ...] = ()
    if random.random() < 0.15:
        provider = random.choice((WORKERS_AI, "openai", "anthropic", "google-ai-studio"))
        troubles = (Trouble(random.randrange(6, 22), provider, random.uniform(0.15, 0.4), 0.9, 1.6),)
    return Weather(volume, troubles)
