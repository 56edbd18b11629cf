"""Of the accounts that a scope shows, the one whose quota is told."""

from __future__ import annotations

from aigw_tui.model import Quota, Snapshot


def quota_of(snapshot: Snapshot, name: str) -> Quota | None:
    """The quota of the scope's account; of several accounts the one that is used up furthest."""
    accounts = snapshot.scope.values("account")
    found = [quota for quota in snapshot.quotas if quota.name == name and (not accounts or quota.account in accounts)]
    return max(found, key=lambda quota: -1.0 if quota.share is None else quota.share, default=None)


def owner(snapshot: Snapshot, quota: Quota | None) -> str:
    """Whose quota it is, when several accounts are watched and the scope does not say."""
    if quota is None or len(snapshot.labels) < 2 or snapshot.scope.values("account"):
        return ""
    return dict(snapshot.labels).get(quota.account, quota.account)
