"""The box: one account behind Cloudflare's API, asked with a request and answering with a reply."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from threading import Lock

from aigw_tui.demo import queries
from aigw_tui.demo.account import Account
from aigw_tui.demo.catalogue import ACCOUNT_ID, ACCOUNT_NAME, ACCOUNT_TOKEN, TOKEN
from aigw_tui.demo.envelope import WRONG_METHOD
from aigw_tui.demo.limits import Limits
from aigw_tui.demo.refusal import BUDGET, Refusal
from aigw_tui.demo.reply import Reply, reply
from aigw_tui.demo.resolvers import Asked
from aigw_tui.demo.rest import rest
from aigw_tui.demo.token import token_of, turned_away
from aigw_tui.demo.weather import story_start
from aigw_tui.model import Clock

__all__ = ["ACCOUNT_ID", "ACCOUNT_NAME", "ACCOUNT_TOKEN", "TOKEN", "Box", "Limits", "Reply", "story_start"]

PREFIX = "/client/v4"
NO_LIMITS_SET = Limits()
BUDGET_SPAN_S = 300


class Box:
    """The day on which its clock stands when it is made is the story's day. Safe for threads."""

    def __init__(self, clock: Clock, seed: int = 1, *, limits: Limits = NO_LIMITS_SET) -> None:
        self.limits = limits
        self._clock = clock
        self.account = Account(seed, clock.now().date())
        self._lock = Lock()
        self._queries: deque[float] = deque()
        """When the GraphQL queries of the last five minutes came, by the monotonic clock."""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """`path` with its query string; an error is a reply like any other. Never raises for what it is sent."""
        lower = {name.lower(): value for name, value in headers.items()}
        route, _, query = path.partition("#")[0].partition("?")
        with self._lock:
            asked = Asked(self.account, self.limits, self._clock.now())
            if route == f"{PREFIX}/graphql":
                status, payload = self._graphql(asked, method, token_of(lower), body)
            else:
                below = route.removeprefix(PREFIX) if route.startswith(f"{PREFIX}/") else ""
                status, payload = rest(asked, token_of(lower), method, below, query)
        return reply(status, payload, asked.now, lower)

    def _graphql(self, asked: Asked, method: str, token: str, body: bytes) -> tuple[int, queries.Json]:
        if refusal := turned_away(token, "/graphql"):
            return refusal
        if method != "POST":
            return WRONG_METHOD
        if not self._may_query():
            return 200, queries.refuse(asked, Refusal(BUDGET, code="budget"))
        return 200, queries.answer(asked, body)

    def _may_query(self) -> bool:
        """Counts the query when the budget still has room for it."""
        now = self._clock.monotonic()
        while self._queries and self._queries[0] <= now - BUDGET_SPAN_S:
            self._queries.popleft()
        if len(self._queries) >= self.limits.queries:
            return False
        self._queries.append(now)
        return True
