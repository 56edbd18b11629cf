"""The account's truth, ungrouped: what a reader of all its datasets should find in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aigw_tui.demo.account import Account
from aigw_tui.model import Window


@dataclass(frozen=True, slots=True)
class Totals:
    """What went through the gateways, and what Workers AI inferred, also for those who bypass them."""

    requests: int = 0
    errors: int = 0
    rate_limited: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    """USD, list price, of all providers."""
    inferences: int = 0
    neurons: float = 0.0


def totals(
    account: Account,
    window: Window,
    now: datetime | None = None,
    *,
    gateway: str = "",
    provider: str = "",
    model: str = "",
) -> Totals:
    """The totals of a window: final ones, or those that the datasets can show at `now`.

    Narrowed to a gateway, inferences and neurons are those of its requests, which no dataset of Cloudflare's tells.
    """
    moment = float("inf") if now is None else now.timestamp()
    events = [
        event
        for event in account.events(window.since.timestamp(), window.until.timestamp())
        if gateway in ("", event.gateway) and provider in ("", event.model.provider) and model in ("", event.model.name)
    ]
    routed = [event for event in events if event.gateway and event.shown_at <= moment]
    inferred = [event for event in events if event.is_inference and event.counted_at <= moment]
    return Totals(
        requests=len(routed),
        errors=sum(event.is_error for event in routed),
        rate_limited=sum(event.is_limited for event in routed),
        cached=sum(event.is_cached for event in routed),
        tokens_in=sum(event.tokens_in for event in routed),
        tokens_out=sum(event.tokens_out for event in routed),
        cost=sum(event.cost for event in routed),
        inferences=len(inferred),
        neurons=sum(event.neurons for event in inferred),
    )
