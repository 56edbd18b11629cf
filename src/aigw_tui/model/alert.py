"""Alerts: the phase a rule is in, what the monitor shows of it, and the episodes that are over."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple


class Place(NamedTuple):
    """What one state machine watches."""

    rule: str
    account: str
    name: str = ""
    """Of a gateway, provider or model, where the rule is judged for each; empty: all that matches is one sum."""


def titled(rule: str, name: str) -> str:
    """`errors`, `errors [gpt-5-mini]`; foreign text as it is."""
    return f"{rule} [{name}]" if name else rule


@dataclass(frozen=True, slots=True)
class Silences:
    """Of which nobody is told, and until when."""

    until: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """(rule, name) → moment; an empty name is the whole rule."""

    def of(self, rule: str, name: str = "") -> datetime | None:
        """Until when; None: it may be told."""
        if not self.until:
            return None
        found = [end for each in {"", name} if (end := self.until.get((rule, each)))]
        return max(found, default=None)


class Phase(enum.Enum):
    """inactive → pending (`for`) → firing → recovering (`keep_firing_for`) → inactive."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    RECOVERING = "recovering"
    """The condition is over, but not for long enough yet."""

    @property
    def is_on(self) -> bool:
        """It fired and is not resolved."""
        return self in (Phase.FIRING, Phase.RECOVERING)


@dataclass(frozen=True, slots=True)
class AlertState:
    """Where one rule stands with what it looks at. Moments: UTC."""

    phase: Phase = Phase.INACTIVE
    since: datetime | None = None
    """When the phase began."""
    began: datetime | None = None
    """When the condition began to hold, of the episode that is running."""
    fired: datetime | None = None
    seen: datetime | None = None
    """The last moment at which something was known."""
    lost: timedelta = timedelta(0)
    """How much of the phase nobody saw: a machine that slept, figures that were missing."""
    value: float | None = None
    """The last that was known."""
    peak: float | None = None
    """The worst of the episode."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule as it is shown: what it says of one account."""

    rule: str
    account: str
    severity: str
    """`warning` or `critical`."""
    phase: Phase
    words: str
    """The rule's condition: `error rate above 5.0 % for 15 min`."""
    value: float | None = None
    figure: str = ""
    """The value in words: `7.2 %`, `~92 %`; `–` while unknown."""
    since: datetime | None = None
    why: str = ""
    """Why nothing can be told now; empty while it can."""
    narrow: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What the rule is about: (field of a scope, names)."""
    silenced_until: datetime | None = None
    name: str = ""
    """Of a rule that is judged for each: which; empty for all those that are at rest."""
    each: str = ""
    """What the rule is judged for each of: a field of a scope; empty: it is one sum."""

    @property
    def place(self) -> Place:
        return Place(self.rule, self.account, self.name)

    @property
    def title(self) -> str:
        return titled(self.rule, self.name)


def heard(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Those that fire, and that nobody silenced."""
    return tuple(one for one in alerts if one.phase.is_on and not one.silenced_until)


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of firing."""

    rule: str
    account: str
    began: datetime
    """When the condition began to hold."""
    fired: datetime
    resolved: datetime | None
    """None: it goes on."""
    severity: str
    peak: float | None
    words: str
    name: str = ""
    """Of a rule that is judged for each: which."""

    @property
    def place(self) -> Place:
        return Place(self.rule, self.account, self.name)

    @property
    def title(self) -> str:
        return titled(self.rule, self.name)
