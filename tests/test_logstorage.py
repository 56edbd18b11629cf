"""Log storage: full is what is full, and what is not known is neither full nor empty."""

from __future__ import annotations

import pytest

from aigw_tui.insight.logstorage import judge, worst_first
from aigw_tui.model import Gateway

STOPPING = Gateway("g", collects_logs=True, log_limit=1000, log_strategy="STOP_INSERTING")
DELETING = Gateway("g", collects_logs=True, log_limit=1000, log_strategy="DELETE_OLDEST")
SILENT = Gateway("g", log_limit=1000)


@pytest.mark.parametrize(
    ("gateway", "rows", "role", "remark"),
    [
        (STOPPING, 1000, "bad", "full: nothing new is kept"),
        (DELETING, 1004, "warn", "full: oldest are deleted"),
        (SILENT, 1000, "warn", "full"),
        (STOPPING, 999, "warn", "soon full: nothing new is kept"),
        (DELETING, 900, "warn", "soon full: oldest are deleted"),
        (DELETING, 899, "good", "when full: oldest are deleted"),
        (DELETING, 0, "good", "when full: oldest are deleted"),
        (SILENT, 5, "good", ""),
        (DELETING, None, "muted", "no count in the last hour"),
        (Gateway("g", log_strategy="STOP_INSERTING"), 10**9, "muted", "limit unknown"),
        (Gateway("g", log_limit=0), 5, "muted", "limit unknown"),
        (None, 5, "muted", "limit unknown"),
        (Gateway("g", collects_logs=False, log_limit=10, log_strategy="STOP_INSERTING"), 10, "muted", "logging is off"),
    ],
)
def test_what_is_said(gateway: Gateway | None, rows: int | None, role: str, remark: str) -> None:
    """By its limit and what happens there; logging that is off loses nothing by being full."""
    found = judge(gateway, rows)
    assert (found.role, found.remark) == (role, remark)


def test_the_worst_first() -> None:
    """What loses new logs, then the fullest, and what is unknown last."""
    lost, full, half, empty, unknown = (
        judge(STOPPING, 1000), judge(DELETING, 2000), judge(STOPPING, 500), judge(DELETING, 0), judge(None, 7)
    )  # fmt: skip
    assert sorted((unknown, empty, half, full, lost), key=worst_first) == [lost, full, half, empty, unknown]
