"""Log coverage: one reason a gateway, the first that the evidence allows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aigw_tui.insight.logcoverage import Evidence, judge
from aigw_tui.model import DAY, HOUR, Gateway

STOPPING = Gateway("g", collects_logs=True, log_limit=1000, log_strategy="STOP_INSERTING")
DELETING = Gateway("g", collects_logs=True, log_limit=1000, log_strategy="DELETE_OLDEST")
OFF = replace(STOPPING, collects_logs=False)
UNEXPLAINED = "unexplained: not ingested yet, or logs switched off for a while"
DELETED = "older logs were deleted (retention)"


@pytest.mark.parametrize(
    ("found", "role", "remark"),
    [
        (Evidence(100, None, "logs cannot be read: 403", OFF, is_sampled=True), "warn", "logs cannot be read: 403"),
        (Evidence(100, 0, gateway=OFF, stored=1000, is_sampled=True), "muted", "logging is off"),
        (Evidence(100, 60, gateway=STOPPING, stored=1000), "bad", "log storage is full"),
        (Evidence(2000, 1000, gateway=STOPPING), "bad", "log storage is full"),
        (Evidence(100, 60, gateway=STOPPING, stored=999), "warn", UNEXPLAINED),
        (Evidence(100, None, is_gone=True), "muted", "the gateway no longer exists"),
        (Evidence(100, None, gateway=DELETING), "muted", "logs not counted yet"),
        (Evidence(None, 60, gateway=DELETING), "muted", "history has not read all of these hours"),
        (Evidence(100, 60, gateway=DELETING, stored=980, reach=DAY * 2), "warn", DELETED),
        (Evidence(100, 60, gateway=DELETING, reach=DAY * 2, is_sampled=True), "warn", DELETED),
        (Evidence(100, 60, gateway=DELETING, stored=300, reach=DAY * 2), "warn", UNEXPLAINED),
        (Evidence(100, 60, gateway=DELETING, stored=1000, reach=HOUR * 6), "warn", UNEXPLAINED),
        (Evidence(100, 104, gateway=DELETING, is_sampled=True), "good", "retries: one request, several attempts"),
        (Evidence(0, 4, gateway=DELETING), "warn", "unexplained: logs of requests that nobody counted"),
        (Evidence(100, 60, is_sampled=True), "muted", "counts are sampled, ±"),
        (Evidence(100, 100, is_sampled=True), "good", "complete"),
        (Evidence(100, 99), "good", "complete"),
        (Evidence(100, 98), "warn", UNEXPLAINED),
        (Evidence(0, 0), "good", "no requests"),
    ],
)
def test_the_reason(found: Evidence, role: str, remark: str) -> None:
    """What is certain comes before what is likely, and what the evidence contradicts is never said."""
    judged = judge(found)
    assert (judged.role, judged.remark) == (role, remark)


def test_what_is_missing() -> None:
    """Unknown where either count is; more logs than requests are less than nothing; of none there is no share."""
    assert (judge(Evidence(100, 60)).missing, judge(Evidence(100, 60)).share) == (40, 0.6)
    assert (judge(Evidence(100, 103)).missing, judge(Evidence(100, 103)).share) == (-3, 1.03)
    assert (judge(Evidence(0, 0)).missing, judge(Evidence(0, 0)).share) == (0, None)
    assert (judge(Evidence(None, 3)).missing, judge(Evidence(100, None)).share) == (None, None)
