"""What an hour of tokens usually is: the same hour of days before, and how far such hours stray from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import log
from statistics import median, quantiles
from typing import NamedTuple

from aigw_tui.model import DAY, HOUR

FEWEST_DAYS = 7
MOST_DAYS = 28
FEWEST_WEEKS = 3
"""From which on the same weekday is compared."""
MOST_WEEKS = 5
REACH = DAY * (MOST_DAYS + 7 * MOST_WEEKS) + HOUR
"""What was before that makes no difference to an hour."""
LEAST_TOKENS = 20_000
"""An hour with fewer is no spike, however quiet it is otherwise."""
SMALL = LEAST_TOKENS / 4
"""Added to every hour, so that 10 tokens after 1 are nothing."""
LEAST_SPREAD = log(2) / 6
"""Hours that happen to be alike: with the default of 6 deviations, twice the usual is no spike yet."""
MOST_SPREAD = log(6) / 6
"""And six times the usual is one, however restless the hours are."""
BENEATH = 2
"""What one hour in ten reaches is no spike: as usual counts also what lies so many deviations below that."""


class Usual(NamedTuple):
    """What an hour is measured by, as logarithms."""

    level: float
    """From which on it is more than usual."""
    spread: float

    def deviations(self, tokens: float) -> float:
        """How many median absolute deviations so many tokens lie above it."""
        return (log(tokens + SMALL) - self.level) / self.spread


class Rhythm:
    """Tokens of consecutive hours, None where they are unknown, by their place; an hour knows only those before it.

    On a logarithmic scale: busy hours scatter more than quiet ones, by about the same factor, and a median absolute
    deviation of tokens would find three times the usual wherever hours differ by half.
    """

    def __init__(self, hours: Sequence[float | None], in_a_day: int = 24) -> None:
        """`in_a_day`: how many there are of each day; an hour is judged by those before it and an hour beside them."""
        self._hours, self._day = hours, in_a_day
        self._levels = [None if tokens is None else log(tokens + SMALL) for tokens in hours]
        self._middles: dict[int, float | None] = {}

    def days(self, place: int) -> list[float]:
        """The same hour of the days before, as far as it is known."""
        return self._known(range(place - self._day, place - self._day * MOST_DAYS - 1, -self._day))

    def deviations(self, place: int) -> float | None:
        """How far the hour lies above what is usual; None: that, or the hour itself, is not known."""
        tokens, usual = self._hours[place], self.usual(place)
        return None if tokens is None or usual is None else usual.deviations(tokens)

    def usual(self, place: int) -> Usual | None:
        """Of an hour whose own tokens make no difference; None: too few days before are known."""
        middle = self._middle(place)
        if middle is None:
            return None
        strays = self._strays(place, (0,))
        center = median(strays)
        spread = median(abs(stray - center) for stray in strays)
        spread = min(max(spread, LEAST_SPREAD), MOST_SPREAD)
        *_, often = quantiles(self._strays(place, (-1, 0, 1)), n=10, method="inclusive")
        return Usual(middle + max(often - BENEATH * spread, 0.0), spread)

    def _middle(self, place: int) -> float | None:
        if place not in self._middles:
            days = self.days(place)
            week = 7 * self._day
            weeks = self._known(range(place - week, place - week * MOST_WEEKS - 1, -week))
            chosen = weeks if len(weeks) >= FEWEST_WEEKS else days
            self._middles[place] = median(chosen) if len(days) >= FEWEST_DAYS else None
        return self._middles[place]

    def _strays(self, place: int, beside: tuple[int, ...]) -> list[float]:
        """How far the hours before lay above what was usual for them then, beside them those an hour away.

        In the first two weeks it is how far they lie above each other's median.
        """
        found = []
        for one in (place - self._day * n + side for n in range(1, MOST_DAYS + 1) for side in beside):
            level, middle = (self._levels[one], self._middle(one)) if one >= 0 else (None, None)
            if level is not None and middle is not None:
                found.append(level - middle)
        if len(found) >= FEWEST_DAYS * len(beside):
            return found
        same = [days for side in beside if (days := self.days(place + side))]
        return list(chain.from_iterable((level - median(days) for level in days) for days in same))

    def _known(self, places: Iterable[int]) -> list[float]:
        return [level for one in places if one >= 0 and (level := self._levels[one]) is not None]
