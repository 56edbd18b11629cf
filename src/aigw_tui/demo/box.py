"""The box: an account, or several, behind Cloudflare's API, asked with a request and answering with a reply."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from aigw_tui.demo import queries, worker
from aigw_tui.demo.accounts import accounts
from aigw_tui.demo.asked import Asked
from aigw_tui.demo.budget import USER, Budget
from aigw_tui.demo.catalogue import ACCOUNT_ID, ACCOUNT_NAME, ACCOUNT_TOKEN, TOKEN
from aigw_tui.demo.envelope import WRONG_METHOD
from aigw_tui.demo.gateway import through_gateway
from aigw_tui.demo.limits import Limits
from aigw_tui.demo.question import Json
from aigw_tui.demo.refusal import BUDGET, Refusal
from aigw_tui.demo.reply import Reply, reply
from aigw_tui.demo.rest import rest
from aigw_tui.demo.token import token_of, turned_away
from aigw_tui.demo.weather import story_start
from aigw_tui.model import Clock, Count, day_of

__all__ = ["ACCOUNT_ID", "ACCOUNT_NAME", "ACCOUNT_TOKEN", "TOKEN", "Box", "Limits", "Reply", "story_start"]

PREFIX = "/client/v4"
NO_LIMITS_SET = Limits()


class Box:
    """The day on which its clock stands when it is made is the story's day. Safe for threads."""

    def __init__(self, clock: Clock, seed: int = 1, *, limits: Limits = NO_LIMITS_SET) -> None:
        self.limits = limits
        self._clock = clock
        self.accounts = accounts(seed, clock.now().date(), limits.accounts)
        """By id."""
        self.account = self.accounts[ACCOUNT_ID]
        self._lock = Lock()
        self._budget = Budget()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """`path` with its query string; an error is a reply like any other. Never raises for what it is sent."""
        lower = {name.lower(): value for name, value in headers.items()}
        route, _, query = path.partition("#")[0].partition("?")
        token = token_of(lower)
        with self._lock:
            reach = {ACCOUNT_ID: self.account} if token == ACCOUNT_TOKEN else self.accounts
            asked = Asked(reach, self.limits, self._clock.now())
            if route == worker.PATH:
                return worker.quota(self.account, method, lower, asked.now)
            if route.startswith("/v1/"):
                return through_gateway(asked, method, route.removeprefix("/v1"), lower, body)
            if route == f"{PREFIX}/graphql":
                by_account = lower.get("x-rate-limit-type", "").strip().lower() == "account-based"
                status, payload = self._graphql(asked, method, token, body, by_account=by_account)
            else:
                below = route.removeprefix(PREFIX) if route.startswith(f"{PREFIX}/") else ""
                status, payload = rest(asked, token, method, below, query, body)
        return reply(status, payload, asked.now, lower)

    def counted(self) -> tuple[Count, ...]:
        """What the Worker's counter said every ten minutes since midnight, up to now."""
        now = self._clock.now()
        since = (now - day_of(now)) // worker.STEP
        with self._lock:
            return tuple(worker.counts(self.account, *(day_of(now) + worker.STEP * n for n in range(1, since + 1))))

    def _graphql(self, asked: Asked, method: str, token: str, body: bytes, *, by_account: bool) -> tuple[int, Json]:
        if refusal := turned_away(token, "/graphql"):
            return refusal
        if method != "POST":
            return WRONG_METHOD
        whom = (by_account and queries.accounts_asked(asked, body)) or {USER}
        if not self._budget.take(whom, self._clock.monotonic(), self.limits.queries):
            return 200, queries.refuse(asked, Refusal(BUDGET, code="budget"))
        return 200, queries.answer(asked, body)
