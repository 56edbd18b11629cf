"""Cloudflare asked directly, without history: the accounts and gateways that the words name, and a client for each."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from aigw_tui.errors import ConfigError, ForbiddenError, LimitError
from aigw_tui.globs import GLOB, named
from aigw_tui.words import config_of, demo_clock

if TYPE_CHECKING:
    from aigw_tui.cloudflare.client import Client
    from aigw_tui.config import Config
    from aigw_tui.demo.box import Box
    from aigw_tui.model import Clock, Gateway
    from aigw_tui.transport import Transport

NO_TOKEN = ("there is no API token", "set CLOUDFLARE_API_TOKEN, run aigw-tui setup, or add --demo")
T = TypeVar("T")


class Place(NamedTuple):
    """A gateway of an account."""

    account: str
    gateway: Gateway


@dataclass(frozen=True, slots=True)
class Reach:
    """What these words, this configuration and this clock reach."""

    args: argparse.Namespace
    config: Config
    clock: Clock
    runner: asyncio.Runner
    box: Box | None = None
    """The built-in account, when it is watched."""
    _transports: dict[object, Transport] = field(default_factory=dict)

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine; Ctrl-C ends it at once."""
        return self.runner.run(act)

    def transport(self, account: str = "") -> Transport:
        """To the API, with that account's token; accounts with the same token share one."""
        from aigw_tui.assembly import DEMO_SERVER
        from aigw_tui.secret import Secret
        from aigw_tui.transport import InProcess, Transport

        if self.box:
            from aigw_tui.demo.box import TOKEN

            box = self.box
            return self._kept("demo", lambda: Transport(DEMO_SERVER, Secret(TOKEN), inner=InProcess(box.answer)))
        token = partial(self.config.token, account)
        place = self.config.for_account(account).token_place
        return self._kept(id(place), lambda: Transport(self.config.base_url, token))

    def gateway_transport(self, account: str, gateway: Gateway) -> Transport:
        """To the gateways, with the token that runs models and, for authenticated ones, the gateways' own."""
        from aigw_tui.cloudflare.through import GATEWAY_TOKEN, gateways_url
        from aigw_tui.transport import InProcess, Transport

        if self.box:
            from aigw_tui.assembly import DEMO_SERVER
            from aigw_tui.demo.box import TOKEN
            from aigw_tui.secret import Secret

            demo = Secret(TOKEN)
            inner = InProcess(self.box.answer)
            return Transport(gateways_url(DEMO_SERVER), demo, also={GATEWAY_TOKEN: demo}, inner=inner)
        own = {GATEWAY_TOKEN: partial(self.config.gateway_token, account)}
        also = own if gateway.is_authenticated is not False else {}
        return Transport(gateways_url(self.config.base_url), partial(self.config.token, account), also=also)

    def client(self, account: str = "") -> Client:
        from aigw_tui.cloudflare.client import Client

        return Client(self.transport(account), self.clock)

    async def accounts(self) -> dict[str, str]:
        """Id → label of the accounts that the words or the configuration name, else of all that the token sees.

        Raises ConfigError where there is none, or a word that means none.
        """
        words = self.config.account
        labels = {one.id: one.label for one in self.config.accounts if one.label}
        if not words or not all(map(_is_id, words)):
            labels = {**dict(await self.client().accounts()), **labels}
        if not words:
            found = tuple(labels)
        else:
            ids = {label: account for account, label in labels.items()}
            known = (*ids, *labels)
            names = (name for word in words for name in ((word,) if _is_id(word) else named("account", (word,), known)))
            found = tuple(dict.fromkeys(ids.get(name, name) for name in names))
        if not found:
            raise ConfigError("the token names no account", "set CLOUDFLARE_ACCOUNT_ID")
        return {account: labels.get(account) or account[:8] for account in found}

    async def places(self, accounts: Sequence[str]) -> tuple[Place, ...]:
        """The gateways that the words name, else all. Raises ConfigError for a stranger, AigwError for a refusal."""
        words, found = self.config.gateway, []
        for account in accounts:
            try:
                gateways = await self.client(account).gateways(account)
            except (ForbiddenError, LimitError):
                if not words or any(GLOB & {*word} for word in words):
                    raise
                gateways = tuple(_unknown(word) for word in words)
            found += [Place(account, gateway) for gateway in gateways]
        known = tuple(dict.fromkeys(place.gateway.id for place in found))
        if not known:
            raise ConfigError("there is no gateway yet", "create one: aigw-tui setup --create-gateway NAME")
        chosen = named("gateway", words, known) if words else known
        return tuple(place for place in found if place.gateway.id in chosen)

    async def close(self) -> None:
        for transport in self._transports.values():
            await transport.close()

    def _kept(self, key: object, make: Callable[[], Transport]) -> Transport:
        if key not in self._transports:
            self._transports[key] = make()
        return self._transports[key]


@contextmanager
def reached(args: argparse.Namespace) -> Iterator[Reach]:
    """For these words; everything is closed at the end. Raises ConfigError where there is no token."""
    from aigw_tui.assembly import demo_start
    from aigw_tui.clock import SystemClock

    config = config_of(args)
    clock: Clock = SystemClock()
    box = None
    if args.demo:
        from aigw_tui.demo.box import Box

        now = clock.now()
        clock = demo_clock(args, now if args.at else demo_start(now))
        box = Box(clock, seed=1 if args.seed is None else args.seed)
    elif not config.has_token:
        raise ConfigError(*NO_TOKEN)
    with asyncio.Runner() as runner:
        reach = Reach(args, config, clock, runner, box)
        try:
            yield reach
        finally:
            runner.run(reach.close())


def _is_id(word: str) -> bool:
    return len(word) == 32 and all(character in "0123456789abcdef" for character in word)


def _unknown(name: str) -> Gateway:
    from aigw_tui.model import Gateway

    return Gateway(name)
