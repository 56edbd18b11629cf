"""What is owed, by account and day: what other providers cost, and neurons above the allowance on a paid plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from aigw_tui.insight.families import of_family
from aigw_tui.insight.joined import plus
from aigw_tui.model import USD_PER_NEURON, Query, Trust, Views, Window, day_of

if TYPE_CHECKING:
    from aigw_tui.insight.quotas import Allowance


def billable(views: Views, account: str, allowance: Allowance, window: Window) -> Mapping[datetime, float | None]:
    """Day (00:00 UTC) → USD, for the days of which an hour was read; the allowance is that of each whole day.

    None where nothing is known yet, and where all that was used has no price. What has no price is missing in a sum.
    """
    owner = ("account", (account,))
    found: dict[datetime, float | None] = {}
    for pairs in of_family(views, (owner,), burns=False):
        for row in views.view(Query("requests", window, ("day",), ("cost_usd",), pairs)).rows:
            price = row.values[0] or (None if row.unknown else 0.0)
            found[row.key[0]] = plus(found.get(row.key[0]), price)
    for hour, trust in views.known("requests", window, (account,)).items():
        if day_of(hour) not in found and trust is Trust.SETTLED:
            found[day_of(hour)] = 0.0
    if allowance.is_paid:
        for row in views.view(Query("neurons", window, ("day",), ("neurons",), (owner,))).rows:
            over = max((row.values[0] or 0.0) - allowance.neurons, 0.0) * USD_PER_NEURON
            found[row.key[0]] = plus(found.get(row.key[0]), over or None)
    return found
