"""The state of a rule as text, for the store."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from aigw_tui.insight.alerting import RESTING
from aigw_tui.model import AlertState, Estimate, Phase

MOMENTS = ("since", "began", "fired", "seen")
VALUES = ("value", "peak")


def written(state: AlertState) -> str:
    """JSON; moments in seconds since 1970; `about` names the values that are estimates."""
    found: dict[str, Any] = {name: _second(getattr(state, name)) for name in MOMENTS}
    found |= {"phase": state.phase.value, "lost": state.lost.total_seconds(), "value": state.value, "peak": state.peak}
    found["about"] = [name for name in VALUES if isinstance(found[name], Estimate)] or None
    return json.dumps({key: value for key, value in found.items() if value is not None})


def read(text: str | None) -> AlertState:
    """The same state; at rest where there is none, or where its text is damaged."""
    try:
        found = json.loads(text or "{}")
        moments = {name: datetime.fromtimestamp(found[name], UTC) for name in MOMENTS if name in found}
        return AlertState(
            Phase(found.get("phase", "inactive")),
            **moments,
            lost=timedelta(seconds=found.get("lost", 0)),
            value=_value(found, "value"),
            peak=_value(found, "peak"),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
        return RESTING


def _second(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _value(found: dict[str, Any], name: str) -> float | None:
    value: float | None = found.get(name)
    return value if value is None or name not in found.get("about", ()) else Estimate(value)
