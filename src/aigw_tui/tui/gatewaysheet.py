"""Gateways and what is known of their logs, as a table of values."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.insight.logcoverage import Coverage
from aigw_tui.insight.logstorage import Storage
from aigw_tui.model import Sheet
from aigw_tui.tui.gatewaylines import Named


def coverage_sheet(panel: str, names: Sequence[Named], coverages: Sequence[Coverage]) -> Sheet:
    """Missing ones are negative where there are more logs than requests; the share is of 1."""
    return Sheet(
        panel,
        ("account", "gateway", "requests", "logs", "missing", "covered", "reason"),
        tuple(
            (*name.id, one.requests, one.logs, one.missing, one.share, one.remark)
            for name, one in zip(names, coverages, strict=True)
        ),
    )


def storage_sheet(panel: str, names: Sequence[Named], storages: Sequence[Storage]) -> Sheet:
    """How full it is: a share, 1 at the limit."""
    return Sheet(
        panel,
        ("account", "gateway", "logs", "logs_limit", "full", "remark"),
        tuple(
            (*name.id, one.rows, one.limit, one.share, one.remark) for name, one in zip(names, storages, strict=True)
        ),
    )
