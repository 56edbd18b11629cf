"""How well a stretch of time is known: hours that were read, that still fill, that were sampled, and the holes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aigw_tui.model import HOUR, Trust, Views, Window


@dataclass(frozen=True, slots=True)
class Quality:
    """One dataset's hours of a window, as far as they have begun."""

    dataset: str
    hours: int
    known: int = 0
    """Read at least once, of every account."""
    filling: int = 0
    """Of the known: young, or not confirmed yet."""
    sampled: int = 0
    """Of the known: counted from a sample (±)."""
    holes: tuple[Window, ...] = ()
    """What was never read, oldest first."""

    @property
    def missing(self) -> int:
        return self.hours - self.known

    @property
    def is_whole(self) -> bool:
        return not self.missing


def quality(views: Views, dataset: str, window: Window, accounts: Sequence[str], now: datetime) -> Quality:
    """Of all these accounts together: an hour that one of them lacks is missing."""
    hours = [hour for hour in window.hours if hour < now]
    known = views.known(dataset, window, tuple(accounts)) if accounts else {}
    missing = {hour for hour in hours if hour not in known}
    for account in accounts if len(accounts) > 1 else ():
        own = views.known(dataset, window, (account,))
        missing |= {hour for hour in hours if hour not in own}
    sampled = views.sampled(dataset, window, tuple(accounts)) if accounts else {}
    left = [hour for hour in hours if hour not in missing]
    return Quality(
        dataset,
        len(hours),
        len(left),
        sum(1 for hour in left if known[hour] is not Trust.SETTLED),
        sum(1 for hour in left if hour in sampled),
        holes(sorted(missing)),
    )


def holes(hours: Iterable[datetime]) -> tuple[Window, ...]:
    """Hours in their order, those that follow each other as one window."""
    found: list[Window] = []
    for hour in hours:
        if found and found[-1].until == hour:
            found[-1] = Window(found[-1].since, hour + HOUR)
        else:
            found.append(Window(hour, hour + HOUR))
    return tuple(found)
