"""How full a gateway's log storage is, and what happens at its limit."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.model import Gateway

DELETES, STOPS = "DELETE_OLDEST", "STOP_INSERTING"
AT_LIMIT = {DELETES: "oldest are deleted", STOPS: "nothing new is kept"}
"""Strategy → what happens at the limit (documented)."""
NEARLY = 0.9
"""Share from which it is soon full."""


@dataclass(frozen=True, slots=True)
class Storage:
    """One gateway's stored logs. None is unknown."""

    rows: int | None
    limit: int | None
    role: str
    """`bad`, `warn`, `good` or `muted`."""
    remark: str

    @property
    def share(self) -> float | None:
        return None if self.rows is None or not self.limit else self.rows / self.limit

    @property
    def is_full(self) -> bool:
        return (self.share or 0.0) >= 1.0


def judge(gateway: Gateway | None, rows: int | None) -> Storage:
    """`gateway`: its settings, None where they are not known. `rows`: how many logs it stores now."""
    limit = gateway.log_limit if gateway and gateway.log_limit and gateway.log_limit > 0 else None
    then = AT_LIMIT.get(gateway.log_strategy, "") if gateway else ""
    found = Storage(rows, limit, "muted", "")
    if gateway and gateway.collects_logs is False:
        return Storage(rows, limit, "muted", "logging is off")
    if found.is_full:
        return Storage(rows, limit, "bad" if then == AT_LIMIT[STOPS] else "warn", f"full: {then}" if then else "full")
    if limit is None:
        return Storage(rows, limit, "muted", "limit unknown")
    if rows is None:
        return Storage(rows, limit, "muted", "no count in the last hour")
    if (found.share or 0.0) >= NEARLY:
        return Storage(rows, limit, "warn", f"soon full: {then}" if then else "soon full")
    return Storage(rows, limit, "good", f"when full: {then}" if then else "")


def worst_first(storage: Storage) -> tuple[float, int]:
    """Key to sort by: full ones that keep nothing new, then by share, unknown last."""
    is_lost = storage.role == "bad"
    return (-(storage.share if storage.share is not None else -1.0) - (1e9 if is_lost else 0.0), -(storage.rows or 0))
