"""Where an answer's figures come from, dataset by dataset, and what of the window nobody ever read."""

from __future__ import annotations

from aigw_tui.model import HOUR, Freshness, Snapshot, Window, hour_of
from aigw_tui.outlets.exports import Source

DATASETS = ("requests", "neurons")


def sources_of(
    snapshot: Snapshot, freshness: Freshness, window: Window, datasets: tuple[str, ...] = DATASETS
) -> tuple[Source, ...]:
    """One for each dataset; `window` is what was asked for."""
    return tuple(_source(snapshot, freshness, window, name) for name in datasets)


def _source(snapshot: Snapshot, freshness: Freshness, window: Window, name: str) -> Source:
    accounts = snapshot.scope.values("account") or tuple(account for account, _ in snapshot.labels)
    hours = {hour for hour in window.hours if hour <= snapshot.now}
    known = snapshot.views.known(name, window, accounts)
    faults = [one for one in snapshot.faults if one.dataset in (name, "round")]
    is_missing = any(one.dataset == name and not one.measure for one in snapshot.missing)
    state = "missing" if is_missing else "none" if not known else "stale" if freshness.is_stale or faults else "ok"
    end = max(known, default=None)
    covers = None if end is None else min(end + HOUR, freshness.good_at or hour_of(snapshot.now), snapshot.now)
    return Source(
        name,
        state,
        freshness.good_at,
        covers,
        len(hours - {*known}),
        f"{faults[0].what}: {faults[0].why}" if faults else None,
    )
