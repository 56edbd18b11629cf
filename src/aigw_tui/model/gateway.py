"""A gateway's settings, as far as figures depend on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpendLimit:
    """One rule that a gateway refuses requests by."""

    limit_usd: float
    window_s: int
    model: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Gateway:
    """None is unknown."""

    id: str
    cache_ttl_s: int | None = None
    collects_logs: bool | None = None
    rate_limit: int | None = None
    """Requests in `rate_interval_s`; 0 is no limit."""
    rate_interval_s: int | None = None
    rate_technique: str = ""
    log_limit: int | None = None
    """Rows of logs that are kept."""
    log_strategy: str = ""
    """What happens at the limit: `DELETE_OLDEST` or `STOP_INSERTING`."""
    is_authenticated: bool | None = None
    spend_limits: tuple[SpendLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """How many request logs a gateway holds of a closed window."""

    gateway: str
    rows: int | None
    """None: the logs could not be asked, see `why`."""
    why: str = ""
