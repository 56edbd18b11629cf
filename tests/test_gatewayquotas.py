"""What gateways limit by their own settings: never surer than what Cloudflare tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aigw_tui.insight.gatewayquotas import budget_quota, gateway_quotas
from aigw_tui.insight.verdict import judge
from aigw_tui.model import Budget, Gateway, Live, Quota, Snapshot, SpendLimit, Window
from world import ACCOUNT, GPT, NOW, TODAY, failure_row, recorded_all, request_row, scene

PROD = Gateway(
    "prod", rate_limit=50, rate_interval_s=60, collects_logs=True, log_limit=1000, log_strategy="DELETE_OLDEST",
    spend_limits=(SpendLimit(10.0, 4 * 3600),),
)  # fmt: skip
ROWS = [request_row(hour, GPT, cost=1.0) for hour in range(15)]


def snapshot(gateway: Gateway = PROD, logs: int | None = 950, **rows: object) -> Snapshot:
    """Of one gateway, with its stored logs, and what it was asked today."""
    found = {"requests": ROWS, "failures": [failure_row(9, "429", "1", 7), failure_row(9, "500", "0", 3)], **rows}
    live = (Live("storage", ACCOUNT, ("gateway",), Window(TODAY, NOW), rows=(("prod", logs),)),)
    seen = scene(views=recorded_all(**found), live=live if logs is not None else ()).snapshot  # type: ignore[arg-type]
    return replace(seen, gateways=((ACCOUNT, (gateway,)),))


def quota(name: str, of: Snapshot) -> Quota:
    (found,) = (one for one in gateway_quotas(of) if one.name == name)
    return found


def test_a_spend_limit_is_estimated() -> None:
    """At 14:05 four hours are 55 minutes of the hour from 10:00, three whole ones, and the one that runs."""
    found = quota("spend", snapshot())
    assert found.used == pytest.approx(55 / 60 + 4)
    assert (found.is_estimate, found.limit, found.gateway) == (True, 10.0, "prod")


@pytest.mark.parametrize(
    "rule", [SpendLimit(10.0, 60), SpendLimit(10.0, 86_400, model=GPT), SpendLimit(10.0, 86_400, provider="openai")]
)
def test_a_spend_limit_that_cannot_be(rule: SpendLimit) -> None:
    """Shorter than an hour, or of a part of the traffic: unknown, and it says why."""
    found = quota("spend", snapshot(replace(PROD, spend_limits=(rule,))))
    assert (found.used, found.share) == (None, None)
    assert found.note.startswith("not estimated: ")
    assert judge(found).role == "muted"


def test_a_spend_limit_over_hours_that_were_never_read() -> None:
    """A sum with holes would be too low, so it is unknown."""
    assert quota("spend", snapshot(replace(PROD, spend_limits=(SpendLimit(10.0, 86_400 * 2),)))).used is None


def test_a_rate_limit() -> None:
    """Counted by what it turned away; other failures do not count."""
    found = quota("rate_limit", snapshot())
    assert (found.used, found.limit, found.refused) == (None, 50, 7)
    assert judge(found).texts[0] == "▲ 7 turned away today"
    calm = quota("rate_limit", snapshot(failures=[]))
    assert (calm.refused, judge(calm).texts[0]) == (0, "✓ none turned away today")


def test_no_rate_limit() -> None:
    """0 is none."""
    assert "rate_limit" not in {one.name for one in gateway_quotas(snapshot(replace(PROD, rate_limit=0)))}


def test_where_rate_limits_have_no_mark() -> None:
    """Their status tells them."""
    assert quota("rate_limit", snapshot(failures=[failure_row(9, "429", "", 4)])).refused == 4


def test_stored_logs() -> None:
    """How full, and what happens then; unknown without an answer, nothing to say of logs that are off."""
    found = quota("logs", snapshot())
    assert (found.used, found.share) == (950, 0.95)
    assert judge(found).role == "warn"
    assert quota("logs", snapshot(logs=None)).used is None
    assert "logs" not in {one.name for one in gateway_quotas(snapshot(replace(PROD, collects_logs=False)))}


def test_our_own_budget() -> None:
    """Of 300 in five minutes."""
    found = budget_quota(Budget(270))
    assert (found.share, judge(found).role) == (0.9, "warn")
