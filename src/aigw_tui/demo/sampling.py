"""Adaptive sampling: which events a dataset looks at, and how sure the counts are that it makes of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import blake2b
from statistics import NormalDist
from typing import Any, NamedTuple

from aigw_tui.demo.event import Event
from aigw_tui.demo.refusal import Refusal

REDRAWN = 6
"""One in so many events is drawn anew for each salt: two samples then differ by about 0.6 of a standard deviation, so
that nearly always one count lies within the other's interval."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One in `interval` events; another `salt` chooses some others."""

    interval: int = 1
    salt: str = ""

    def holds(self, event: Event) -> bool:
        """The same event gets the same answer in every question and every process."""
        if self.interval == 1:
            return True
        drawn = _drawn(event, "")
        if self.salt and drawn // self.interval % REDRAWN == 0:
            drawn = _drawn(event, self.salt)
        return drawn % self.interval == 0


def _drawn(event: Event, salt: str) -> int:
    # Not hash(): that of text differs between processes.
    told = f"{salt}|{event.at}|{event.delay}|{event.gateway}|{event.model.name}|{event.duration_ms}"
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest())


WHOLE = Sample()


class Counted(NamedTuple):
    """So many sampled events, of which each stands for `interval`."""

    size: int
    interval: int

    def confidence(self, level: float) -> dict[str, Any]:
        """The scaled count with its interval, by the normal approximation of a binomial sample; raises Refusal."""
        if not 0 < level < 1:
            raise Refusal(f"error parsing args: level must be between 0 and 1, not {level}")
        estimate = self.size * self.interval
        deviations = NormalDist().inv_cdf((1 + level) / 2)
        margin = deviations * self.interval * math.sqrt(self.size * (1 - 1 / self.interval))
        interval = {
            "estimate": estimate,
            "lower": max(estimate - margin, self.size),
            "upper": estimate + margin,
            "sampleSize": self.size,
        }
        return {"level": level, "count": interval}
