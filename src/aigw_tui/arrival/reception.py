"""Cloudflare's side of the setting up: whether it knows the token, and what the token sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.rest import Token
from aigw_tui.errors import AigwError, AuthError, ForbiddenError
from aigw_tui.format import whole
from aigw_tui.insight.permissions import EDIT, may_edit_gateways
from aigw_tui.model import Clock, Gateway

PAUSES_S = (2, 4, 8, 16, 30)
"""A new token may be unknown here and there for a minute."""


class Reception:
    """Asks with one token. `wait_s`: how long an unknown token may stay unknown; `tell`: says why it takes long."""

    def __init__(self, client: Client, clock: Clock, wait_s: float, tell: Callable[[str], None]) -> None:
        self._client, self._clock, self._wait_s, self._tell = client, clock, wait_s, tell

    async def token(self, account: str) -> Token:
        """The token as a user's, or as that account's, or as that of any account it lists. Raises AuthError."""
        waited_s = 0.0
        for pause_s in (*PAUSES_S, None):
            try:
                return await self._whose(account)
            except AuthError:
                if pause_s is None or waited_s + pause_s > self._wait_s:
                    raise
                self._tell(
                    f"Cloudflare does not know this token; a new one may take a minute. Asking again in {pause_s} s."
                )
                await self._clock.sleep(pause_s)
                waited_s += pause_s
        raise AssertionError("the last try returns or raises")

    async def _whose(self, account: str) -> Token:
        try:
            return await self._client.rest.token(account)
        except AuthError:
            if account or not (listed := await self.accounts()):
                raise
            return await self._client.rest.token(next(iter(listed)))

    async def accounts(self) -> Mapping[str, str]:
        """Id → name; a narrow token may see none, or be refused the list, and still work."""
        try:
            return dict(await self._client.accounts())
        except (AuthError, ForbiddenError):
            return {}

    async def gateways(self, account: str) -> tuple[Gateway, ...] | None:
        """None where the token may not list them."""
        try:
            return await self._client.gateways(account)
        except (AuthError, ForbiddenError):
            return None

    async def allowed(self, account: str, token: Token) -> tuple[tuple[str, ...] | None, str]:
        """The permission groups of the token; None, and why, where it may not read them."""
        try:
            return await self._client.rest.allowed(account, token), ""
        except AigwError as error:
            return None, error.why

    async def create(self, account: str, name: str, cache_ttl_s: int) -> Gateway:
        """Raises ForbiddenError, with the way to the permission, where the token may only look."""
        try:
            return await self._client.rest.create(account, name, cache_ttl_s)
        except (AuthError, ForbiddenError) as error:
            raise no_edit(account, error.why) from None

    async def close(self) -> None:
        await self._client.close()


def check_may_edit(account: str, allowed: tuple[str, ...] | None) -> None:
    """Raises ForbiddenError where it is known that the token may not create; unknown is no obstacle."""
    if allowed is not None and not may_edit_gateways(allowed):
        raise no_edit(account, f"this token may do {whole(len(allowed))} things, and {EDIT} is none of them")


def no_edit(account: str, why: str) -> ForbiddenError:
    return ForbiddenError(
        f"no gateway can be created: {why}",
        f"make a token with {EDIT} for this once and pass it with --token-file, or create the gateway at "
        f"https://dash.cloudflare.com/{account}/ai/ai-gateway",
    )
