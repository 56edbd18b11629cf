"""Alerts and episodes in the order of the screen, and as a table of values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from aigw_tui.model import Alert, Cell, Episode, Estimate, Phase, Sheet, Snapshot

Kind = Literal["firing", "pending", "over", "watched", "unknown"]
COLUMNS = (
    "state",
    "rule",
    "name",
    "account",
    "severity",
    "since",
    "resolved",
    "value",
    "value_estimated",
    "peak",
    "peak_estimated",
    "condition",
    "unknown_because",
    "silenced_until",
)
"""`since`: when it fired, or began to hold. `name`: the one that a rule with `each` is judged for. Values are in
the rule's own unit, shares of 1; what rests on a nowcast is estimated, else it is not, never both."""


def listed(snapshot: Snapshot) -> tuple[Alert | Episode, ...]:
    """What fires or may fire, then what is over, then what is only watched."""
    return (
        *(one for one in snapshot.alerts if one.phase is not Phase.INACTIVE),
        *(one for one in snapshot.episodes if one.resolved is not None),
        *(one for one in snapshot.alerts if one.phase is Phase.INACTIVE),
    )


def kind_of(one: Alert) -> Kind:
    """What it is called; a rule that is only watched may be unknown."""
    if one.phase.is_on:
        return "firing"
    if one.phase is Phase.PENDING:
        return "pending"
    return "unknown" if one.why else "watched"


def alert_sheet(panel: str, rows: Iterable[Alert | Episode]) -> Sheet:
    return Sheet(panel, COLUMNS, tuple(_episode(one) if isinstance(one, Episode) else _alert(one) for one in rows))


def _alert(one: Alert) -> tuple[Cell, ...]:
    what: tuple[Cell, ...] = (kind_of(one), one.rule, one.name or None, one.account, one.severity)
    return (*what, one.since, None, *_apart(one.value), None, None, one.words, one.why or None, one.silenced_until)


def _episode(one: Episode) -> tuple[Cell, ...]:
    what: tuple[Cell, ...] = ("over", one.rule, one.name or None, one.account, one.severity)
    return (*what, one.fired, one.resolved, None, None, *_apart(one.peak), one.words, None, None)


def _apart(value: float | None) -> tuple[Cell, Cell]:
    """Measured, estimated."""
    return (None, float(value)) if isinstance(value, Estimate) else (value, None)
