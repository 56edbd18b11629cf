"""How many GraphQL queries five minutes have room for."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

SPAN_S = 300
USER = ""
"""Whom a query counts for that names no account, or does not ask to be counted by account."""


class Budget:
    """Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._queries: defaultdict[str, deque[float]] = defaultdict(deque)
        """When the queries of the last five minutes came, by whom they count for."""

    def take(self, whom: Iterable[str], now: float, most: int) -> bool:
        """Counts a query for each of them when all have room for it; otherwise for none."""
        queues = [self._queries[each] for each in whom]
        for queue in queues:
            while queue and queue[0] <= now - SPAN_S:
                queue.popleft()
        if any(len(queue) >= most for queue in queues):
            return False
        for queue in queues:
            queue.append(now)
        return True
