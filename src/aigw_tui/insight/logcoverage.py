"""How many of a gateway's requests are in its logs, and the likeliest reason for the difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aigw_tui.insight.logstorage import DELETES, STOPS
from aigw_tui.model import DAY, Gateway

SMALL_GAP = 0.01
"""Share of the requests below which a difference is no news."""
FAR_BACK = DAY
"""How long ago a window begins whose older logs may be deleted already."""
FULL_FROM = 0.95
"""Share of the limit from which logs were deleted for room: what deletes the oldest need not stay at the limit."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a gateway in a closed window. None is unknown."""

    requests: int | None
    """Counted by analytics."""
    logs: int | None
    """Of the window, counted by the logs themselves."""
    why: str = ""
    """Why the logs could not be asked."""
    gateway: Gateway | None = None
    stored: int | None = None
    """Logs that it stores now, of all time."""
    reach: timedelta = timedelta(0)
    """How long ago the window began."""
    is_sampled: bool = False
    is_gone: bool = False
    """The account has no gateway of that name any more."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One gateway's requests beside its logs."""

    requests: int | None
    logs: int | None
    role: str
    """`good`, `warn`, `bad` or `muted`."""
    remark: str
    is_sampled: bool = False

    @property
    def missing(self) -> int | None:
        """Requests without a log; negative: more logs than requests."""
        return None if self.requests is None or self.logs is None else self.requests - self.logs

    @property
    def share(self) -> float | None:
        return self.logs / self.requests if self.requests and self.logs is not None else None


def judge(found: Evidence) -> Coverage:
    """The first explanation that the evidence allows, from what is certain to what is only likely."""
    role, remark = _explained(found)
    return Coverage(found.requests, found.logs, role, remark, found.is_sampled)


def _explained(found: Evidence) -> tuple[str, str]:
    gateway = found.gateway
    if found.why:
        return "warn", found.why
    if gateway and gateway.collects_logs is False:
        return "muted", "logging is off"
    if gateway and gateway.log_strategy == STOPS and _fills(found, 1.0):
        return "bad", "log storage is full"
    if found.is_gone:
        return "muted", "the gateway no longer exists"
    if found.logs is None:
        return "muted", "logs not counted yet"
    if found.requests is None:
        return "muted", "history has not read all of these hours"
    return _compared(found, found.requests, found.logs)


def _compared(found: Evidence, requests: int, logs: int) -> tuple[str, str]:
    """The same where there are both counts."""
    if logs < requests and _was_deleted(found):
        return "warn", "older logs were deleted (retention)"
    if logs and not requests:
        return "warn", "unexplained: logs of requests that nobody counted"
    if logs > requests:
        return "good", "retries: one request, several attempts"
    if logs == requests:
        return "good", "complete" if requests else "no requests"
    if found.is_sampled:
        return "muted", "counts are sampled, ±"
    if requests - logs <= requests * SMALL_GAP:
        return "good", "complete"
    return "warn", "unexplained: not ingested yet, or logs switched off for a while"


def _was_deleted(found: Evidence) -> bool:
    """Whether older logs made room for newer ones; where the store is known to be far from full, none did."""
    is_deleting = found.gateway is not None and found.gateway.log_strategy == DELETES
    return is_deleting and found.reach > FAR_BACK and (found.stored is None or _fills(found, FULL_FROM))


def _fills(found: Evidence, share: float) -> bool:
    """Whether so much of the limit is used; what the window alone holds is the least that is stored."""
    rows = max(found.stored or 0, found.logs or 0)
    limit = found.gateway.log_limit if found.gateway else None
    return bool(limit) and rows >= (limit or 0) * share
