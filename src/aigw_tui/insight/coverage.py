"""How far a stretch of several hours can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from aigw_tui.model import Trust


def trust_of(hours: Iterable[datetime], known: Mapping[datetime, Trust]) -> Trust | None:
    """The worst of its hours (those that have begun); with some of them never read it fills, with all it is None."""
    trusts = [known.get(hour) for hour in hours]
    read = [trust for trust in trusts if trust is not None]
    if not read:
        return None
    return max(read) if len(read) == len(trusts) else max(*read, Trust.FILLING)
