"""The one sitting: token, account, gateway, configuration, calls to paste, in this order."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from aigw_tui.arrival import choices, leaving, tokens
from aigw_tui.arrival.dialogue import Dialogue
from aigw_tui.arrival.reception import Reception, check_may_edit
from aigw_tui.checkup.doors import Doors, doors
from aigw_tui.cloudflare.rest import Token
from aigw_tui.config import Config
from aigw_tui.errors import AuthError, ConfigError
from aigw_tui.format import age
from aigw_tui.insight import checkgateways, checktoken
from aigw_tui.insight.checkup import Check, State
from aigw_tui.model import Gateway
from aigw_tui.outlets import checklist, snippets
from aigw_tui.secret import Secret

T = TypeVar("T")


class Sitting:
    """Questions to the person are asked outside of `runner`, where Ctrl-C ends them at once."""

    def __init__(self, args: argparse.Namespace, runner: asyncio.Runner) -> None:
        self._args, self._runner = args, runner
        self._talk = Dialogue(is_quiet=args.quiet)
        self._path, self._config = tokens.settings(args)

    def hold(self) -> None:
        """Raises AigwError. A token that was not pasted just now and is refused may be pasted anew, once."""
        token, is_new = tokens.given(self._path, self._config, self._talk)
        try:
            self._with(token, is_new)
        except AuthError:
            if not self._talk.can_ask or self._config.is_demo:
                raise
            self._talk.tell("Cloudflare refuses this token.")
            self._with(*tokens.asked(self._talk))

    def _with(self, token: Secret, is_new: bool) -> None:
        knock = doors(self._config, self._args, lambda _: token)
        desk = Reception(knock.client(""), knock.clock, self._args.wait, self._talk.tell)
        try:
            self._settle(desk, token if is_new else None, knock)
        finally:
            self._run(desk.close())

    def _settle(self, desk: Reception, token: Secret | None, knock: Doors) -> None:
        args, config, talk = self._args, self._config, self._talk
        known = self._run(desk.token(next(iter(config.account), "")))
        account = choices.account(config.account, self._run(desk.accounts()), talk)
        found = self._run(desk.gateways(account))
        allowed, why = self._run(desk.allowed(account, known))
        chosen = None
        if args.create_gateway:
            choices.check_new(args.create_gateway, found)
            check_may_edit(account, allowed)
        else:
            chosen = choices.gateway(config.gateway, found, talk)
        name = args.create_gateway or (chosen.id if chosen else "")
        accounts = [account, *config.account[1:]]
        plan = None if args.print or config.is_demo else self._plan(accounts, name, token)
        if args.create_gateway:
            self._consent(account)
            chosen = self._run(desk.create(account, args.create_gateway, args.cache_ttl))
            talk.tell(f"Made: the gateway {chosen.id}.")
        self._advise(known, checktoken.reach(allowed, why), found, chosen, knock.clock.now())
        if plan:
            talk.tell(*(f"Written: {path}" for path in plan.carry_out()))
            talk.tell("Now run aigw-tui; where figures are missing, aigw-tui doctor says why.")
        self._hand_out(accounts, chosen, next(iter(found or ()), None))

    def _plan(self, accounts: list[str], gateway: str, token: Secret | None) -> leaving.Plan:
        wanted: dict[str, str | list[str]] = {"account": accounts}
        if gateway:
            wanted["gateway"] = [gateway]
        if self._config.base_url != Config().base_url:
            wanted["base_url"] = self._config.base_url
        return leaving.plan(self._path, wanted, token, self._talk, self._args.force)

    def _consent(self, account: str) -> None:
        """Says what will be made, and asks. Raises ConfigError where that is not wanted, or nobody can say so."""
        name, ttl_s = self._args.create_gateway, self._args.cache_ttl
        cache = f"answers cached for {age(ttl_s)}" if ttl_s else "no cache"
        self._talk.tell(f"This makes the gateway {name} in the account {account}: logs on, {cache}, no rate limit.")
        if self._args.yes:
            return
        if not self._talk.can_ask:
            raise ConfigError("nobody can be asked whether the gateway shall be made", "add --yes")
        if not self._talk.agrees("Make it?"):
            raise ConfigError("no gateway was made, and nothing was written", "run aigw-tui setup without it")

    def _advise(
        self, token: Token, reach: Check, found: Sequence[Gateway] | None, chosen: Gateway | None, now: datetime
    ) -> None:
        """What is good to know before one goes on: what is not as it should be, and what cannot be told."""
        checks = [checktoken.standing(token.owner, token.status, token.expires, now), reach]
        if chosen:
            checks.append(checkgateways.settings(chosen, None))
        elif found is None:
            checks.append(
                Check("gateways", State.CANNOT_TELL, "the token may not list them", "give it AI Gateway: Read")
            )
        else:
            checks += checkgateways.exist((), [one.id for one in found])
            checks += [checkgateways.settings(one, None) for one in found]
        self._talk.tell("", *checklist.lines(checks), "")

    def _hand_out(self, accounts: Sequence[str], chosen: Gateway | None, first: Gateway | None) -> None:
        """The calls, on stdout; with `--print` the .env is there, and nothing else."""
        gateway = chosen or first
        if self._args.print:
            sys.stdout.write(snippets.dotenv(accounts, chosen.id if chosen else ""))
            return
        if gateway is None:
            self._talk.tell("Without a gateway there is no call to print.")
            return
        today = datetime.now(UTC).date().isoformat()
        sys.stdout.write(snippets.all_calls(accounts[0], gateway, today))

    def _run(self, act: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(act)
