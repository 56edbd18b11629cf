"""One account's examination: its token, permissions, gateways, datasets and data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from aigw_tui.checkup.traffic import evidence
from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.rest import Token
from aigw_tui.datasets import Dataset, all_datasets, live_datasets
from aigw_tui.errors import AigwError, AuthError, BudgetError, ConfigError, ForbiddenError, TransientError
from aigw_tui.insight import checkdata, checkgateways, checkmachine, checktoken
from aigw_tui.insight.checkup import Check, cannot_tell, fails, of_error, ok, warning
from aigw_tui.insight.permissions import GATEWAYS, MODELS
from aigw_tui.model import HOUR, Clock, Gateway, Window
from aigw_tui.source import Question

OFFLINE = (TransientError, BudgetError)
TOKEN, ALLOWED, GATEWAY, DATA = "token", "permissions", "gateways", "data"


class Examination:
    """Asks one account. `gateways`: names or globs that are watched; `metadata_key`: any key of requests' metadata."""

    def __init__(
        self, client: Client, clock: Clock, account: str, *, source: str, gateways: Sequence[str], metadata_key: str
    ) -> None:
        self._client, self._clock, self._account = client, clock, account
        self._source, self._wanted, self._key = source, gateways, metadata_key
        self._gateways: tuple[Gateway, ...] | None = None
        self._stored: dict[str, int] = {}

    async def checks(self) -> AsyncIterator[Check]:
        """In the order of asking. Where nothing answers, or the token is refused, the rest is not asked."""
        token = await self._token()
        yield replace(token[0], group=TOKEN)
        if token[1] is None:
            why = f"not asked: {token[0].words}"
            for name, group in (("permissions", ALLOWED), ("gateways", GATEWAY), ("last 24 h", DATA)):
                yield replace(cannot_tell(name, why, is_essential=True), group=group)
            return
        yield replace(await self._reach(token[1]), group=TOKEN)
        for check in (*await self._datasets(), *await self._rest()):
            yield replace(check, group=ALLOWED)
        for check in await self._bounds():
            yield replace(check, group=DATA)
        for check in self._of_gateways():
            yield replace(check, group=GATEWAY)
        now = self.now()
        seen = await evidence(self._client, self._account, now, self._wanted, self._gateways)
        yield replace(checkdata.traffic(seen), group=DATA)
        skew = self._client.rest.skew
        yield replace(checkgateways.skew(skew.total_seconds() if skew is not None else None), group=DATA)
        yield replace(checkmachine.requests_left(*self._client.budget), group=DATA)

    def now(self) -> datetime:
        """By the server's clock, where it is known."""
        skew = self._client.rest.skew
        now = self._clock.now()
        return now if skew is None or abs(skew.total_seconds()) < 2 else now + skew

    async def _token(self) -> tuple[Check, Token | None]:
        """No token: there is nothing more to ask."""
        try:
            token = await self._client.rest.token(self._account)
        except ConfigError as error:
            return fails("token", error.why, error.remedy), None
        except AuthError as error:
            return await self._unverified(error)
        except AigwError as error:
            return of_error("token", error), None
        found = checktoken.standing(token.owner, token.status, token.expires, self.now())
        return replace(found, words=f"{found.words}; from {self._source}", is_essential=True), token

    async def _unverified(self, error: AuthError) -> tuple[Check, Token | None]:
        """What Cloudflare's verification does not know may still work: a real call tells."""
        try:
            await self._client.gateways(self._account)
        except AigwError:
            return fails("token", f"{error.why}; from {self._source}", error.remedy), None
        words = f"it answers, though its verification says {error.why}; from {self._source}"
        return cannot_tell("token", words, "make a new one if it stops working"), Token("", "")

    async def _reach(self, token: Token) -> Check:
        try:
            return checktoken.reach(await self._client.rest.allowed(self._account, token))
        except AigwError as error:
            return checktoken.reach(None, error.why)

    async def _datasets(self) -> list[Check]:
        """Each is asked alone, so that nothing hides behind another's refusal."""
        return [await self._dataset(one) for one in (*all_datasets(), *live_datasets())]

    async def _dataset(self, one: Dataset) -> Check:
        takes_argument = any(key.argument for key in one.keys)
        now = self.now()
        question = Question(
            one,
            Window(now - HOUR, now),
            by=one.asks[0] if one.asks else None,
            argument=self._key if takes_argument else "",
        )
        try:
            (reading,) = (await self._client.fetch(self._account, (question,))).readings
        except AigwError as error:
            # The token was verified, so a refusal is about what it may.
            return checkdata.answered(one.name, 0, 0, _as_permission(error), not one.asks)
        if reading.truncated:
            return ok(f"dataset {one.name}", "answers: more rows in the last hour than one page holds")
        if one.name == "storage":
            self._stored = {str(row[0]): int(row[1]) for row in reading.rows if row[1] is not None}
        return checkdata.answered(one.name, len(reading.rows), reading.refused, reading.error, not one.asks)

    async def _rest(self) -> list[Check]:
        found = []
        try:
            self._gateways = await self._client.gateways(self._account)
            found.append(ok(GATEWAYS, f"granted: {len(self._gateways)} listed"))
        except AigwError as error:
            found.append(_refused(GATEWAYS, error))
        try:
            prices = await self._client.prices(self._account)
            found.append(ok(MODELS, f"granted: {len(prices)} models with prices"))
        except AigwError as error:
            if isinstance(error, OFFLINE):
                found.append(of_error(MODELS, error, is_essential=False))
            else:
                found.append(
                    warning(MODELS, f"refused: {error.why}", f"give the token {MODELS}; the built-in prices are used")
                )
        return found

    async def _bounds(self) -> list[Check]:
        try:
            bounds = await self._client.bounds(self._account)
        except AigwError as error:
            return [of_error("limits", error, is_essential=False)]
        nodes = {one.node: bounds[one.name] for one in (*live_datasets(), *all_datasets())}
        found = [
            checkdata.limits(node, said.max_window, said.oldest, said.page, said.fields)
            for node, said in nodes.items()
            if said.enabled
        ]
        for name, said in bounds.items():
            found += checkdata.missing(name, said.unavailable)
        return found

    def _of_gateways(self) -> list[Check]:
        if self._gateways is None:
            return [cannot_tell("gateways", "they may not be listed, see above")]
        found = list(checkgateways.exist(self._wanted, [one.id for one in self._gateways]))
        return found + [checkgateways.settings(one, self._stored.get(one.id)) for one in self._gateways]


def _as_permission(error: AigwError) -> AigwError:
    return ForbiddenError(error.why) if isinstance(error, AuthError) else error


def _refused(permission: str, error: AigwError) -> Check:
    if isinstance(error, OFFLINE):
        return of_error(permission, error)
    return fails(permission, f"refused: {error.why}", f"give the token {permission}")
